"""The committee that sits: one file at a time, who leaves the room, then the minutes, read aloud, and the closing."""

from collections.abc import Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.documents.actions import content_of
from refurb.documents.models import PaperKind
from refurb.documents.wording import twin
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.committees.actions.closing import obstacles
from refurb.referrals.committees.actions.decisions import come_back_in, leave_room, note_decision
from refurb.referrals.committees.actions.plans import member_of
from refurb.referrals.committees.models import Committee, CommitteeLine
from refurb.referrals.committees.pdf import minutes, place_in_reserve, reason_said, tally_said
from refurb.referrals.committees.queries import (
    agenda_of,
    committee_for,
    free_devices,
    line_among,
    places_left,
    postponed,
    room_of,
    stocks_of,
)
from refurb.referrals.committees.rules import is_in_session, still_waits
from refurb.referrals.committees.schemas import DecisionNoted, MemberLeaves, ReadAloud
from refurb.referrals.committees.shown import entries_of, proposal_said, quota_said, reasons_now
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.committees.views.plans import mark_section
from refurb.referrals.committees.words import LINE_REASONS, MEANINGS, SUITS, VERDICTS, LineVerdict

P = Permission


def _next_of(lines: Sequence[CommitteeLine], position: int) -> int | None:
    """The file that comes next: the first after this one that is undecided, else the first before it; none once all are decided."""
    left = [each.position for each in lines if each.verdict is None]
    return next((each for each in left if each > position), next(iter(left), None))


def _started(line: CommitteeLine) -> dict[str, Any]:
    """What the form of a file begins with: what was decided, or the proposal, so that one press accepts it."""
    verdict = line.planned
    reason = line.reason or (line.proposal_reason if line.proposal_reason in SUITS[verdict] else SUITS[verdict][0])
    return {
        "verdict": verdict,
        "reason": reason,
        "note": line.note,
        "question": line.question,
        "device": line.device.code if line.device else None,
        "over_quota": line.over_quota,
    }


def _closed_because(line: CommitteeLine) -> Refusal | None:
    try:
        is_in_session(line.committee)
        still_waits(line)
    except Refusal as refusal:
        return refusal
    return None


@blueprint.route("/commissions/<int:number>/dossiers/<int:position>", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE, P.COMMITTEE_SIT)
def committee_file(actor: Actor, number: int, position: int) -> Response:
    """One file, without a name: why it comes now, what is proposed, and the decision."""
    mark_section(actor)
    found = committee_for(actor, number)
    form = Form(DecisionNoted)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            note_decision(actor, found, position, **form.load())
            lines = agenda_of(found)
            following = _next_of(lines, position)
            done = _("Noté : %(reference)s.", reference=line_among(lines, position).referral.reference)
            if following is None:
                return go("referrals.committee_close", done=done, number=number)
            return go("referrals.committee_file", done=done, number=number, position=following)
        found = committee_for(actor, number)
    lines = agenda_of(found)
    line = line_among(lines, position)
    return _out(found, line, lines) if room_of(found).is_out(actor, line) else _stage(actor, found, line, lines, form)


def _around(lines: Sequence[CommitteeLine], position: int) -> tuple[int | None, int | None]:
    positions = [each.position for each in lines]
    here = positions.index(position)
    return positions[here - 1] if here else None, positions[here + 1] if here + 1 < len(positions) else None


def _out(found: Committee, line: CommitteeLine, lines: Sequence[CommitteeLine]) -> Response:
    """What a member sees who leaves the room for a file: not the file."""
    before, after = _around(lines, line.position)
    return page("referrals/committees/out.html", committee=found, position=line.position, total=len(lines), before=before, after=after)


