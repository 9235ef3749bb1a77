"""Numbers by which an organisation is known, each in its one form, and its postcode."""

import re
from typing import Any

from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren, siret

from refurb.kernel.web.fields import Text, Wrong

# W, the three signs of the prefecture or its clerk's office (« 863 », « 2A1 », « 9R1 ») and six digits (arrêté du 14 octobre 2009,
# répertoire national des associations). Associations of Alsace-Moselle have none.
_RNA = re.compile(r"W\d[0-9A-Z]\d{7}\Z", re.ASCII)
_POSTCODE = re.compile(r"\d{5}\Z", re.ASCII)


def read_number(typed: str) -> dict[str, str]:
    """A SIREN, a SIRET (with its SIREN) or a number of the RNA, by the names of the columns; raises `Wrong` with what is wrong.

    La Poste's establishments have a rule of their own, which `stdnum` knows.
    """
    signs = "".join(each for each in typed.upper() if each.isalnum())
    if signs.startswith("W"):
        if not _RNA.match(signs):
            raise Wrong("field.rna")
        return {"rna": signs}
    if not signs.isdecimal() or len(signs) not in {9, 14}:
        raise Wrong("field.organisation_number", length=len(signs))
    try:
        if len(signs) == 14:
            number = str(siret.validate(signs))
            return {"siren": number[:9], "siret": number}
        return {"siren": str(siren.validate(signs))}
    except NumberError:
        raise Wrong("field.siret" if len(signs) == 14 else "field.siren_key") from None


class OrganisationNumbers(Text):
    """Any number that tells an organisation, loaded as `read_number` gives it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return read_number(text) if text else None


class InseeNumbers(OrganisationNumbers):
    """A SIREN or a SIRET."""

    attrs = {"inputmode": "numeric"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        numbers = super()._deserialize(value, attr, data, **kwargs)
        if numbers and "rna" in numbers:
            raise Wrong("field.organisation_number", length=10)
        return numbers


class Rna(Text):
    """A number of the national register of associations."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            return text
        if not text.strip().upper().startswith("W"):
            raise Wrong("field.rna")
        return read_number(text)["rna"]


class PostalCode(Text):
    """Five digits."""

    attrs = {"inputmode": "numeric", "autocomplete": "off"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = "".join(super()._deserialize(value, attr, data, **kwargs).split())
        if text and not _POSTCODE.match(text):
            raise Wrong("field.postcode")
        return text
