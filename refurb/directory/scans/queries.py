"""The one resolver of scans: what a text means to whoever scanned it, and what can be done with that now."""

from refurb.directory.actions import CodeUnknown
from refurb.directory.queries import code_row
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.scans import Meaning, ScanCard
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.codes import find_code, spell
from refurb.kernel.speech.errors import Refusal


class NothingFound(Refusal):
    """What was scanned is neither a code of ours, nor a reference, nor a serial number that we know."""

    code = "scan.nothing_found"
    status = 404


def meaning_of(actor: Actor, typed: str) -> Meaning:
    """What was scanned or typed: a code of ours in any writing, else what one of the rooms knows by its number, the lowest room first.

    Raises `CodeUnknown` for a code that was never printed here, `NothingFound` for what means nothing. Of a person's card it only says
    that it is one: who may know more is asked where more is told.
    """
    typed = typed.strip()[:300]
    code = find_code(typed)
    row = code_row(code) if code else None
    if row is not None:
        return Meaning(row.subject_kind, row.subject_id, row.code)
    for read in wired().scan_readers:
        found = read(actor, typed)
        if found is not None:
            return found
    if code is not None:
        raise CodeUnknown(code=spell(code))
    raise NothingFound(typed=typed[:60])


def card_of(actor: Actor, meaning: Meaning) -> ScanCard:
    """What it is called, and what can be done with it now; raises `NotFound` for whoever may know nothing of it."""
    tell = wired().scan_cards.get(meaning.kind or "")
    if tell is not None and meaning.subject_id is not None:
        return tell(actor, meaning.subject_id)
    return ScanCard(url=meaning.url or f"/S/{meaning.text}")
