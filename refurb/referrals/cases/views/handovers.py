"""What is to be handed over, the slip to sign, and what was handed over."""

from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.directory.queries import home
from refurb.directory.sites.asked import site_asked
from refurb.documents.actions import Draft
from refurb.documents.content import Content, Issuer
from refurb.documents.models import PaperKind, Signing
from refurb.documents.signatures import Binding
from refurb.documents.signing import signing_for, signing_of
from refurb.documents.signing_pages import copy_page, dump_signing, printout_page, sign_form, sign_page, witness_of
from refurb.documents.views import paper_pdf
from refurb.documents.wording import twin
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.actions import sign_handover, text_shown
from refurb.referrals.cases.connections import (
    connection_of,
    connection_said,
    dump_connection,
    ending_soon,
    may_say,
    own_connection_of,
)
from refurb.referrals.cases.contents import usual_accessories
from refurb.referrals.cases.lines import accessories_of, bag_said, dump_lines, lines_of, open_lines, purchases_of
from refurb.referrals.cases.listings import handed_over_lately, handover_listing
from refurb.referrals.cases.participation import dump_participation, may_be_noted, participation_of
from refurb.referrals.cases.pdf import accessory_said, words_to_sign
from refurb.referrals.cases.purchases import dump_purchase
from refurb.referrals.cases.queries.allocations import allocation_for, still_out, to_hand_over_by_code
from refurb.referrals.cases.queries.referrals import may_open, openable
from refurb.referrals.cases.schemas import HandedOver
from refurb.referrals.cases.states import allocation_machine
from refurb.referrals.cases.translations import beside_for, offered_beside
from refurb.referrals.cases.unsigned import to_sign
from refurb.referrals.cases.views.shown import decision_of
from refurb.referrals.connected import CONNECTED_BY, PAYERS
from refurb.referrals.models import Allocation
from refurb.referrals.words import NOTICE_LANGUAGES, AllocationState, NoticeLanguage
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission


def dump(allocation: Allocation, actor: Actor) -> dict[str, Any]:
    """An allocation as the JSON door shows it: the referral by its reference, the device by its code, nobody by name.

    Why it was decided, and by which rule, is of the file: told to whoever may open that.
    """
    handover = allocation.handover
    opens = may_open(actor, allocation.referral)
    return {
        "id": allocation.id,
        "state": allocation.state,
        "referral": allocation.referral.reference,
        "device": allocation.device.code,
        **(_decision(allocation) if opens else {}),
        "decided_at": allocation.decided_at.isoformat(),
        "held_until": allocation.held_until and allocation.held_until.isoformat(),
        "lines": dump_lines(lines_of(handover) if handover else open_lines(allocation)),
        "connection": dump_connection(connection_of(allocation) if opens else own_connection_of(allocation)),
        "participation": dump_participation(allocation),
        "purchases": [dump_purchase(each) for each in purchases_of(lines_of(handover) if handover else open_lines(allocation))],
        # The sum of what is read before signing, for whoever has it signed on another screen; and that in each language offered beside.
        "shown": text_shown(allocation) if allocation.state.is_active else None,
        "shown_beside": {each: text_shown(allocation, each) for each in offered_beside()} if allocation.state.is_active else None,
        "handover": handover
        and {
            "place": handover.place,
            "site": handover.site_id,
            "handed_at": handover.handed_at.isoformat(),
            "signature_kind": handover.signature_kind,
            "accessories": accessories_of(lines_of(handover)),
            "fetched_by_another": handover.fetched_by is not None,
            "paper": handover.paper and handover.paper.reference,
            "signature": dump_signing(handover),
        },
    }


def _decision(allocation: Allocation) -> dict[str, Any]:
    return {
        "rank": allocation.rank,
        "out_of_order": allocation.out_of_order,
        "over_quota": allocation.over_quota,
        "public": allocation.public,
        "reason": allocation.reason,
        "policy_version": allocation.policy_version,
        "replay": (told := decision_of(allocation)) and {"rank": told.rank, "reasons": told.reasons},
    }


