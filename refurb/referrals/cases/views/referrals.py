"""The pages of a referral: the list, writing one, where it stands, and its moves."""

from contextlib import suppress
from typing import Any

from flask import g, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import lock, unit_of_work
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.actions import (
    CORRECTABLE,
    EDITABLE,
    correct_contact_of,
    refuse_revision,
    revise_referral,
    write_referral,
    write_word,
)
from refurb.referrals.cases.listings import referral_listing
from refurb.referrals.cases.one_request import look_of
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.queries.allocations import allocation_of_referral, as_decided
from refurb.referrals.cases.queries.referrals import counts_by_state, referral_for
from refurb.referrals.cases.queries.waiting import standing_of
from refurb.referrals.cases.readers import reader_of
from refurb.referrals.cases.replay import ahead_said
from refurb.referrals.cases.schemas import AnswerTold, CompleteReferral, DraftReferral, OfficeReferral, PersonReached, WordTold
from refurb.referrals.cases.scope import sees_all
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.cases.thread import open_question, thread_of
from refurb.referrals.cases.views.asking import offered
from refurb.referrals.cases.views.following import followed
from refurb.referrals.cases.views.households import household_of
from refurb.referrals.cases.views.shown import (
    adaptations_said,
    decision_of,
    history_of,
    hung_on,
    partners_for,
    places_for,
    reasons_for,
    ruling_for,
    steps_of,
    wait_of,
)
from refurb.referrals.cases.writing import OF_PERSON, OWN
from refurb.referrals.households.actions import look_up
from refurb.referrals.households.queries import is_to_answer
from refurb.referrals.households.rules import Unanswered
from refurb.referrals.links.queries import link_of
from refurb.referrals.models import Referral
from refurb.referrals.words import (
    CHANNELS,
    CONNECTIONS,
    MOBILITIES,
    NOTICE_LANGUAGES,
    PRIORITY_AREAS,
    PURPOSES,
    REFUSAL_REASONS,
    SITUATIONS,
    USAGES,
    Channel,
    ReferralState,
)
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission


def dump(referral: Referral, _actor: Actor) -> dict[str, Any]:
    """A referral as the JSON door shows it to whoever may read it."""
    person, wait = referral.beneficiary, standing_of(referral)
    return {
        "reference": referral.reference,
        "state": referral.state,
        "partner": referral.partner.name,
        "beneficiary": {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "birth_year": person.birth_year,
            "commune": person.commune,
            "phone": spell_phone(person.phone),
            "email": person.email,
        },
        "device_kind": referral.device_kind,
        "usage": referral.usage,
        "situation": referral.situation,
        "school_children": referral.school_children,
        "has_no_computer": referral.has_no_computer,
        "household_size": referral.household_size,
        "priority_area": referral.priority_area,
        "connection": referral.connection,
        "adaptations": referral.adaptations,
        "purposes": referral.purposes,
        "mobility": referral.mobility,
        "stop": referral.stop and {"id": referral.stop.id, "name": referral.stop.name},
        "by_letter": referral.by_letter,
        "address": referral.address,
        "note": referral.note,
        "eligibility_checked_on": referral.eligibility_checked_on and referral.eligibility_checked_on.isoformat(),
        "notice_given_on": referral.notice_given_on and referral.notice_given_on.isoformat(),
        "notice_language": referral.notice_language,
        "notice_version": referral.notice_version,
        "by_link": referral.link_id is not None,
        "submitted_at": referral.submitted_at and referral.submitted_at.isoformat(),
        "thread": [
            {"kind": each.kind, "by_partner": each.by_partner, "at": each.at.isoformat(), "text": each.text} for each in thread_of(referral)
        ],
        "refusal_reason": referral.refusal_reason,
        "joined": referral.is_joined,
        "rank": wait and wait.rank,
        "waiting": wait
        and {
            "rank": wait.rank,
            "of": wait.total,
            "reasons": reasons_for(referral),
            "ahead": ahead_said(wait, order()),
            "policy_version": order().version,
        },
    }


def _tell_first(actor: Actor, referral: Referral) -> Refusal | None:
    """Whoever may send a draft is told first, once, whether a request for a like household exists."""
    lock(referral)
    if referral_machine.refusal(referral, "submit") is None and look_up(actor, referral):
        return Unanswered()
    return None


doors = Doors(
    machine=referral_machine,
    path="/orientations/<reference>",
    find=referral_for,
    endpoint="referrals.referral",
    url=lambda referral: {"reference": referral.reference},
    title=lambda referral: referral.reference,
    dump=dump,
    custom=frozenset({"allocate"}),
    first={"submit": _tell_first},
)
add_pages(blueprint, doors)


def asked_state() -> ReferralState | None:
    """The state that the list is filtered by; nonsense is none."""
    with suppress(ValueError):
        return ReferralState(request.args.get("etat", ""))
    return None


