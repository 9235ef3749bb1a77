"""Close a session: each decision happens through the deeds of the files, all of them or none; then the minutes are issued."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from refurb.documents.actions import issue
from refurb.documents.models import PaperKind
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import begun_each
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.errors import Refusal
from refurb.referrals.cases.actions import allocate
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.committees.models import Committee, CommitteeLine
from refurb.referrals.committees.pdf import minutes, reason_said
from refurb.referrals.committees.queries import agenda_of, places_left
from refurb.referrals.committees.rules import NotAllDoable, can_be_done
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.committees.words import LineVerdict
from refurb.referrals.models import Referral
from refurb.referrals.quotas.policy import quotas


def obstacles(lines: Sequence[CommitteeLine], actor: Actor) -> dict[int, Refusal]:
    """What of the decisions could not be done now, by the place of the file on the agenda, and why."""
    found: dict[int, Refusal] = {}
    places, authors = places_left(), begun_each(Referral.KIND, [each.referral_id for each in lines])
    for line in lines:
        try:
            can_be_done(line, actor, authors.get(line.referral_id))
            if line.verdict is LineVerdict.ALLOCATE and not line.over_quota:
                places.refuse_full(line, [each for each in lines if each.position < line.position])
        except Refusal as refusal:
            found[line.position] = refusal
    return found


def _hold(lines: Sequence[CommitteeLine]) -> None:
    """Every file, device and partner, in one order: so no two that decide wait for each other."""
    referrals: list[Referral] = [each.referral for each in lines]
    devices: list[Device] = [each.device for each in lines if each.device is not None]
    partners = {each.partner_id: each.partner for each in referrals}
    for row in (*sorted(referrals, key=_number), *sorted(devices, key=_number), *(partners[each] for each in sorted(partners))):
        lock(row)


def _number(row: Any) -> int:
    number: int = row.id
    return number


@committee_machine.does("close")
def _close(committee: Committee, actor: Actor, facts: dict[str, Any]) -> None:
    """Do what was decided, in the order of the agenda. Raises `NotAllDoable`, and then nothing was done."""
    lines = agenda_of(committee)
    _hold(lines)
    wrong = obstacles(lines, actor)
    if wrong:
        references = ", ".join(each.referral.reference for each in lines if each.position in wrong)
        raise NotAllDoable(count=len(wrong), references=references)
    for line in lines:  # The files are not on the table any more: their own deeds may move them.
        line.is_open = False
    db.session.flush()
    for line in lines:
        _do(committee, line, actor)
    at = now()
    committee.policy_version, committee.quotas_version = order().version, quotas().version
    paper = issue(actor, PaperKind.MINUTES, committee, minutes(committee, lines, at))
    facts.pop("read_aloud")
    facts["paper"] = paper.reference
    facts.update(Counter(each.verdict.value for each in lines if each.verdict))
    committee.closed_at, committee.paper = at, paper


def _do(committee: Committee, line: CommitteeLine, actor: Actor) -> None:
    """One decision, by the deed of the file: later and the reserve leave it where it waits, unless a question is asked."""
    referral = line.referral
    if line.verdict is LineVerdict.ALLOCATE:
        assert line.device is not None, "it allocates a device"
        made = allocate(actor, referral, line.device, override=True, over_quota=line.over_quota, reason=reason_said(line))
        made.grounds = {**(made.grounds or {}), "committee": committee.id, "held_on": local(committee.held_at).date().isoformat()}
        line.allocation_id = made.id
    elif line.verdict is LineVerdict.REFUSE:
        assert line.reason is not None, "it was decided with a reason"
        referral_machine.fire(referral, "refuse", actor, reason=line.reason.value)
    elif line.question:
        referral_machine.fire(referral, "ask", actor, question=line.question)
