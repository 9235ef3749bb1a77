"""Referrals, the waiting list, allocations and hand-overs on the JSON door: the same actions and the same refusals as the pages."""

from contextlib import suppress
from typing import Any

from flask import request, url_for

from refurb.directory.models import Organisation
from refurb.directory.texting.schemas import SmsChosen
from refurb.documents.schemas import SignatureTold
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import lock, unit_of_work
from refurb.kernel.web.api import PREFIX, RefusalSchema, answer, api_blueprint, json_body, listed_rows
from refurb.kernel.web.doors import Doors, add_api
from refurb.kernel.web.guards import requires
from refurb.kernel.web.routes import reads, writes
from refurb.kernel.web.search import page_number, paged
from refurb.referrals.cases.actions import correct_contact_of, partner_of, revise_referral, sign_handover, write_referral
from refurb.referrals.cases.connections import drop_connection, set_connection
from refurb.referrals.cases.lines import add_machine, drop_machine
from refurb.referrals.cases.participation import drop_participation, note_participation
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.queries.allocations import allocation_numbered, allocations_of
from refurb.referrals.cases.queries.referrals import Rows, referral_for, referrals_of
from refurb.referrals.cases.queries.waiting import waiting_list
from refurb.referrals.cases.rules import NotOpen
from refurb.referrals.cases.schemas import (
    CompleteReferral,
    ConnectionTold,
    DraftReferral,
    HouseholdAnswered,
    LikenessSettled,
    MachineAdded,
    ParticipationTold,
    PersonReached,
    Separated,
)
from refurb.referrals.cases.sms import choose_sms
from refurb.referrals.cases.states import allocation_machine, referral_machine
from refurb.referrals.cases.views import handovers, households, referrals
from refurb.referrals.cases.views.shown import reasons_for
from refurb.referrals.households.actions import answer_told, look_up, separate
from refurb.referrals.households.queries import likeness_for, open_likenesses
from refurb.referrals.links.actions import make_asking_link, revoke_asking_link
from refurb.referrals.links.models import AskingLink
from refurb.referrals.links.queries import address_of, asking_link_for, asking_links, written_by
from refurb.referrals.links.schemas import LinkGiven
from refurb.referrals.models import Handover, HouseholdLikeness
from refurb.referrals.words import AllocationState, ReferralState

P = Permission

api = api_blueprint("referrals", "Referrals of partners, the waiting list, allocations and hand-overs.")


def _page_of(query: Rows) -> dict[str, Any]:
    return listed_rows(paged(query, page_number(), scalars=False))


@api.get("/referrals")
@api.response(200)
@requires(P.REFERRAL_READ)
def list_referrals(actor: Actor) -> Any:
    """The referrals the caller may know of, newest first; `state` filters."""
    state = None
    with suppress(ValueError):
        state = ReferralState(request.args.get("state", ""))
    return _page_of(referrals_of(actor, state=state))


@api.post("/referrals")
@api.response(201)
@api.alt_response(422, schema=RefusalSchema, description="Something is missing or wrong: nothing was kept.")
@api.doc(requestBody={"content": {"application/json": {"schema": CompleteReferral}}})
@requires(P.REFERRAL_WRITE)
def create_referral(actor: Actor) -> Any:
    """Write a referral as a draft; `POST /referrals/REFERENCE/submit` submits it."""
    facts = load(DraftReferral, json_body())
    with unit_of_work():
        referral = write_referral(actor, **facts)
        address = url_for(".show_referral", reference=referral.reference)
        return answer(referrals.dump(referral, actor), 201, location=address)


@api.get("/referrals/<reference>")
@api.response(200)
@requires(P.REFERRAL_READ)
def show_referral(actor: Actor, reference: str) -> Any:
    """One referral, with the person it is for; for whoever decides, what its household was handed and what else it asked for."""
    found = referral_for(actor, reference)
    note(SecurityKind.FILE_OPENED, actor, found.reference)
    told = referrals.dump(found, actor)
    if actor.may(P.REFERRAL_DECIDE):
        home = households.household_of(found)
        told["household"] = {
            "helped": [{"reference": each.reference, "handed_at": each.handed_at.isoformat()} for each in home["helped"]],
            "others": [each.reference for each in home["others"]],
            "likeness": home["likeness"] and home["likeness"].id,
        }
    return told


