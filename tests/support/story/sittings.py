"""The committee of the story: who sits, which files are before it, what it decides."""

import datetime as dt
from collections.abc import Sequence

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.referrals.committees.actions.agenda import make_agenda
from refurb.referrals.committees.actions.decisions import note_decision
from refurb.referrals.committees.actions.plans import add_member, plan_committee
from refurb.referrals.committees.models import Committee, CommitteeLine
from refurb.referrals.committees.queries import agenda_of
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.committees.words import LineReason, LineVerdict, Seat
from tests.support.chapters import chapter
from tests.support.story import families, people

CHAIR = "Josiane Thibaudeau"
TITLE = "Commission d'attribution"


@chapter
def planned(*, least: int = 2, title: str = TITLE) -> Committee:
    """A session in a week, with who presides, the coordinator and somebody of the first partner."""
    coordinator = people.actor(Role.COORDINATOR)
    with unit_of_work():
        at = dt.datetime.combine(today() + dt.timedelta(days=7), dt.time(14, 0))
        committee = plan_committee(coordinator, title=title, starts_at=at, place="Salle du conseil, Poitiers", least_present=least)
        add_member(coordinator, committee, seat=Seat.CHAIR, name=CHAIR)
        add_member(coordinator, committee, seat=Seat.SECRETARY, account_id=coordinator.id)
        add_member(coordinator, committee, seat=Seat.MEMBER, name="M. Ferrand", organisation_id=people.organisation("CCAS").id)
        return committee


@chapter
def prepared(files: int = 3, devices: int = 2, *, kind: DeviceKind = DeviceKind.MONITOR) -> Committee:
    """A session whose agenda was made: so many wait, so many devices are ready."""
    for _ in range(devices):
        families.ready(kind)
    for _ in range(files):
        families.waiting(device_kind=kind)
    committee = planned()
    with unit_of_work():
        make_agenda(people.actor(Role.COORDINATOR), committee, most=40)
    return committee


@chapter
def sitting(files: int = 3, devices: int = 2) -> Committee:
    """A session that is open."""
    committee = prepared(files, devices)
    fire(committee, "open")
    return committee


def fire(committee: Committee, move: str, **facts: object) -> None:
    """Make one move of the session, by the coordinator; it is read aloud before it closes."""
    if move == "close":
        facts = {"read_aloud": True, **facts}
    with unit_of_work():
        committee_machine.fire(committee, move, people.actor(Role.COORDINATOR), **facts)


def lines(committee: Committee) -> Sequence[CommitteeLine]:
    """The files of a session."""
    return agenda_of(committee)


def decide(committee: Committee, position: int, verdict: LineVerdict, reason: LineReason, **facts: object) -> CommitteeLine:
    """Note a decision, by the coordinator."""
    with unit_of_work():
        return note_decision(people.actor(Role.COORDINATOR), committee, position, verdict=verdict, reason=reason, **facts)  # type: ignore[arg-type]  # as a form sends them


def accept(committee: Committee) -> None:
    """Decide every file as it is proposed."""
    for line in lines(committee):
        if line.verdict is None:
            decide(committee, line.position, line.proposal, line.proposal_reason)
