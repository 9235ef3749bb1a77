"""No paper of a donor says the code of a label: a family carries it out of the hall, and whoever gave the machine would know it again.

The papers name machines by their makers' serials. What somebody typed besides, a note or a model, may hold a code all the same: it is left
out of whatever the paper would say, by whichever way it was written.
"""

import re

from sqlalchemy import select

from refurb.directory.models import Code
from refurb.documents.actions import Draft
from refurb.documents.content import each_text
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import LENGTH, find_code

LEFT_OUT = "[…]"
_BETWEEN = r"[\s\u2010-\u2015\u2212-]*"
# Wherever one may begin, so that a word before it does not hide it.
_LIKE_ONE = re.compile(rf"(?<![0-9A-Za-z])(?=([0-9A-Za-z](?:{_BETWEEN}[0-9A-Za-z]){{{LENGTH - 1}}})(?![0-9A-Za-z]))")


def without_label_codes(draft: Draft) -> Draft:
    """The same draft, where every code of a label of ours is left out."""
    found: dict[str, None] = {}

    def note(text: str) -> str:
        found.update({code: None for each in _LIKE_ONE.findall(text) if (code := find_code(each))})
        return text

    each_text(draft, note)
    if not found:
        return draft
    labels = db.session.scalars(select(Code.code).where(Code.code.in_(list(found)), Code.subject_kind == Device.KIND)).all()
    if not labels:
        return draft
    spelled = re.compile("|".join(rf"(?<![0-9A-Za-z]){_spellings(code)}(?![0-9A-Za-z])" for code in labels), re.IGNORECASE)
    return each_text(draft, lambda text: spelled.sub(LEFT_OUT, text))


def _spellings(code: str) -> str:
    """One code as people write it: in groups or not, an I or an L for its 1."""
    return _BETWEEN.join("[1IL]" if sign == "1" else sign for sign in code)