doors = Doors(
    machine=allocation_machine,
    path="/remises/<reference>",
    find=allocation_for,
    endpoint="referrals.referral",
    url=lambda allocation: {"reference": allocation.referral.reference},
    title=lambda allocation: allocation.referral.reference,
    dump=dump,
    custom=frozenset({"hand_over"}),
)
add_pages(blueprint, doors)


def shown_before_signing(draft: Draft) -> dict[str, Any]:
    """The slip as the documents' macros show it, before it has a number."""
    card = home()
    issuer = Issuer(card.name, card.address or "", card.siret or "")
    return twin(Content(PaperKind.HANDOVER, draft.title, "", today(), issuer, draft.lead, draft.blocks, draft.language, draft.strong))


@blueprint.get("/remises")
@requires(P.HANDOVER_WRITE)
def handovers(actor: Actor) -> Response:
    """What is allocated and to be handed over; a scanned label opens its slip."""
    typed = request.args.get("code", "").strip()
    reference = to_hand_over_by_code(actor, typed) if typed else None
    if reference:
        return redirect(url_for("referrals.handover", reference=reference), code=303)
    shown = handover_listing(actor, site_asked()).page(page_number(), order_asked())
    return page(
        "referrals/cases/handovers.html",
        shown=shown,
        opens=openable(actor, (row.reference for row in shown.rows)),
        unsigned=to_sign(actor),
        out=still_out(actor),
        ending=ending_soon(actor),
        lately=handed_over_lately(actor, site_id=site_asked()),
        connected_by=CONNECTED_BY,
        payers=PAYERS,
        now=today(),
        kinds=DEVICE_KINDS,
        typed=typed[:40],
        unknown=bool(typed),
    )


_COLUMNS = (
    SheetColumn(_l("Orientation"), lambda row: row.reference, 14),
    SheetColumn(_l("Code"), lambda row: spell(row.code), 12),
    SheetColumn(_l("Nature"), lambda row: DEVICE_KINDS[row.kind], 22),
    SheetColumn(_l("Fabricant"), lambda row: row.manufacturer),
    SheetColumn(_l("Modèle"), lambda row: row.model, 28),
    SheetColumn(_l("Structure"), lambda row: row.partner, 28),
    SheetColumn(_l("Attribué le"), lambda row: local(row.decided_at).date(), 14),
)


@exported(blueprint, "/remises", P.HANDOVER_WRITE)
@freshly_proved
def handovers_file(actor: Actor) -> SheetFile:
    """What is to be handed over, as a spreadsheet without a name."""
    return SheetFile.listed("remises", _COLUMNS, handover_listing(actor, site_asked()))


@blueprint.route("/remises/<reference>", methods=["GET", "POST"])
@requires(P.HANDOVER_WRITE)
def handover(actor: Actor, reference: str) -> Response:
    """The slip: read, signed, handed over; then the paper."""
    allocation = allocation_for(actor, reference)
    g.section = "referrals.handovers"
    beside = language_asked(allocation)
    form = Form(HandedOver, start={"place": home().name, "accessories": usual_accessories(allocation), "beside": beside})
    if request.method == "POST" and "langue" not in request.form:  # Another language is read first: what was typed stays.
        with form.catching(), unit_of_work():
            need_names()  # What was shown bears no name, and nobody signs that.
            binding_of(allocation, beside).check()
            allocation_machine.fire(allocation, "hand_over", actor, **form.sent())
            return go("referrals.handover", done=told_of(allocation), reference=reference)
        allocation = allocation_for(actor, reference)
    if allocation.state is AllocationState.FULFILLED:
        lines, connected = lines_of(allocation.handover) if allocation.handover else [], connection_of(allocation)
        return page(
            "referrals/cases/handed_over.html",
            form=form,
            allocation=allocation,
            may_open=may_open(actor, allocation.referral),
            lines=lines,
            accessories=[accessory_said(each) for each in lines if each.accessory],
            bought=[each.what for each in purchases_of(lines)],
            connection=connected and connection_said(connected),
            participation=participation_of(allocation),
            signing=signing_of(allocation.handover) if allocation.handover else None,
            witness_of=witness_of,
            kinds=DEVICE_KINDS,
        )
    return signing_desk(actor, allocation, form, beside)


