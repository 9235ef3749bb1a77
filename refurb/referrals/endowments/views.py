"""The pages of what organisations ask for their own places: the list, the form, one request, its machines, its slip."""

from typing import Any

from flask import g, request, url_for
from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.directory.sites.queries import kept_at, many_sites, open_sites, usual_site
from refurb.documents.signatures import Binding
from refurb.documents.signing import signing_for, signing_of
from refurb.documents.signing_pages import copy_page, printout_page, sign_form, sign_page, witness_of
from refurb.documents.views import paper_pdf
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.words import _, _lp
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.schemas import REQUESTED_KINDS
from refurb.referrals.cases.views.handovers import shown_before_signing
from refurb.referrals.committees.queries import count_free
from refurb.referrals.endowed import ENDOWMENT_REFUSALS, ENDOWMENT_USES, Endowment, EndowmentState
from refurb.referrals.endowments.actions import add_to_endowment, ask_endowment, drop_from_endowment, endowment_shown, sign_endowment
from refurb.referrals.endowments.pdf import endowment_to_sign
from refurb.referrals.endowments.queries import (
    WhichEndowments,
    committee_named,
    committees_offered,
    count_endowments_to_decide,
    count_endowments_to_sign,
    endowment_for,
    endowment_lines,
    endowment_listing,
    offered_organisations,
)
from refurb.referrals.endowments.rules import has_its_convention
from refurb.referrals.endowments.schemas import EndowmentAsked, EndowmentGranted, EndowmentHanded, EndowmentMachine
from refurb.referrals.endowments.shown import dump_endowment, history_of_endowment, were_public
from refurb.referrals.endowments.states import endowment_machine

P = Permission
_TABS = {WhichEndowments.OPEN: _lp("endowment", "En cours"), WhichEndowments.OVER: _lp("endowment", "Closes")}

DOORS = Doors(
    machine=endowment_machine,
    path="/dotations/<reference>",
    find=endowment_for,
    endpoint="referrals.endowment",
    url=lambda endowment: {"reference": endowment.reference},
    title=lambda endowment: endowment.reference,
    dump=dump_endowment,
    custom=frozenset({"grant", "hand_over"}),
)
add_pages(blueprint, DOORS)


@blueprint.get("/dotations")
@requires(P.REFERRAL_READ)
def endowments(actor: Actor) -> Response:
    """What organisations ask for their own places, and what they were given."""
    asked = request.args.get("etat", "")
    which = WhichEndowments(asked) if asked in set(WhichEndowments) else WhichEndowments.OPEN
    found = endowment_listing(actor, which).page(page_number(), order_asked())
    return page(
        "referrals/endowments/endowments.html", found=found, which=which, tabs=_TABS, looks=endowment_machine.looks, uses=ENDOWMENT_USES,
        to_decide=count_endowments_to_decide(actor), to_sign=count_endowments_to_sign(actor),
        may_ask=bool(offered_organisations(actor)) and actor.may(P.REFERRAL_WRITE),
    )  # fmt: skip


@blueprint.route("/dotations/nouvelle", methods=["GET", "POST"])
@requires(P.REFERRAL_WRITE)
def endowment_new(actor: Actor) -> Response:
    """Ask machines for an organisation's own place."""
    g.section = "referrals.referrals"
    offered = offered_organisations(actor)
    form = Form(EndowmentAsked, choices={"organisation_id": offered}, start={"organisation_id": request.args.get("structure", "")[:12]})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = ask_endowment(actor, **form.load())
            return go("referrals.endowment", done=_("Demande %(reference)s envoyée.", reference=made.reference), reference=made.reference)
        offered = offered_organisations(actor)
    return page("referrals/endowments/ask.html", form=form, offered=offered, kinds=REQUESTED_KINDS)


@blueprint.get("/dotations/<reference>")
@requires(P.REFERRAL_READ)
def endowment(actor: Actor, reference: str) -> Response:
    """One request: where it stands, its machines, its slip."""
    return _endowment_page(actor, reference, Form(EndowmentMachine))


def _endowment_page(actor: Actor, reference: str, scan: Form) -> Response:
    found = endowment_for(actor, reference)
    lines = endowment_lines(found)
    return page(
        "referrals/endowments/endowment.html",
        status=scan.status,
        endowment=found,
        look=endowment_machine.looks[found.state],
        lines=lines,
        scan=scan,
        choices=endowment_machine.open_to(found, actor),
        convention=_lacks_convention(found),
        committee=committee_named(found) if actor.may(P.REFERRAL_DECIDE) else None,
        public=were_public(lines) and actor.may(P.REFERRAL_DECIDE),
        signing=signing_of(found),
        witness_of=witness_of,
        history=history_of_endowment(found),
        uses=ENDOWMENT_USES,
        refusals=ENDOWMENT_REFUSALS,
        kinds=DEVICE_KINDS,
        now=today(),
    )


def _lacks_convention(endowment: Endowment) -> Refusal | None:
    try:
        has_its_convention(endowment)
    except Refusal as refusal:
        return refusal
    return None