@api.put("/referrals/<reference>")
@api.response(200)
@api.alt_response(409, schema=RefusalSchema, description="Refused: nothing was changed.")
@api.doc(requestBody={"content": {"application/json": {"schema": CompleteReferral}}})
@requires(P.REFERRAL_WRITE)
def change_referral(actor: Actor, reference: str) -> Any:
    """Write its facts anew, while it is a draft or while an information is asked."""
    referral = referral_for(actor, reference)
    facts = load(DraftReferral if referral.state is ReferralState.DRAFT else CompleteReferral, json_body())
    with unit_of_work():
        revise_referral(actor, referral, **facts)
        return answer(referrals.dump(referral, actor))


@api.put("/referrals/<reference>/contact")
@api.response(200)
@api.alt_response(409, schema=RefusalSchema, description="Refused: nothing was changed.")
@api.doc(requestBody={"content": {"application/json": {"schema": PersonReached}}})
@requires(P.REFERRAL_WRITE)
def change_contact(actor: Actor, reference: str) -> Any:
    """Correct how the person is reached, after the hand-over too."""
    referral = referral_for(actor, reference)
    facts = load(PersonReached, json_body())
    with unit_of_work():
        correct_contact_of(actor, referral, **facts)
        return answer(referrals.dump(referral, actor))


@writes(api, "/referrals/<reference>/household/look-up", P.REFERRAL_WRITE)
def look_up_household(actor: Actor, reference: str) -> Any:
    """Whether a request for a like household exists: asked once for each draft, so many times a day; past that, it answers no."""
    referral = referral_for(actor, reference)
    with unit_of_work():
        lock(referral)
        if not referral.state.is_draft:
            raise NotOpen(state=referral_machine.looks[referral.state].word)
        return answer({"reference": referral.reference, "request_exists": look_up(actor, referral)})


@writes(api, "/referrals/<reference>/household", P.REFERRAL_WRITE, method="PUT", takes=HouseholdAnswered)
def answer_household(actor: Actor, reference: str) -> Any:
    """Whether the request that exists is of the same family, as far as its prescriber knows."""
    referral = referral_for(actor, reference)
    facts = load(HouseholdAnswered, json_body())
    with unit_of_work():
        answer_told(actor, referral, **facts)
        return answer({"reference": referral.reference, "answer": facts["answer"].value})


@writes(api, "/referrals/<reference>/sms", P.REFERRAL_WRITE, method="PUT", takes=SmsChosen)
def choose_sms_of_referral(actor: Actor, reference: str) -> Any:
    """Whether the person wants short messages."""
    referral, facts = referral_for(actor, reference), load(SmsChosen, json_body())
    with unit_of_work():
        choose_sms(actor, referral, **facts)
        refused_at = referral.beneficiary.sms_refused_at
        return answer({"reference": referral.reference, "sms_refused_at": refused_at and refused_at.isoformat()})


@writes(api, "/referrals/<reference>/separate", P.REFERRAL_DECIDE, takes=Separated)
def separate_household(actor: Actor, reference: str) -> Any:
    """The household of a referral is none with the others after all."""
    referral = referral_for(actor, reference)
    facts = load(Separated, json_body())
    with unit_of_work():
        separate(actor, referral.beneficiary.household, **facts)
        return answer({"reference": referral.reference, "others": []})


@reads(api, "/likenesses", P.REFERRAL_DECIDE)
def list_likenesses(_actor: Actor) -> Any:
    """Requests that may be of one household, and that nobody has settled: references and reasons, without a name."""
    shown = paged(open_likenesses(), page_number())
    return {"items": [_likeness(each) for each in shown.rows], "page": shown.number, "total": shown.total}


