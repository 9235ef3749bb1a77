"""The counter: one page on which things leave and come back, whoever brings or takes them."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from refurb.directory.scans.queries import meaning_of
from refurb.directory.sites.asked import own_site
from refurb.directory.sites.queries import usual_site
from refurb.documents.models import PaperKind
from refurb.documents.signatures import SignatureVoid
from refurb.documents.signing import as_content
from refurb.documents.wording import twin
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import find_code, looks_like_code
from refurb.kernel.speech.dates import day_in
from refurb.kernel.speech.errors import Fault, Invalid, NotFound, Refusal
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.undo import Undo
from refurb.lending.blueprint import blueprint
from refurb.lending.borrowers.queries import borrowers
from refurb.lending.counter.actions import bags, exceptions, photos
from refurb.lending.counter.actions import piles as actions
from refurb.lending.counter.actions.recording import keep_refusal, note_refusal, record
from refurb.lending.counter.counting import day_or_none, read_answers
from refurb.lending.counter.meant import HEARD
from refurb.lending.counter.models import Pile
from refurb.lending.counter.queries import (
    expected_today,
    instead_of,
    last_recorded,
    open_pile,
    out_with,
    piles_aside,
    things_away,
    things_to_put_back,
    to_be_signed,
)
from refurb.lending.counter.rules import PileGone
from refurb.lending.counter.sent import PHOTO, Sent, not_kept, read_sent
from refurb.lending.counter.shown import ShownPile, hour, loan_to_be, shown_pile
from refurb.lending.counter.words import PileLineKind
from refurb.lending.debts.queries import damages_of, standing_of
from refurb.lending.guarantees.queries import deposits_of
from refurb.lending.items.actions import keeps_data
from refurb.lending.items.states import item_machine
from refurb.lending.loans.pdf import agreement, deposit_said
from refurb.lending.loans.queries import numbers, unsigned_count
from refurb.lending.models import Borrower, Item, LoanLine
from refurb.lending.queries import days_late
from refurb.lending.reservations.queries import count_short, reserved_by
from refurb.lending.supplies.queries import runs_low
from refurb.lending.suspensions.queries import suspension_of
from refurb.lending.suspensions.words import SUSPENDED_WHY
from refurb.lending.terms import loan_policy
from refurb.lending.words import DEBT_KINDS, UNDOABLE
from refurb.lending.worth import euros

P = Permission


@blueprint.get("/comptoir")
@requires(P.LOAN_WRITE)
def counter(actor: Actor) -> Response:
    """What lies on the counter: a pile with its person, or what is to be done while nobody is there."""
    return _counter_page(actor)


def _counter_page(actor: Actor, refusal: Refusal | None = None, candidates: Sequence[Any] = (), typed: str = "") -> Response:
    pile = open_pile(actor)
    shown = shown_pile(pile) if pile is not None else None
    aside = piles_aside(actor)
    told: dict[str, Any] = {
        "status": refusal.status if refusal else 200,
        "refusal": refusal,
        "pile": pile,
        "shown": shown,
        "aside": aside,
        "candidates": candidates,
        "typed": typed,
        "looks": item_machine.looks,
        "Kind": PileLineKind,
        "euros": euros,
        "hour": hour,
        "today": today(),
    }
    if shown is None or not (shown.lines or shown.pile.borrower):
        return page("lending/counter/rest.html", **told, **_rest(actor))
    return page("lending/counter/pile.html", **told, **_person(shown))


def _person(shown: ShownPile) -> dict[str, Any]:
    who = shown.pile.borrower
    standing = standing_of(who) if who else None
    here = {each.line.id for each in shown.returning if each.line}
    drawing = shown.pile.drawing
    return {
        "standing": standing,
        "suspension": suspension_of(who) if who else None,
        "reasons": SUSPENDED_WHY,
        "may_override": loan_policy().suspension_override,
        "late": [(line, days_late(line), line.id in here) for line in standing.late] if standing else (),
        "reserved": reserved_by(who) if who else (),
        "at_home": [each for each in out_with(who) if each.id not in here] if who else (),
        "deposits": [(each, deposit_said(each)) for each in deposits_of(*shown.people)],
        "kinds": DEBT_KINDS,
        "instead_of": instead_of,
        "packable": {each.item.product_id for each in shown.lines if each.row.kind is PileLineKind.LEAVES},
        "drawing": "data:image/png;base64," + base64.b64encode(drawing).decode() if drawing else "",
    }


def _rest(actor: Actor) -> dict[str, Any]:
    site = usual_site(actor)
    waiting = things_to_put_back(site)
    recorded = last_recorded(actor)
    return {
        "waiting": waiting,
        "wiped": {each.id for each in waiting if keeps_data(each)},
        "damages": damages_of(waiting),
        "recorded": recorded,
        "undo_of": undo_of,
        "away": things_away(site),
        "unsigned": to_be_signed(),
        "unsigned_count": unsigned_count(actor),
        "expected": expected_today(site),
        "numbers": numbers(actor, own_site(actor)),
        "short": count_short(actor),
        "low": runs_low(site),
    }


def undo_of(line: LoanLine) -> Undo | None:
    """The press that takes a wrong return back, while the thing is here."""
    if line.back_at is None or line.item.state not in UNDOABLE:
        return None
    return Undo.with_reason(url_for("lending.undo", reference=line.loan.reference, number=line.id))


@blueprint.post("/comptoir")
@requires(P.LOAN_WRITE)
def counter_told(actor: Actor) -> Response:
    """What is pressed, scanned or counted at the counter: kept first as it was typed, then done."""
    do, typed = request.form.get("do", ""), request.form.get("scan", "").strip()[:200]
    scans = typed and do in {"", "scan"}
    sent = read_sent(request.form.get("signature", ""), request.files)
    if sent.refused:
        return _refused(actor, not_kept(sent, open_pile(actor)), sent)
    if scans and find_code(typed) is None and not looks_like_code(typed) and not _is_known(actor, typed):
        return _by_name(actor, typed, sent)
    try:
        with unit_of_work():
            kept = _keep(actor, sent)
            if scans:
                actions.hear(actor, typed)
            elif do == "record":
                return _recorded(actor, kept)
            elif do:
                _press(actor, kept.pile if kept else None, do)
            return go("lending.counter")
    except Refusal as refusal:
        return _refused(actor, refusal, sent)


def _is_known(actor: Actor, typed: str) -> bool:
    """Whether a text that looks like no code names something of the counter all the same: a reservation, a thing's serial number."""
    try:
        return meaning_of(actor, typed).kind in HEARD
    except Refusal:
        return False


