"""The committees of the demonstration: one that is closed, with its minutes, and one that is prepared for next week."""

from functools import partial

from sqlalchemy import select

from refurb.demo.diary import Cast, Diary
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import local
from refurb.referrals.committees.actions.agenda import make_agenda
from refurb.referrals.committees.actions.decisions import leave_room, note_decision
from refurb.referrals.committees.actions.plans import add_member, note_presence, plan_committee
from refurb.referrals.committees.models import Committee
from refurb.referrals.committees.queries import agenda_of
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.committees.words import LineReason, LineVerdict, Seat

PLACE = "Salle du conseil, Poitiers"
CALLED_OFF = "Commission d'attribution, séance de novembre"
HELD, COMING = "Commission d'attribution d'automne", "Commission d'attribution de décembre"
# Who sits: a name, for which partner, as what; those with an account by the name that the story has for it.
_SEATS = (
    ("Josiane Thibaudeau", None, None, Seat.CHAIR),
    (None, "coordinator", None, Seat.SECRETARY),
    (None, "member", None, Seat.MEMBER),
    (None, "ccas", "ccas", Seat.MEMBER),
    ("Nadège Pruvost", None, "mission", Seat.MEMBER),
    ("Sonia Braud", None, None, Seat.MEMBER),
)


def plan_sittings(cast: Cast, diary: Diary) -> None:
    """Note both in the diary."""
    diary.note(4, "15:15", partial(_plan, cast, diary, HELD, -3, 2))
    diary.note(3, "14:05", partial(_move, cast, HELD, "open"))
    diary.note(3, "14:40", partial(_decide, cast))
    diary.note_at(diary.instant(3, "15:22"), partial(_move, cast, HELD, "close", read_aloud=True))
    diary.note(6, "09:20", partial(_call_off, cast, diary))
    diary.note(1, "10:40", partial(_plan, cast, diary, COMING, 5, 12))


def _plan(cast: Cast, diary: Diary, title: str, days: int, most: int) -> None:
    """Who sits and what is on the agenda of a session so many working days after today."""
    coordinator = cast.actors["coordinator"]
    at = local(diary.instant(-days, "14:00")).replace(tzinfo=None)
    committee = plan_committee(coordinator, title=title, starts_at=at, place=PLACE, least_present=4)
    for name, account, partner, seat in _SEATS:
        number = cast.actors[account].id if account else None
        organisation = cast.organisations[partner].id if partner else None
        member = add_member(coordinator, committee, seat=seat, account_id=number, name=name, organisation_id=organisation)
        if name == "Sonia Braud":
            note_presence(coordinator, committee, member, comes=False)
    make_agenda(coordinator, committee, most=most)


def _call_off(cast: Cast, diary: Diary) -> None:
    at = local(diary.instant(-2, "09:30")).replace(tzinfo=None)
    committee = plan_committee(cast.actors["coordinator"], title=CALLED_OFF, starts_at=at, place=PLACE, least_present=4)
    committee_machine.fire(committee, "cancel", cast.actors["coordinator"])


def _committee(title: str) -> Committee:
    return db.session.scalars(select(Committee).where(Committee.title == title)).one()


def _move(cast: Cast, title: str, move: str, **facts: bool) -> None:
    committee_machine.fire(_committee(title), move, cast.actors["coordinator"], **facts)


def _decide(cast: Cast) -> None:
    """As it was proposed, but for one: put off with a question, so that the next in the reserve may come."""
    coordinator, committee = cast.actors["coordinator"], _committee(HELD)
    lines = agenda_of(committee)
    member = next(each for each in committee.members if each.name == "Nadège Pruvost")
    leave_room(coordinator, committee, lines[0], member, word="Connaît la famille")
    for number, line in enumerate(lines):
        if number == len(lines) - 1:
            note_decision(
                coordinator, committee, line.position, verdict=LineVerdict.LATER, reason=LineReason.INFORMATION,
                question="Un ordinateur fixe conviendrait-il, s'il est livré avec son écran ?",
            )  # fmt: skip
        else:
            note_decision(coordinator, committee, line.position, verdict=line.proposal, reason=line.proposal_reason)