@writes(api, "/likenesses/<int:number>/settle", P.REFERRAL_DECIDE, takes=LikenessSettled)
def settle_likeness(actor: Actor, number: int) -> Any:
    """One household, two, or ask both prescribers; with the reason, or the question."""
    found = likeness_for(actor, number)
    facts = load(LikenessSettled, json_body())
    with unit_of_work():
        households.do_settle(actor, found, **facts)
        return answer(_likeness(found))


def _likeness(likeness: HouseholdLikeness) -> dict[str, Any]:
    one, other = households.pair_of(likeness)
    return {
        "id": likeness.id,
        "newest": one.reference,
        "oldest": other.reference,
        "alike_by": likeness.kinds,
        "found_at": likeness.found_at.isoformat(),
        "asked_at": likeness.asked_at and likeness.asked_at.isoformat(),
        "verdict": likeness.verdict,
    }


@api.get("/waiting-list")
@api.response(200)
@requires(P.REFERRAL_DECIDE)
def show_waiting_list(_actor: Actor) -> Any:
    """Who waits, by kind of device, in the order of the rule, with its reasons and without a name."""
    kind = None
    with suppress(ValueError):
        kind = DeviceKind(request.args.get("kind", ""))
    shown = paged(waiting_list(kind=kind), page_number(), scalars=False)
    told = listed_rows(shown)
    items = [{**item, "reasons": reasons_for(row)} for item, row in zip(told["items"], shown.rows, strict=True)]
    return {"policy_version": order().version, **told, "items": items}


@api.get("/allocations")
@api.response(200)
@requires(P.ALLOCATION_WRITE)
def list_allocations(actor: Actor) -> Any:
    """The allocations, decided longest ago first; `state` filters."""
    state = None
    with suppress(ValueError):
        state = AllocationState(request.args.get("state", ""))
    return _page_of(allocations_of(actor, state))


@api.get("/handovers")
@api.response(200)
@requires(P.HANDOVER_WRITE)
def list_handovers(actor: Actor) -> Any:
    """What was handed over; `state` is signed or unsigned: without a `paper_id`, the slip waits for its signature."""
    query = allocations_of(actor, AllocationState.FULFILLED)
    asked = request.args.get("state", "")
    if asked in {"signed", "unsigned"}:
        query = query.where(Handover.paper_id.is_not(None) if asked == "signed" else Handover.paper_id.is_(None))
    return _page_of(query)


@api.post("/allocations/<int:number>/sign")
@api.response(200)
@api.alt_response(409, schema=RefusalSchema, description="Refused: nothing was changed.")
@api.doc(requestBody={"content": {"application/json": {"schema": SignatureTold}}})
@requires(P.HANDOVER_WRITE)
def sign_allocation(actor: Actor, number: int) -> Any:
    """The slip of a device that left is signed: drawn on the screen, or on a copy that the caller has seen. Issues its numbered paper."""
    facts = load(SignatureTold, json_body())
    allocation = allocation_numbered(actor, number)
    with unit_of_work():
        sign_handover(actor, allocation, **facts)
        return answer(handovers.dump(allocation, actor))


@writes(api, "/allocations/<int:number>/lines", P.ALLOCATION_WRITE, takes=MachineAdded)
def add_handover_line(actor: Actor, number: int) -> Any:
    """Give one more ready machine with the one that was allocated, under the same slip; it is reserved at once."""
    facts = load(MachineAdded, json_body())
    with unit_of_work():
        allocation = allocation_numbered(actor, number)
        add_machine(actor, allocation, **facts)
        return answer(handovers.dump(allocation, actor))


@writes(api, "/allocations/<int:number>/lines/<int:line>/drop", P.ALLOCATION_WRITE)
def drop_handover_line(actor: Actor, number: int, line: int) -> Any:
    """Take a machine off again: it is ready for somebody else."""
    with unit_of_work():
        allocation = allocation_numbered(actor, number)
        drop_machine(actor, allocation, line)
        return answer(handovers.dump(allocation, actor))


