"""What is on the agenda: made from the waiting order within stock and quotas, added to by hand; what leaves it by itself."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.queries.waiting import standings_of, waiting_kinds, waiting_list
from refurb.referrals.cases.replay import grounds_of
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.committees.models import Committee, CommitteeLine
from refurb.referrals.committees.proposals import propose
from refurb.referrals.committees.queries import agenda_of, free_devices, open_line_of, places_left
from refurb.referrals.committees.rules import FileWaits, OnAnotherAgenda, is_prepared, refuse_on_the_table, still_waits
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.committees.words import SUITS, CommitteeState, LineReason, LineVerdict
from refurb.referrals.models import Referral

RESERVES = 2
"""How many files of a kind are put on besides those for which there is a device, as a reserve."""
_ASIDE = 10_000


def hold_agendas(committee: Committee) -> None:
    """Hold every session that has an agenda, in one order: of two that set a device aside at the same moment, the second sees the first."""
    db.session.flush()
    has_one = Committee.state.in_([CommitteeState.PREPARED, CommitteeState.IN_SESSION])
    db.session.execute(select(Committee.id).where(has_one).order_by(Committee.id).with_for_update()).all()
    lock(committee)


def make_agenda(actor: Actor, committee: Committee, *, most: int) -> int:
    """Make the agenda anew: who waits, in the rule's order, while there is a device of the kind; how many files that are.

    Files that were put on by hand, proposed otherwise or decided on stay, after the others.
    """
    check(actor, Permission.REFERRAL_DECIDE)
    hold_agendas(committee)
    is_prepared(committee)
    kept = [each for each in agenda_of(committee) if each.by_hand or each.added_because or each.verdict]
    committee.lines[:] = kept
    db.session.flush()
    found = list(_who_comes_first(kept, max(0, most - len(kept))))
    _put_on(committee, found, kept)
    lines = agenda_of(committee)
    propose(lines)
    record(committee, "agenda_made", actor, files=len(lines))
    return len(lines)


def _who_comes_first(kept: Sequence[CommitteeLine], most: int) -> Iterator[Referral]:
    """Who waits and stands on no open agenda, kind by kind, as far as the devices go; a partner without a place left uses none."""
    places, asked = places_left(), dict(waiting_kinds())
    free = free_devices(asked)
    left = dict(places.left)
    for kind in asked:
        stock = len(free[kind]) - sum(each.referral.device_kind is kind and each.device_id is None for each in kept)
        reserves = RESERVES if stock > 0 else 0
        for referral in _in_order(kind, most):
            if most <= 0 or (stock <= 0 and reserves <= 0):
                break
            key = places.key(referral)
            if stock <= 0:
                reserves -= 1
            elif left.get(key, 1) > 0:
                stock -= 1
                left[key] = left.get(key, 1_000_000) - 1
            most -= 1
            yield referral


def _in_order(kind: Any, most: int) -> Sequence[Referral]:
    taken = select(CommitteeLine.referral_id).where(CommitteeLine.is_open)
    query = waiting_list(kind=kind).where(Referral.id.not_in(taken)).limit(max(0, most))
    rows = db.session.execute(query).all()
    found = db.session.scalars(
        select(Referral)
        .options(joinedload(Referral.partner), joinedload(Referral.beneficiary))
        .where(Referral.reference.in_([row.reference for row in rows]))
    )
    by_reference = {each.reference: each for each in found}
    return [by_reference[row.reference] for row in rows]


def _put_on(committee: Committee, referrals: Sequence[Referral], kept: Sequence[CommitteeLine]) -> None:
    """Files in their order, before those that stay."""
    for number, line in enumerate(kept, start=1):
        line.position = _ASIDE + number  # Two never share a place, not even while they are moved.
    db.session.flush()
    standings, at = standings_of(referrals), now()
    for position, referral in enumerate(referrals, start=1):
        committee.lines.append(_line(referral, position, grounds_of(referral, standings[referral.id], at)))
    db.session.flush()
    for position, line in enumerate(kept, start=len(referrals) + 1):
        line.position = position
    db.session.flush()


def _line(referral: Referral, position: int, grounds: dict[str, Any], because: str | None = None) -> CommitteeLine:
    return CommitteeLine(
        referral=referral,
        position=position,
        proposal=LineVerdict.RESERVE,
        proposal_reason=LineReason.NO_STOCK,
        policy_version=order().version,
        grounds=grounds,
        added_because=because,
    )


def add_file(actor: Actor, committee: Committee, referral: Referral, *, because: str) -> CommitteeLine:
    """Put a file on the agenda besides, with a reason. Raises `FileGone` where it does not wait, `OnAnotherAgenda`."""
    check(actor, Permission.REFERRAL_DECIDE)
    hold_agendas(committee)
    is_prepared(committee)
    lock(referral)
    stands = open_line_of(referral)
    if stands is not None:
        raise OnAnotherAgenda(reference=referral.reference, title=stands.committee.title)
    lines = agenda_of(committee)
    line = _line(referral, max((each.position for each in lines), default=0) + 1, {}, because)
    still_waits(line)
    line.grounds = grounds_of(referral, standings_of([referral])[referral.id], now())
    committee.lines.append(line)
    db.session.flush()
    propose(agenda_of(committee))
    record(committee, "file_added", actor, referral=referral.id)
    return line


def drop_file(actor: Actor, committee: Committee, line: CommitteeLine) -> None:
    """Take a file off the agenda. Raises `FileWaits` for one that the committee which sits can decide on."""
    check(actor, Permission.REFERRAL_DECIDE)
    hold_agendas(committee)
    if committee.state.is_in_session and line.referral.state.is_waiting:
        raise FileWaits(reference=line.referral.reference)
    if not committee.state.is_in_session:
        is_prepared(committee)
    _take_off(committee, line)
    record(committee, "file_dropped", actor, referral=line.referral_id)


def _take_off(committee: Committee, line: CommitteeLine) -> None:
    """Off the agenda; before it opens the others move up, afterwards each keeps its number."""
    db.session.delete(line)
    db.session.flush()
    db.session.expire(committee, ["lines"])
    if committee.state.is_in_session:
        return
    lines = agenda_of(committee)
    for position, each in enumerate(lines, start=1):
        each.position = position
    db.session.flush()
    propose(lines)


def change_proposal(actor: Actor, committee: Committee, line: CommitteeLine, *, verdict: LineVerdict) -> None:
    """Propose otherwise than the rule within stock and quotas does."""
    check(actor, Permission.REFERRAL_DECIDE)
    hold_agendas(committee)
    is_prepared(committee)
    line.by_hand, line.proposal, line.proposal_reason = True, verdict, SUITS[verdict][-1 if verdict is LineVerdict.RESERVE else 0]
    propose(agenda_of(committee))
    record(committee, "proposed_otherwise", actor, referral=line.referral_id, verdict=verdict)


@committee_machine.does("open")
def _open(committee: Committee, _actor: Actor, facts: dict[str, Any]) -> None:
    """Stock and quotas are read again; from now on a proposal stays as it is."""
    lines = agenda_of(committee)
    propose(lines)
    committee.opened_at = committee.opened_at or now()
    facts["files"] = len(lines)


@committee_machine.does("cancel")
def _cancel(committee: Committee, _actor: Actor, facts: dict[str, Any]) -> None:
    """Its files wait for another session; which they were stays in the history."""
    facts["referrals"] = [each.referral_id for each in committee.lines]
    committee.lines.clear()


def _hold_session(referral: Referral) -> None:
    """Hold the session on whose agenda a file stands before the file itself, as the session does."""
    line = open_line_of(referral)
    if line is not None:
        hold_agendas(line.committee)


def _leave_agenda(referral: Referral, row: Move[Any], actor: Actor, _facts: dict[str, Any]) -> None:
    """A file that is decided on directly leaves the agenda of a session to come; before a session that sits, it is not decided on.

    Her partner may withdraw it at any time, and it may turn out to be of a household that asks already: then the session is told that it is
    gone.
    """
    if row.name not in {"allocate", "refuse", "ask", "withdraw", "join"}:
        return
    line = open_line_of(referral)
    if line is None:
        return
    committee = line.committee
    if row.name not in {"withdraw", "join"}:
        refuse_on_the_table(line)
    if committee.state.is_in_session:
        return
    _take_off(committee, line)
    record(committee, "file_left", actor, referral=referral.id, move=row.name)


committee_machine.held_first.append(hold_agendas)
referral_machine.held_first.append(_hold_session)
referral_machine.followers.append(_leave_agenda)
