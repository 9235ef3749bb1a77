"""What was said of where an organisation is, against the list of communes."""

from refurb.directory.communes import commune_named, communes_of
from refurb.kernel.speech.errors import Fault, Invalid

MOST_NAMED = 12


def read_place(postcode: str | None, place: str | None) -> dict[str, str | None]:
    """The columns `postcode`, `place` and `commune_code`: one commune of the postcode is named by itself, several are asked for.

    A postcode that the list does not know (Cedex) is kept with the name as it was typed, and no code. Raises `Invalid` on `place`.
    """
    postcode, place = postcode or None, place or None
    offered = communes_of(postcode) if postcode else []
    if postcode is None or not offered:
        return {"postcode": postcode, "place": place, "commune_code": None}
    found = commune_named(postcode, place) if place else offered[0] if len(offered) == 1 else None
    if found is None:
        names = ", ".join(each.name for each in offered[:MOST_NAMED]) + ("…" if len(offered) > MOST_NAMED else "")
        code = "organisation.other_commune" if place else "organisation.which_commune"
        raise Invalid({"place": [Fault(code, postcode=postcode, names=names)]})
    return {"postcode": postcode, "place": found.name, "commune_code": found.code}
