"""What must hold before an organisation is given machines; each rule raises the refusal that says what is missing."""

from sqlalchemy import exists, select

from refurb.directory.organisations.queries import conventions_of
from refurb.directory.organisations.words import ConventionKind
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.referrals.endowed import Endowment, EndowmentLine

MOST = 60
"""Machines of one request."""


class NoEndowmentConvention(Refusal):
    """No convention about machines that are given is signed with the organisation and in force today."""

    code = "endowment.no_convention"


class NothingGranted(Refusal):
    """No machine is reserved for it: there is nothing to hand over."""

    code = "endowment.nothing_granted"


class OwnEndowment(Refusal):
    """Nobody decides on a request that she wrote herself, whatever her roles."""

    code = "endowment.own"


class EndowmentNotPrepared(Conflict):
    """What was granted left already, or is granted no more: no machine is put to it, and none taken off."""

    code = "endowment.not_prepared"


def has_its_convention(endowment: Endowment) -> None:
    """A signed convention about machines that are given is in force with the organisation."""
    conventions = conventions_of(endowment.organisation)
    if not any(each.kind is ConventionKind.ENDOWMENT and each.is_in_force(today()) for each in conventions):
        raise NoEndowmentConvention(name=endowment.organisation.name)


def has_machines(endowment: Endowment) -> None:
    """Something is reserved for it."""
    if not db.session.scalar(select(exists().where(EndowmentLine.endowment_id == endowment.id, EndowmentLine.closed_at.is_(None)))):
        raise NothingGranted


def is_anothers_request(endowment: Endowment, actor: Actor) -> None:
    """Who decides is not who wrote it."""
    if actor.id is not None and actor.id == endowment.asked_by:
        raise OwnEndowment(reference=endowment.reference)