def _stage(actor: Actor, found: Committee, line: CommitteeLine, lines: Sequence[CommitteeLine], form: Form) -> Response:
    if request.method == "GET":
        form = Form(DecisionNoted, start=_started(line))
    places, room = places_left(), room_of(found)
    before, after = _around(lines, line.position)
    full = places.beside(line, lines) == 0
    kind = line.referral.device_kind
    free = free_devices({kind}, but=[line.id], most=30)[kind]
    return page(
        "referrals/committees/stage.html",
        form=form,
        committee=found,
        line=line,
        lines=lines,
        entries=entries_of(lines),
        number=[each.position for each in lines].index(line.position) + 1,
        before=before,
        after=after,
        reasons=reasons_now(line, postponed([line])),
        proposal=proposal_said(line, lines),
        closed=_closed_because(line),
        is_full=full and not line.over_quota,
        goes_over="depasser" in request.args or line.over_quota or bool(form.field("over_quota").value),
        is_empty=not free,
        free=[(each.code, f"{spell(each.code)}, {each.name or _('modèle non relevé')}") for each in free],
        leaving=room.leaving(line),
        present=[each for each in room.members if each.comes],
        stocks=stocks_of(lines),
        quota=quota_said(line, lines, places),
        reserve=place_in_reserve(line, lines),
        verdicts=VERDICTS,
        meanings=MEANINGS,
        suits=SUITS,
        because=LINE_REASONS,
        kinds=DEVICE_KINDS,
        decides=actor.may(P.REFERRAL_DECIDE),
        undecided=sum(each.verdict is None for each in lines),
    )


@blueprint.route("/commissions/<int:number>/dossiers/<int:position>/recusation", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE)
def committee_recusal(actor: Actor, number: int, position: int) -> Response:
    """A member leaves the room for this file, in a word; or comes back in."""
    mark_section(actor)
    found = committee_for(actor, number)
    form = Form(MemberLeaves)
    form.choices = {"member_id": [(str(each.id), each.name) for each in found.members]}
    if request.method == "POST":
        with form.catching(), unit_of_work():
            line = line_among(agenda_of(found), position)
            if "back" in request.form:
                come_back_in(actor, found, line, member_of(found, request.form.get("back", 0, int)))
                return go("referrals.committee_recusal", done=_("C'est noté."), number=number, position=position)
            told = form.load()
            leave_room(actor, found, line, member_of(found, told["member_id"]), word=told["word"])
            return go("referrals.committee_recusal", done=_("Récusation notée."), number=number, position=position)
        found = committee_for(actor, number)
        form.choices = {"member_id": [(str(each.id), each.name) for each in found.members]}
    line = line_among(agenda_of(found), position)
    return page("referrals/committees/recusal.html", form=form, committee=found, line=line, leaving=room_of(found).leaving(line))


@blueprint.route("/commissions/<int:number>/clore", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE, P.COMMITTEE_SIT)
def committee_close(actor: Actor, number: int) -> Response:
    """The minutes as they will be printed, what leaves at the closing, and the closing itself."""
    mark_section(actor)
    found = committee_for(actor, number)
    form = Form(ReadAloud)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            committee_machine.fire(found, "close", actor, **form.sent())
            return go("referrals.committee", done=_("Séance close. Les structures sont prévenues."), number=number)
        found = committee_for(actor, number)
    elif not found.state.is_in_session:
        form.refusal = committee_machine.refusal(found, "close")
    lines = agenda_of(found)
    wrong = obstacles(lines, actor) if found.state.is_in_session and actor.may(P.ALLOCATION_WRITE) else {}
    return page(
        "referrals/committees/minutes.html",
        form=form,
        committee=found,
        look=committee_machine.looks[found.state],
        twin=twin(content_of(PaperKind.MINUTES, minutes(found, lines, now()), "", today())),
        lines=lines,
        impossible=[(each, wrong[each.position]) for each in lines if each.position in wrong],
        tally=tally_said(lines),
        counts={verdict.value: sum(each.verdict is verdict for each in lines) for verdict in LineVerdict},
        asked=sum(bool(each.question) for each in lines),
        present=sum(each.comes for each in found.members),
        undecided=sum(each.verdict is None for each in lines),
        reserve=[(each, reason_said(each)) for each in lines if each.verdict is LineVerdict.RESERVE],
        may_close=actor.may(P.ALLOCATION_WRITE),
    )