def asked_words() -> str:
    """The words that the list is looked through for."""
    return request.args.get("q", "").strip()[:80]


@blueprint.get("/orientations")
@requires(P.REFERRAL_READ)
def referrals(actor: Actor) -> Response:
    """The referrals that the actor may know of."""
    state, partner_id = asked_state(), number_asked("structure")
    words = asked_words()
    shown = referral_listing(actor, state, partner_id, words).page(page_number(), order_asked())
    counts = counts_by_state(actor)
    return page(
        "referrals/cases/referrals.html",
        shown=shown,
        counts=counts,
        state=state,
        partner_id=partner_id,
        words=words,
        partners=partners_for(actor),
        looks=referral_machine.looks,
        kinds=DEVICE_KINDS,
        own=not sees_all(actor),
        followed=followed([row.reference for row in shown.rows]) if not sees_all(actor) else {},
    )


_COLUMNS = (
    SheetColumn(_l("Orientation"), lambda row: row.reference, 14),
    SheetColumn(_l("Où elle en est"), lambda row: referral_machine.looks[row.state].word, 24),
    SheetColumn(_l("Besoin"), lambda row: DEVICE_KINDS[row.device_kind], 22),
    SheetColumn(_l("Structure"), lambda row: row.partner, 28),
    SheetColumn(_l("Transmise le"), lambda row: row.submitted_at and local(row.submitted_at).date(), 14),
    SheetColumn(_l("Personnes au foyer"), lambda row: row.household_size, 12),
    SheetColumn(_l("Enfants scolarisés"), lambda row: row.school_children, 12),
    SheetColumn(_l("Quartier prioritaire"), lambda row: PRIORITY_AREAS[row.priority_area], 16),
    SheetColumn(_l("Connexion"), lambda row: CONNECTIONS[row.connection], 22),
    SheetColumn(_l("Retrait"), lambda row: MOBILITIES[row.mobility], 24),
    SheetColumn(_l("Adaptation de l'appareil"), adaptations_said, 30),
)
_WHO = SheetColumn(_l("Personne"), lambda row: row.name.strip(), 26)


@exported(blueprint, "/orientations", P.REFERRAL_READ)
@freshly_proved
def referrals_file(actor: Actor) -> SheetFile:
    """The same referrals as a spreadsheet; the names only of those whom the actor's own organisation referred."""
    columns = (*_COLUMNS, _WHO) if not sees_all(actor) else _COLUMNS
    return SheetFile.listed("orientations", columns, referral_listing(actor, asked_state(), number_asked("structure"), asked_words()))


def _start_of(referral: Referral) -> dict[str, Any]:
    person = referral.beneficiary
    reached = (referral.by_letter, Channel.LETTER), (person.phone, Channel.PHONE), (person.email, Channel.EMAIL)
    channel = next((each for there, each in reached if there), Channel.PRESCRIBER if referral.submitted_at else None)
    return {
        "channel": channel,
        **{name: getattr(referral, name) for name in OWN},
        **{name: getattr(person, name) for name in OF_PERSON},
    }


@blueprint.route("/orientations/nouvelle", methods=["GET", "POST"])
@requires(P.REFERRAL_WRITE)
def write(actor: Actor) -> Response:
    """Write a referral, and submit it or keep it as a draft."""
    partners = partners_for(actor)
    schema: type[Schema] = OfficeReferral if partners else CompleteReferral
    # Most files are written with the family in front of one: both dates are then today's, and can be changed.
    start = {
        "device_kind": "laptop",
        "school_children": 0,
        "eligibility_checked_on": today(),
        "notice_given_on": today(),
        "notice_language": "fr",
    }
    form = Form(schema, start=start, choices={"partner_id": partners, **offered()})
    if request.method == "POST":
        later = "later" in request.form
        with form.catching(), unit_of_work():
            referral = write_referral(actor, **load(DraftReferral if later else schema, form.sent()))
            if not later and look_up(actor, referral):
                return go("referrals.household", reference=referral.reference)
            if not later:
                referral_machine.fire(referral, "submit", actor)
            done = _("Brouillon enregistré.") if later else _("Orientation %(reference)s transmise.", reference=referral.reference)
            return go("referrals.referral", done=done, reference=referral.reference)
    return page("referrals/cases/write.html", form=form, referral=None, partners=partners, places=places_for(actor), asked=None)


