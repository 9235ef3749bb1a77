"""The maker and the model as people say them: « HP ProBook 450 », not « Hewlett-Packard HP ProBook 450 ». Raw reports keep both."""

import re

_LEGAL_FORM = re.compile(
    r"[,.]?\s+(?:inc|corp|corporation|co|ltd|limited|gmbh|s\.?a|b\.?v|computer|computers|technology)\.?,?\Z", re.IGNORECASE
)
_KNOWN = {
    "hewlett-packard": "HP",
    "hp": "HP",
    "asustek": "ASUS",
    "micro-star international": "MSI",
    "fujitsu siemens": "Fujitsu",
    "fujitsu client computing": "Fujitsu",
}
_LONGEST_INITIALS = 4


def brand(maker: str | None) -> str | None:
    """A maker's name without its legal form, and not shouted: « Dell Inc. » is Dell, LENOVO is Lenovo, ASUS stays."""
    if not maker:
        return maker
    name = maker.strip()
    while (shorter := _LEGAL_FORM.sub("", name).strip(" ,.")) != name and shorter:
        name = shorter
    if known := _KNOWN.get(name.casefold()):
        return known
    return name.capitalize() if name.isupper() and name.isalpha() and len(name) > _LONGEST_INITIALS else name


def model_name(model: str | None, maker: str | None) -> str | None:
    """A model without its maker's name in front, since the two are always shown together."""
    for name in (maker, brand(maker)):
        if model and name and model.casefold().startswith(f"{name.casefold()} "):
            model = model[len(name) + 1 :].strip()
    return model
