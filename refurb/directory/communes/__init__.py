"""Which communes a postcode is of, without asking anybody outside; the README says where the list comes from."""

import re
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from refurb.kernel.speech.folding import squeeze

LIST = Path(__file__).with_name("communes.zip")
_POSTCODE = re.compile(r"\d{5}\Z", re.ASCII)


class Commune(NamedTuple):
    """A commune of today: its code of the INSEE (five signs, « 2A004 » among them) and its name."""

    code: str
    name: str


def communes_of(postcode: str) -> list[Commune]:
    """The communes of a postcode, by name; none where it is no postcode, or one that only La Poste knows (Cedex).

    Nothing is kept in memory: the list lies in parts, one for each beginning of two digits, of which one is read.
    """
    if not _POSTCODE.match(postcode):
        return []
    with ZipFile(LIST) as parts:
        try:
            lines = parts.read(postcode[:2]).decode().splitlines()
        except KeyError:
            return []
    found = (line.split("\t") for line in lines if line.startswith(postcode))
    return [Commune(code, name) for _postcode, code, name in found]


def commune_named(postcode: str, name: str) -> Commune | None:
    """The commune of a postcode that is called so, however it is written: « st eloi » is not guessed, « SAINT ELOI » is read."""
    return next((each for each in communes_of(postcode) if squeeze(each.name) == squeeze(name)), None)
