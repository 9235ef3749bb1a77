"""What pages show of committees: a file without a name, why it comes now, what is proposed; what a referral's own page tells of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.words import _, _n, day
from refurb.referrals.cases.priority import ELIGIBILITY, Needs, order
from refurb.referrals.cases.replay import needs_kept as kept_needs
from refurb.referrals.committees.models import Committee, CommitteeLine
from refurb.referrals.committees.pdf import decision_said, place_in_reserve, reason_said, versions_said
from refurb.referrals.committees.queries import PlacesLeft, lines_about
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.committees.words import ICONS, LINE_REASONS, VERDICTS, LineVerdict
from refurb.referrals.models import Referral


def needs_kept(line: CommitteeLine) -> Needs:
    """What the rule looked at when the file was put on."""
    return kept_needs(line.grounds)


def reasons_now(line: CommitteeLine, times: Counter[int]) -> list[str]:
    """Why it comes now: by the rule of the version under which it was put on, how long it waits, how often it was put off."""
    needs = needs_kept(line)
    rule = ELIGIBILITY.decided_under(line.policy_version) or order()
    said = rule.reasons(needs)
    if len(said) == 1:  # Who was raised by the wait is told how long it is.
        waits = (today() - local(needs.submitted_at).date()).days
        if waits > 0:
            said.append(_n("Attend depuis %(num)s jour", "Attend depuis %(num)s jours", waits))
    if times[line.referral_id]:
        said.append(_n("Déjà vu en commission %(num)s fois", "Déjà vu en commission %(num)s fois", times[line.referral_id]))
    if line.referral.has_no_computer:
        said.append(_("Aucun ordinateur au foyer"))
    if line.added_because:
        said.append(_("Ajouté à l'ordre du jour : %(why)s", why=line.added_because))
    return said


def proposal_said(line: CommitteeLine, lines: Sequence[CommitteeLine]) -> str:
    """What the coordination proposes, as the heading of the decision."""
    kind = str(DEVICE_KINDS[line.referral.device_kind]).lower()
    if line.proposal is LineVerdict.ALLOCATE:
        return _("Attribuer : %(kind)s", kind=kind)
    if line.proposal is LineVerdict.RESERVE:
        return _("Réserve n° %(place)s : %(why)s", place=place_in_reserve(line, lines), why=str(LINE_REASONS[line.proposal_reason]).lower())
    return str(VERDICTS[line.proposal])


@dataclass(frozen=True)
class AgendaEntry:
    """One file as an agenda lists it."""

    line: CommitteeLine
    tone: str
    icon: str
    word: str


def entries_of(lines: Sequence[CommitteeLine]) -> list[AgendaEntry]:
    """The files of an agenda with what was decided on each so far."""
    found = []
    for line in lines:
        if not line.referral.state.is_waiting and line.is_open:
            found.append(AgendaEntry(line, "wait", "triangle-alert", _("n'attend plus")))
        elif line.verdict is None:
            found.append(AgendaEntry(line, "todo", "circle", ""))
        else:
            found.append(AgendaEntry(line, *ICONS[line.verdict], decision_said(line, lines)))
    return found


def quota_said(line: CommitteeLine, lines: Sequence[CommitteeLine], places: PlacesLeft) -> tuple[int, str] | None:
    """How many places are left to the partner of a file; None where nothing limits it."""
    most = places.left.get(places.key(line.referral))
    if most is None:
        return None
    left = places.beside(line, lines) or 0
    taken = line.verdict is LineVerdict.ALLOCATE and not line.over_quota
    left = max(0, left - 1) if taken else left
    return left, _n("place libre : %(partner)s", "places libres : %(partner)s", left, partner=line.referral.partner.name)


def panel_of_committees(actor: Actor, referral: Referral) -> HungPanel | None:
    """Before which sessions a file is or was, under which version, what was decided and why; its partner reads the day and the decision."""
    lines = lines_about(referral)
    if not lines:
        return None
    decides = actor.may(Permission.REFERRAL_DECIDE)
    rows = [(line, line.committee, _told(line, line.committee), reason_said(line), versions_said(line.committee)) for line in lines]
    open_line = next((each for each in lines if each.is_open), None)
    return HungPanel(
        "referrals/committees/_file.html",
        {"rows": rows, "decides": decides, "open": open_line, "looks": committee_machine.looks},
    )


def _told(line: CommitteeLine, committee: Committee) -> str:
    if not committee.state.is_closed:
        return _("À l'ordre du jour, dossier %(position)s", position=line.position)
    word = str(decision_said(line, [line])) if line.verdict is not LineVerdict.RESERVE else str(VERDICTS[line.verdict])
    return word or day(committee.starts_at)


def dump(committee: Committee, lines: Sequence[CommitteeLine], actor: Actor) -> dict[str, Any]:
    """A session as the JSON door shows it: files by reference, nobody who is helped by name."""
    return {
        "id": committee.id,
        "title": committee.title,
        "starts_at": committee.starts_at.isoformat(),
        "place": committee.place,
        "state": committee.state,
        "least_present": committee.least_present,
        "opened_at": committee.opened_at and committee.opened_at.isoformat(),
        "closed_at": committee.closed_at and committee.closed_at.isoformat(),
        "policy_version": committee.policy_version,
        "quotas_version": committee.quotas_version,
        "minutes": committee.paper.reference if committee.paper and actor.may(Permission.PAPER_READ) else None,
        "members": [
            {"id": each.id, "name": each.name, "organisation": each.organisation_id, "seat": each.seat, "comes": each.comes}
            for each in committee.members
        ],
        "files": [_dump_line(each) for each in lines],
    }


def _dump_line(line: CommitteeLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "referral": line.referral.reference,
        "device": line.device.code if line.device else None,
        "proposal": line.proposal,
        "proposal_reason": line.proposal_reason,
        "policy_version": line.policy_version,
        "rank": line.rank,
        "verdict": line.verdict,
        "reason": line.reason,
        "note": line.note,
        "question": line.question,
        "over_quota": line.over_quota,
        "allocation": line.allocation_id,
        "recused": [each.member_id for each in line.recusals],
    }