@blueprint.route("/dotations/<reference>/accorder", methods=["GET", "POST"])
@requires(P.ALLOCATION_WRITE)
def endowment_grant(actor: Actor, reference: str) -> Response:
    """Grant so many machines of each kind: they are reserved at once."""
    found = endowment_for(actor, reference)
    ready, here = count_free(REQUESTED_KINDS), usual_site(actor)
    start: dict[str, Any] = {each.device_kind.value: min(each.asked, ready[here, each.device_kind]) for each in found.wishes}
    start["site_id"] = here
    sessions = [("", _("Aucune : décision directe")), *committees_offered()]
    form = Form(EndowmentGranted, start=start, choices={"committee": sessions})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            endowment_machine.fire(found, "grant", actor, **form.sent())
            return go("referrals.endowment", done=_("Accordé : les appareils sont réservés."), reference=reference)
        found = endowment_for(actor, reference)
    elif (closed := endowment_machine.refusal(found, "grant")) is not None:
        form.refusal = closed
    asked = {each.device_kind: each.asked for each in found.wishes}
    places = kept_at() if many_sites() else [each for each in open_sites() if each.id == here]
    kinds = {kind: word for kind, word in REQUESTED_KINDS.items() if kind in asked or any(ready[each.id, kind] for each in places)}
    heads = [{"label": _("Prêts, %(place)s", place=each.name) if len(places) > 1 else _("Prêts"), "num": True} for each in places]
    return page(
        "referrals/endowments/grant.html", form=form, endowment=found, ready=ready, asked=asked, kinds=kinds, places=places, heads=heads,
    )  # fmt: skip


@blueprint.post("/dotations/<reference>/appareils")
@requires(P.ALLOCATION_WRITE)
def endowment_add(actor: Actor, reference: str) -> Response:
    """One more machine, scanned."""
    found, scan = endowment_for(actor, reference), Form(EndowmentMachine)
    with scan.catching(), unit_of_work():
        add_to_endowment(actor, found, **scan.load())
        return go("referrals.endowment", done=_("Ajouté : l'appareil est réservé avec les autres."), reference=reference)
    return _endowment_page(actor, reference, scan)


@blueprint.post("/dotations/<reference>/appareils/<int:number>/retirer")
@requires(P.ALLOCATION_WRITE)
def endowment_drop(actor: Actor, reference: str, number: int) -> Response:
    """Take a machine off: it is ready for somebody else."""
    found = endowment_for(actor, reference)
    with unit_of_work():
        drop_from_endowment(actor, found, number)
        return go("referrals.endowment", done=_("Retiré : l'appareil est de nouveau prêt."), reference=reference)


@blueprint.route("/dotations/<reference>/remettre", methods=["GET", "POST"])
@requires(P.HANDOVER_WRITE)
def endowment_hand(actor: Actor, reference: str) -> Response:
    """The slip of all the machines: read, signed, handed over."""
    found = endowment_for(actor, reference)
    g.section = "referrals.handovers"
    form = Form(EndowmentHanded, start={"place": home().name})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            need_names()
            _binding(found).check()
            endowment_machine.fire(found, "hand_over", actor, **form.sent())
            return go("referrals.endowment", done=_told_of(found), reference=reference)
        found = endowment_for(actor, reference)
    elif (closed := endowment_machine.refusal(found, "hand_over")) is not None:
        form.refusal = closed
    slip = shown_before_signing(endowment_to_sign(found))
    is_open = found.state is EndowmentState.GRANTED
    return page("referrals/endowments/hand.html", form=form, endowment=found, slip=slip, binding=_binding(found), is_open=is_open)


def _binding(endowment: Endowment) -> Binding:
    return Binding("place|received_by|shown", endowment_shown(endowment))


def _told_of(endowment: Endowment) -> str:
    if endowment.is_signed:
        return _("Remis. Le bon de dotation est émis.")
    return _("Remis, à signer. Le bon est prêt à imprimer.")


@blueprint.get("/dotations/<reference>/a-signer.pdf")
@requires(P.HANDOVER_WRITE)
def endowment_to_print(actor: Actor, reference: str) -> Response:
    """The slip to print and to sign, without a number."""
    return printout_page(signing_for(endowment_for(actor, reference)))


@blueprint.get("/dotations/<reference>/exemplaire.jpg")
@requires(P.HANDOVER_WRITE)
def endowment_copy(actor: Actor, reference: str) -> Response:
    """The picture of the signed copy."""
    return copy_page(signing_for(endowment_for(actor, reference)))


@blueprint.route("/dotations/<reference>/signer", methods=["GET", "POST"])
@requires(P.HANDOVER_WRITE)
def endowment_sign(actor: Actor, reference: str) -> Response:
    """The slip of machines that left: signed on the screen, or on a copy that is here."""
    found = endowment_for(actor, reference)
    signing, form = signing_for(found), sign_form()
    g.section = "referrals.handovers"
    if request.method == "POST":
        with form.catching(), unit_of_work():
            sign_endowment(actor, found, **form.load())
            return go("referrals.endowment", done=_("Signature enregistrée. Le bon de dotation est émis."), reference=reference)
        found = endowment_for(actor, reference)
        signing = signing_for(found)
    return sign_page(
        signing,
        form,
        who=found.organisation.name,
        action=url_for("referrals.endowment_sign", reference=reference),
        back=url_for("referrals.endowment", reference=reference),
        printout=url_for("referrals.endowment_to_print", reference=reference),
    )


@blueprint.get("/dotations/<reference>/bon.pdf")
@requires(P.REFERRAL_READ)
def endowment_paper(actor: Actor, reference: str) -> Response:
    """The issued slip: it bears the name of who signed for the organisation."""
    found = endowment_for(actor, reference)
    if found.paper is None:
        raise NotFound
    need_names()
    return paper_pdf(found.paper)