def _by_name(actor: Actor, typed: str, sent: Sent) -> Response:
    """Words that are no code look for somebody without a card, who is then one press away."""
    with unit_of_work():
        _keep(actor, sent)
    # Looked for and drawn outside of the deed, within which names are open to whoever has no second factor too.
    found = borrowers(actor, typed, 1).rows[:6]
    refusal = None if found else Refusal("counter.nobody", typed=typed[:60])
    return _counter_page(actor, refusal, found, typed)


def _refused(actor: Actor, refusal: Refusal, sent: Sent) -> Response:
    """What could not be done is told where it belongs: beside its line, else above the pile; nothing that was counted is lost."""
    try:
        with unit_of_work():
            kept = _keep(actor, sent)
            if kept is not None:
                keep_refusal(kept.pile, refusal)
    except PileGone:
        pass  # Recorded meanwhile by another window: what lies here is another one.
    return _counter_page(actor, refusal)


def _keep(actor: Actor, sent: Sent) -> ShownPile | None:
    """Keep what the page says of its pile; a drawing only while it stands for what was shown with it. None where it shows no pile.

    Returns the pile as it was shown: what it looked up is still so.
    """
    number = number_in(request.form.get("pile"))
    if number is None:
        return None
    pile = actions.counter_of(actor, number)
    shown = shown_pile(pile)
    is_void = shown.binding.is_void
    actions.keep_told(pile, {each.row.id: _told(each) for each in shown.lines})
    if (wrong := _unreadable(pile)) is not None:
        note_refusal(pile, wrong)
    photos.keep_photos(pile, sent.photos)
    if sent.drawing and not is_void:
        actions.keep_drawing(pile, sent.drawing)
    elif request.form.get("signature") == "" and shown_pile(pile, shown.looked).is_signed:
        actions.wipe_drawing(pile)  # The pad was emptied after its drawing had been kept, and nothing else changed.
    return shown


def _told(each: Any) -> dict[str, Any]:
    """What the page says of one line: only fields that it drew are read, so that a line that was folded away stays as it is."""
    number, form = each.row.id, request.form
    told: dict[str, Any] = {}
    if f"l{number}" in form:
        told["answers"] = read_answers(form, number, [part.key for part in each.counted], each.row.answers)
        told["note"] = form.get(f"m{number}", "").strip()[:500] or None
    for name, letter, usual in (("due_on", "d", each.proposed), ("back_on", "b", today())):
        typed = form.get(f"{letter}{number}")
        if typed is not None and _is_day(typed):
            told[name] = day_or_none(day_in(typed), usual)
    return told


def _is_day(typed: str) -> bool:
    """Whether a field of a day holds one, or nothing."""
    return not typed.strip() or day_in(typed) is not None


def _unreadable(pile: Pile) -> Invalid | None:
    """What is to be said of the first day that cannot be read, about its line; nothing where all can."""
    for line in pile.lines:
        for name, letter in (("due_on", "d"), ("back_on", "b")):
            if not _is_day(request.form.get(f"{letter}{line.id}", "")):
                wrong = Invalid({name: [Fault("field.date")]})
                wrong.about = line.item_id
                return wrong
    return None