@blueprint.route("/orientations/<reference>/modifier", methods=["GET", "POST"])
@requires(P.REFERRAL_WRITE)
def revise(actor: Actor, reference: str) -> Response:
    """Change what is written, until the device is handed over."""
    need_names()
    referral = referral_for(actor, reference)
    refuse_revision(referral)
    g.section = "referrals.referrals"
    form = Form(CompleteReferral, start=_start_of(referral), choices=offered(referral))
    if request.method == "POST":
        is_draft = referral.state is ReferralState.DRAFT
        later = "later" in request.form
        with form.catching(), unit_of_work():
            revise_referral(actor, referral, **load(DraftReferral if later and is_draft else CompleteReferral, form.sent()))
            if is_draft and not later and (look_up(actor, referral) or is_to_answer(referral)):
                return go("referrals.household", reference=reference)
            if is_draft and not later:
                referral_machine.fire(referral, "submit", actor)
                return go("referrals.referral", done=_("Orientation %(reference)s transmise.", reference=reference), reference=reference)
            return go("referrals.referral", done=_("Réponses enregistrées."), reference=reference)
        referral = referral_for(actor, reference)
    return page("referrals/cases/write.html", form=form, referral=referral, partners=[], asked=open_question(referral))


@blueprint.route("/orientations/<reference>/joindre", methods=["GET", "POST"])
@requires(P.REFERRAL_WRITE)
def contact(actor: Actor, reference: str) -> Response:
    """Correct how a person is reached, after the hand-over too."""
    need_names()
    found = referral_for(actor, reference)
    g.section = "referrals.referrals"
    # No letter goes where everything is over: where she lives is known no longer.
    ways = [(each.value, word) for each, word in CHANNELS.items() if found.state.is_under_way or each is not Channel.LETTER]
    form = Form(PersonReached, start=_start_of(found), choices={"channel": ways})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_contact_of(actor, found, **form.load())
            return go("referrals.referral", done=_("Moyen de joindre la personne corrigé."), reference=reference)
        found = referral_for(actor, reference)
    return page("referrals/cases/contact.html", form=form, referral=found)


def _left_over(*, asked_for: bool, may_write: bool) -> str:
    """What was typed in a form that the page has no more: a question that was closed meanwhile, a file that is over."""
    gone = [name for name, there in (("answer", asked_for), ("word", may_write)) if not there]
    return "\n".join(request.form[name] for name in gone if request.form.get(name))[:1000]


def _write_in_thread(actor: Actor, found: Referral, told: dict[str, Any]) -> str:
    if "answer" in told:
        referral_machine.fire(found, "answer", actor, **told)
        return _("Réponse envoyée à la coordination.")
    write_word(actor, found, **told)
    return _("Votre mot est dans le dossier.")


@blueprint.route("/orientations/<reference>", methods=["GET", "POST"])
@requires(P.REFERRAL_READ)
def referral(actor: Actor, reference: str) -> Response:
    """One referral: where it stands, for whom it is, what happened; the answer to an open question, or a word, is written here."""
    found = referral_for(actor, reference)
    form = Form(AnswerTold if "answer" in request.form else WordTold)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            return go("referrals.referral", done=_write_in_thread(actor, found, form.load()), reference=reference)
        found = referral_for(actor, reference)
    note(SecurityKind.FILE_OPENED, actor, found.reference)
    g.section = "referrals.waiting" if sees_all(actor) else "referrals.referrals"
    held, asked = allocation_of_referral(found), open_question(found)
    decided = as_decided(held) if held else None
    may_write = found.state.is_under_way and (actor.may(P.REFERRAL_WRITE) or actor.may(P.REFERRAL_DECIDE))
    return page(
        "referrals/cases/referral.html",
        referral=found,
        look=look_of(found),
        looks=referral_machine.looks,
        steps=steps_of(found),
        choices=referral_machine.open_to(found, actor),
        is_editable=found.state in EDITABLE,
        is_correctable=found.state in CORRECTABLE - EDITABLE and actor.may(P.REFERRAL_WRITE) and (held is None or held.handover is None),
        is_reachable=found.state not in EDITABLE and found.beneficiary.forgotten_at is None and actor.may(P.REFERRAL_WRITE),
        allocation=held,
        wait=wait_of(found),
        decided=decided,
        decision=decision_of(decided) if decided else None,
        ruling=ruling_for(found),
        history=history_of(found),
        kinds=DEVICE_KINDS,
        usages=USAGES,
        situations=SITUATIONS,
        areas=PRIORITY_AREAS,
        connections=CONNECTIONS,
        mobilities=MOBILITIES,
        adapted=adaptations_said(found),
        link=link_of(found),
        notice=NOTICE_LANGUAGES[found.notice_language] if found.notice_language else None,
        purposes=[PURPOSES[each] for each in PURPOSES if each in found.purposes],
        refusal_reasons=REFUSAL_REASONS,
        told=reader.address if (reader := reader_of(found)) else None,
        form=form,
        answer=form if form.schema is AnswerTold else Form(AnswerTold),
        word=form if form.schema is WordTold else Form(WordTold),
        thread=thread_of(found),
        asked=asked,
        may_write=may_write,
        left=_left_over(asked_for=asked is not None, may_write=may_write),
        is_to_answer=is_to_answer(found),
        panels=hung_on(actor, found),
        household=household_of(found) if actor.may(P.REFERRAL_DECIDE) else None,
    )