@writes(api, "/allocations/<int:number>/connection", P.HANDOVER_WRITE, method="PUT", takes=ConnectionTold)
def set_handover_connection(actor: Actor, number: int) -> Any:
    """Which connection goes with the hand-over, who pays for it and until when; after it, the two last alone."""
    facts = load(ConnectionTold, json_body())
    with unit_of_work():
        allocation = allocation_numbered(actor, number)
        set_connection(actor, allocation, **facts)
        return answer(handovers.dump(allocation, actor))


@writes(api, "/allocations/<int:number>/connection", P.HANDOVER_WRITE, method="DELETE")
def drop_handover_connection(actor: Actor, number: int) -> Any:
    """No connection goes with the hand-over."""
    with unit_of_work():
        allocation = allocation_numbered(actor, number)
        drop_connection(actor, allocation)
        return answer(handovers.dump(allocation, actor))


@writes(api, "/allocations/<int:number>/participation", P.HANDOVER_WRITE, method="PUT", takes=ParticipationTold, refused=(409, 422))
def set_handover_participation(actor: Actor, number: int) -> Any:
    """What is paid at the hand-over, no more than the policy asks; `euros` with a comma or a point."""
    facts = load(ParticipationTold, json_body())
    with unit_of_work():
        allocation = allocation_numbered(actor, number)
        note_participation(actor, allocation, **facts)
        return answer(handovers.dump(allocation, actor))


@writes(api, "/allocations/<int:number>/participation", P.HANDOVER_WRITE, method="DELETE")
def drop_handover_participation(actor: Actor, number: int) -> Any:
    """Nothing is paid after all."""
    with unit_of_work():
        allocation = allocation_numbered(actor, number)
        drop_participation(actor, allocation)
        return answer(handovers.dump(allocation, actor))


@api.get("/allocations/<int:number>")
@api.response(200)
@requires(P.ALLOCATION_WRITE)
def show_allocation(actor: Actor, number: int) -> Any:
    """One allocation, with its hand-over.

    Until it is handed over, `shown_beside` holds the sum of the slip's text in each language that is offered beside French (`fr`: French
    alone). With `beside`, `hand_over` takes that language's sum as its `shown`; without, `shown` is the sum in the language of the notice.
    """
    return handovers.dump(allocation_numbered(actor, number), actor)


@reads(api, "/referral-links", P.REFERRAL_WRITE)
def list_links(actor: Actor) -> Any:
    """The links by which people without an account refer for the caller's organisations, the newest first."""
    found = asking_links(actor)
    counts = written_by(found)
    return {"items": [_link(each, counts.get(each.id, 0)) for each in found]}


@writes(api, "/referral-links", P.REFERRAL_WRITE, takes=LinkGiven)
def make_link(actor: Actor) -> Any:
    """Give somebody a link; what is written by it is a draft of the caller, who confirms it by submitting it."""
    facts = load(LinkGiven, json_body())
    with unit_of_work():
        organisation = db.session.get_one(Organisation, partner_of(actor, facts.pop("partner_id")))
        made = make_asking_link(actor, organisation, **facts)
        return answer({**_link(made, 0), "address": address_of(made)})


@writes(api, "/referral-links/<int:number>/revoke", P.REFERRAL_WRITE)
def revoke_link(actor: Actor, number: int) -> Any:
    """Take a link back: it opens nothing any more."""
    with unit_of_work():
        found = asking_link_for(actor, number)
        revoke_asking_link(actor, found)
        return answer(_link(found, written_by([found]).get(found.id, 0)))


def _link(link: AskingLink, written: int) -> dict[str, Any]:
    return {
        "id": link.id,
        "holder": link.holder,
        "organisation": link.organisation.name,
        "given_by": link.maker.name,
        "ends_at": link.ends_at.isoformat(),
        "revoked_at": link.revoked_at and link.revoked_at.isoformat(),
        "is_open": link.is_open,
        "written": written,
    }


add_api(api, referrals.doors, "/referrals/<reference>")
add_api(
    api,
    Doors(
        machine=allocation_machine,
        path=f"{PREFIX}/allocations/<int:number>",
        find=allocation_numbered,
        endpoint="referrals.referral",
        url=handovers.doors.url,
        title=handovers.doors.title,
        dump=handovers.dump,
    ),
    "/allocations/<int:number>",
)