def _press(actor: Actor, pile: Pile | None, do: str) -> None:
    deed, _colon, told = do.partition(":")
    if deed == "person":
        actions.choose_person(actor, told)
        return
    if deed == "take-up":
        actions.take_up(actor, number_in(told) or 0)
        return
    if pile is None:
        raise PileGone
    number = number_in(told) or 0
    photo = PHOTO.fullmatch(f"p{told}")
    pressed: dict[str, Callable[[], Any]] = {
        "save": lambda: None,
        "remove": lambda: actions.take_out(pile, number),
        "all": lambda: actions.all_there(pile, number),
        "force": lambda: exceptions.let_leave(pile, number, _reason(number)),
        "despite": lambda: exceptions.lend_despite_suspension(pile, _reason(number)),
        "photo-out": lambda: photos.wipe_photo(pile, *map(int, photo.groups())) if photo else None,
        "unpack": lambda: bags.take_from_bag(actor, pile, number),
        "finish": lambda: actions.finish_first(pile),
        "aside": lambda: actions.put_aside(pile),
        "hand-over": lambda: actions.hand_over(pile),
        "paper": lambda: actions.wipe_drawing(pile, on_paper=True),
        "again": lambda: actions.wipe_drawing(pile),
        "clear": lambda: actions.clear(pile),
        "pack": lambda: bags.put_in_bag(actor, pile, told),
    }
    if deed in pressed:
        pressed[deed]()


def _reason(number: int) -> str:
    reason = request.form.get(f"o{number}", "").strip()[:300]
    if not reason:
        raise Refusal("counter.no_reason")
    return reason


def _recorded(actor: Actor, kept: ShownPile | None) -> Response:
    """Record the pile; a return that stood alone is one press away from being undone."""
    if kept is None:
        raise PileGone
    pile = kept.pile
    if (wrong := _unreadable(pile)) is not None:
        raise wrong
    if request.form.get("signature") and pile.drawing is None:
        raise SignatureVoid  # It was drawn under something else than what is here now.
    record(actor, pile, kept.looked)
    done = [each for each in pile.lines if not each.stays_out]
    alone = done[0].loan_line if len(done) == 1 and done[0].kind is PileLineKind.RETURNS else None
    undo = undo_of(alone) if alone is not None else None
    return go("lending.counter", done=_("Rendu : %(name)s.", name=done[0].item.name) if undo else None, undo=undo)


@blueprint.get("/comptoir/convention")
@requires(P.LOAN_WRITE)
def counter_agreement(actor: Actor) -> Response:
    """The whole text that is about to be signed, as the paper will say it."""
    pile = open_pile(actor)
    shown = shown_pile(pile) if pile is not None else None
    if shown is None or shown.pile.borrower is None or not shown.leaving:
        raise NotFound
    need_names()
    content = as_content(PaperKind.LOAN, agreement(loan_to_be(shown)))
    return page("lending/counter/agreement.html", title=content.title, text=twin(content))


@blueprint.get("/prets/nouveau")
@requires(P.LOAN_WRITE)
def departure(_actor: Actor) -> Response:
    """Where departures once had a page of their own."""
    return redirect(url_for("lending.counter"), 303)


@blueprint.get("/prets/retour/<code>")
@requires(P.LOAN_WRITE)
def give_back(_actor: Actor, code: str) -> Response:
    """Where returns once had a page of their own: the thing's page has the press that puts it on the counter."""
    return redirect(url_for("lending.item", code=code), 303)


@blueprint.post("/comptoir/scan")
@requires(P.LOAN_WRITE)
def counter_hear(actor: Actor) -> Response:
    """Put a thing or a person on the counter from another page."""
    with unit_of_work():
        actions.hear(actor, request.form.get("code", "").strip()[:200])
        return go("lending.counter")


def scan_item(actor: Actor, item_id: int) -> Response:
    """Where the label of an item leads: to its page, which says what it is, what is in the way, and what can be done."""
    code = db.session.scalar(db.select(Item.code).where(Item.id == item_id))
    if code is None or not (actor.may(P.LOAN_READ) or actor.may(P.DEVICE_READ)):
        raise NotFound
    return redirect(url_for("lending.item", code=code), 303)


def scan_borrower(actor: Actor, borrower_id: int) -> Response:
    """Where a borrower's card leads: to the person's page; to nothing for whoever may not lend."""
    code = db.session.scalar(db.select(Borrower.code).where(Borrower.id == borrower_id))
    if code is None or not actor.may(P.LOAN_WRITE):
        raise NotFound
    return redirect(url_for("lending.borrower", code=code), 303)