def signing_desk(actor: Actor, allocation: Allocation, form: Form, beside: NoticeLanguage, *, visit: bool = False) -> Response:
    """The slip to read, what is in the bag, and the ways to sign: at the desk, or during a visit, which opens nothing else."""
    bought = purchases_of(open_lines(allocation))
    lines = [each for each in open_lines(allocation) if each.accessory]
    return page(
        "referrals/cases/handover.html",
        is_visit=visit,
        list_name=_("Mes visites du jour") if visit else _("Remises"),
        list_url=url_for("referrals.visits" if visit else "referrals.handovers"),
        form=form,
        allocation=allocation,
        binding=binding_of(allocation, beside),
        slip=shown_before_signing(words_to_sign(allocation, beside)),
        beside=beside,
        may_connect=not visit and may_say(actor, allocation),
        may_ask=not visit and may_be_noted(allocation),
        awaited=[each.what for each in bought if not each.is_here],
        bag=bag_said(allocation),
        held=[accessory_said(each) for each in lines if each.packed_at],
        to_put=[accessory_said(each) for each in lines if not each.packed_at],
        languages={each: NOTICE_LANGUAGES[each] for each in offered_beside()},
    )


def told_of(allocation: Allocation) -> str:
    """What was just done, as its page says it."""
    if allocation.handover is not None and allocation.handover.is_signed:
        return _("Remis. Le bon de remise est émis.")
    return _("Remis, à signer. Le bon est prêt à imprimer.")


def language_asked(allocation: Allocation) -> NoticeLanguage:
    """The slip's other language: as the page asks, or as the person was told of her data."""
    asked = request.form.get("langue") or request.form.get("beside") or request.args.get("langue")
    return next((each for each in NoticeLanguage if each == asked), None) or beside_for(allocation.referral)


def binding_of(allocation: Allocation, beside: NoticeLanguage | None = None) -> Binding:
    """What a signature on the page of a hand-over stands for: the text that is read there, the place and what goes with the device."""
    return Binding("place|accessories|fetched_by|shown", text_shown(allocation, beside))


@blueprint.get("/remises/<reference>/a-signer.pdf")
@requires(P.HANDOVER_WRITE)
def slip_to_sign(actor: Actor, reference: str) -> Response:
    """The slip to print and to sign, without a number."""
    return printout_page(_signing_for(allocation_for(actor, reference)))


@blueprint.get("/remises/<reference>/exemplaire.jpg")
@requires(P.HANDOVER_WRITE)
def slip_copy(actor: Actor, reference: str) -> Response:
    """The picture of the signed copy."""
    return copy_page(_signing_for(allocation_for(actor, reference)))


@blueprint.route("/remises/<reference>/signer", methods=["GET", "POST"])
@requires(P.HANDOVER_WRITE)
def slip_sign(actor: Actor, reference: str) -> Response:
    """The slip of a device that left: signed on the screen, or on a copy that is here."""
    allocation = allocation_for(actor, reference)
    signing = _signing_for(allocation)
    g.section = "referrals.handovers"
    form = sign_form()
    if request.method == "POST":
        with form.catching(), unit_of_work():
            sign_handover(actor, allocation, **form.load())
            return go("referrals.handover", done=_("Signature enregistrée. Le bon de remise est émis."), reference=reference)
        allocation = allocation_for(actor, reference)
        signing = _signing_for(allocation)
    return sign_page(
        signing,
        form,
        who=allocation.referral.beneficiary.name,
        action=url_for("referrals.slip_sign", reference=reference),
        back=url_for("referrals.handover", reference=reference),
        printout=url_for("referrals.slip_to_sign", reference=reference),
    )


def _signing_for(allocation: Allocation) -> Signing:
    if allocation.handover is None:
        raise NotFound
    return signing_for(allocation.handover)


@blueprint.get("/remises/<reference>/bon.pdf")
@requires(P.REFERRAL_READ)
def slip(actor: Actor, reference: str) -> Response:
    """The issued slip, for whoever may read the referral: it bears a name."""
    handover = allocation_for(actor, reference).handover
    if handover is None or handover.paper is None:
        raise NotFound
    need_names()
    return paper_pdf(handover.paper)
