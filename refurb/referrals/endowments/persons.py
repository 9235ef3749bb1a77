"""What we know of whoever signed for an organisation, told to that person, and erased early where nothing binds."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from refurb.directory.durations import durations
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.persons import KnownFact, KnownPart, PersonFile, PersonKind, Tie
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.words import _, _l, moment
from refurb.referrals.endowed import Endowment
from refurb.referrals.endowments.retention import forget_endowments


def _file(found: Endowment | None) -> PersonFile | None:
    if found is None or not found.received_by or found.forgotten_at is not None:
        return None
    return PersonFile(Endowment.KIND, found.id, found.reference, found.received_by, f"/dotations/{found.reference}")


def _find(typed: str) -> PersonFile | None:
    return _file(db.session.scalar(select(Endowment).where(Endowment.reference == typed.strip().upper())))


def _open(number: int) -> PersonFile | None:
    return _file(db.session.get(Endowment, number))


def _known(number: int) -> Sequence[KnownPart]:
    found = db.session.get_one(Endowment, number)
    assert found.handed_at is not None, "a file of whoever signed"
    until = durations().agreed.after(local(found.handed_at).date())
    source = found.organisation.name
    told: tuple[tuple[Any, Any], ...] = (
        (_l("Reçus par"), found.received_by),
        (_l("Structure"), source),
        (_l("Remis le"), moment(found.handed_at)),
        (_l("Lieu de la remise"), found.place),
        (_l("Bon de dotation"), found.paper.reference if found.paper else None),
    )
    return [KnownPart(_l("Ce qui est écrit"), [KnownFact(label, value, source, until) for label, value in told if value])]


def _ties(number: int) -> Sequence[Tie]:
    """A slip that waits for its signature is signed first."""
    found = db.session.get_one(Endowment, number)
    if found.is_signed:
        return []
    return [Tie(_("Le bon de la dotation %(reference)s n'est pas signé : il se signe d'abord.", reference=found.reference))]


def _erase(number: int) -> None:
    forget_endowments([number])


SIGNED_FOR = PersonKind(
    kind=Endowment.KIND, label=_l("Signature pour une structure"), find=_find, open=_open, known=_known, ties=_ties, erase=_erase
)
