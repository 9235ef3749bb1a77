"""The pages of consents: who was asked, what somebody lets us show, each signature, the receipt, and the withdrawal at the desk."""

import json
from datetime import date

from flask import request
from werkzeug.wrappers import Response

from refurb.ceremonies.blueprint import blueprint
from refurb.ceremonies.consents.actions import (
    ask_consent,
    close_link,
    last_day,
    restorable,
    restore,
    say_no,
    say_yes,
    want_nothing,
    withdraw,
)
from refurb.ceremonies.consents.effects import own_address
from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.pdf import link_page, paper_to_sign
from refurb.ceremonies.consents.queries import comes_in, consent_at, consents_of, name_of, uses_by, uses_of, uses_to_take_down, voice_at
from refurb.ceremonies.consents.receipt import as_record
from refurb.ceremonies.consents.rules import AskedTwice, EveryPlaceAsked
from refurb.ceremonies.consents.schemas import ConsentAsked, VoiceSigned, Withdrawn, said_pair
from refurb.ceremonies.consents.texts import CONSENT_LETTER
from refurb.ceremonies.consents.voices import voice_address
from refurb.ceremonies.consents.words import (
    CHANNEL_HELP,
    CHANNEL_ICONS,
    CHANNELS,
    OFFERED,
    SHOWINGS,
    UNTIL,
    VOICE_ROLES,
    ConsentStanding,
    Until,
)
from refurb.ceremonies.guests.queries import invitation_at
from refurb.ceremonies.guests.reached import mail_address
from refurb.ceremonies.queries import ceremony_for
from refurb.ceremonies.testimonies.queries import testimonies_by, testimonies_of
from refurb.directory.letters import HOUSE
from refurb.directory.queries import home
from refurb.documents.signatures import Binding
from refurb.documents.views import paper_pdf
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.short_messages import for_telephone
from refurb.kernel.speech.words import _, _lp, day
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page
from refurb.kernel.web.undo import Undo

P = Permission
S = ConsentStanding
LOOKS = {
    S.ASKED: Look(_lp("consent", "À signer"), "pen-line", "wait"),
    S.GIVEN: Look(_lp("consent", "D'accord"), "circle-check", "ok"),
    S.REFUSED: Look(_lp("consent", "Non"), "camera-off", "stop"),
    S.ENDED: Look(_lp("consent", "Retiré ou terminé"), "eye-off", "stop"),
}


@blueprint.get("/ceremonies/<int:number>/accords")
@requires(P.CEREMONY_WRITE)
def consents(actor: Actor, number: int) -> Response:
    """Who agreed to what, what is to be taken down, where things were shown; and whoever may still be asked."""
    ceremony = ceremony_for(actor, number)
    found = consents_of(ceremony)
    return page(
        "ceremonies/consents/list.html", ceremony=ceremony, consents=[(each, LOOKS[each.standing], said_of(each)) for each in found],
        people=comes_in(ceremony), uses=uses_of(ceremony), down=uses_to_take_down(ceremony), showings=SHOWINGS, channels=CHANNELS,
        testimonies=testimonies_of(ceremony), icons=CHANNEL_ICONS,
    )  # fmt: skip


def said_of(consent: Consent) -> list[str]:
    """What may be shown of somebody today, a line each."""
    return [f"{CHANNELS[each.channel]} : {SHOWINGS[each.showing]}" for each in consent.live]


@blueprint.route("/ceremonies/<int:number>/invites/<int:invited>/accord", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def consent_ask(actor: Actor, number: int, invited: int) -> Response:
    """What somebody lets us show: nothing is ticked in advance, and « nothing » stands first."""
    need_names()
    found = invitation_at(actor, number, invited)
    form = Form(ConsentAsked, start={"name": name_of(found), "naming": ""}, field_of={AskedTwice: "name", EveryPlaceAsked: "name"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = ask_consent(actor, found, **form.load())
            return go("ceremonies.consent", done=_("Noté. Chacun signe maintenant."), number=number, consent=made.id)
        found = invitation_at(actor, number, invited)
    ends = [(each.value, _until_said(last_day(found.ceremony, each), each)) for each in Until]
    form.choices = {"naming": names_offered(name_of(found)), **{f"{each.value}_until": ends for each in OFFERED}}
    return page(
        "ceremonies/consents/ask.html", form=form, invitation=found, ceremony=found.ceremony, channels=CHANNELS, help=CHANNEL_HELP,
        icons=CHANNEL_ICONS,
        offered=[(each, [(said_pair(each, place), SHOWINGS[place]) for place in places]) for each, places in OFFERED.items()],
    )  # fmt: skip


def _until_said(last: date, until: Until) -> str:
    return f"{day(last)} ({UNTIL[until]})"


def names_offered(name: str) -> list[tuple[str, str]]:
    """Under which names somebody may be shown: none, the first name, with the first letters of the others."""
    first, *others = [part for part in name.split() if part not in {"M.", "Mme"}] or [""]
    shorter = " ".join([first, *(f"{part[0]}." for part in others)])
    said = dict.fromkeys(each for each in (first, shorter) if each)
    return [("", _("Sans mon nom")), *((each, f"« {each} »") for each in said)]


@blueprint.post("/ceremonies/<int:number>/invites/<int:invited>/rien")
@requires(P.CEREMONY_WRITE)
def consent_nothing(actor: Actor, number: int, invited: int) -> Response:
    """Somebody would rather show nothing."""
    found = invitation_at(actor, number, invited)
    with unit_of_work():
        want_nothing(actor, found)
        return go("ceremonies.consents", done=_("C'est noté : rien n'est montré."), number=number)


@blueprint.get("/ceremonies/<int:number>/accords/<int:consent>")
@requires(P.CEREMONY_WRITE)
def consent(actor: Actor, number: int, consent: int) -> Response:
    """One consent: who has signed, what may be shown, where it is shown, the words, the link."""
    return _shown(consent_at(actor, number, consent), Form(NoFacts))


def _shown(found: Consent, form: Form) -> Response:
    need_names()
    given, link = found.given_at is not None, own_address(found)
    sms = for_telephone(CONSENT_LETTER.in_force().say("sms", link=link, **{HOUSE.name: home().name})) if given else ""
    return page(
        "ceremonies/consents/consent.html", form=form, consent=found, ceremony=found.invitation.ceremony, look=LOOKS[found.standing],
        roles=VOICE_ROLES, channels=CHANNELS, showings=SHOWINGS, icons=CHANNEL_ICONS, uses=uses_by(found), sms=sms,
        is_mailed=mail_address(found.invitation) is not None, testimonies=testimonies_by(found), back=bool(restorable(found)),
        link_of=voice_address,
    )  # fmt: skip


@blueprint.route("/ceremonies/<int:number>/accords/<int:consent>/signer/<int:position>", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def consent_sign(actor: Actor, number: int, consent: int, position: int) -> Response:
    """The sentence, and the place to sign it: on this screen, or on the paper that is before the eyes."""
    need_names()
    found = consent_at(actor, number, consent)
    form, binding = Form(VoiceSigned, start={"way": "drawn", "signed_on": today()}), Binding(covers="nothing", shown=found.digest)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            binding.check()
            say_yes(actor, voice_at(found, position), **form.load())
            done = _("Accord signé par tous : le reçu est prêt.") if found.given_at else _("Signé. Il manque encore une signature.")
            return go("ceremonies.consent", done=done, number=number, consent=consent)
        found = consent_at(actor, number, consent)
    return page(
        "ceremonies/consents/sign.html", form=form, binding=binding, consent=found, ceremony=found.invitation.ceremony,
        voice=voice_at(found, position), roles=VOICE_ROLES,
    )  # fmt: skip


@blueprint.post("/ceremonies/<int:number>/accords/<int:consent>/non/<int:position>")
@requires(P.CEREMONY_WRITE)
def consent_no(actor: Actor, number: int, consent: int, position: int) -> Response:
    """Somebody says no."""
    found, form = consent_at(actor, number, consent), Form(NoFacts)
    with form.catching(), unit_of_work():
        say_no(actor, voice_at(found, position))
        return go("ceremonies.consent", done=_("Noté : c'est non, rien n'est montré."), number=number, consent=consent)
    return _shown(consent_at(actor, number, consent), form)


@blueprint.post("/ceremonies/<int:number>/accords/<int:consent>/retirer")
@requires(P.CEREMONY_WRITE)
def consent_withdraw(actor: Actor, number: int, consent: int) -> Response:
    """Somebody withdraws at the desk, or by telephone."""
    found, form = consent_at(actor, number, consent), Form(Withdrawn)
    with form.catching(), unit_of_work():
        withdraw(actor, found, form.load()["grants"])
        back = Undo(f"/ceremonies/{number}/accords/{consent}/retablir")
        return go("ceremonies.consent", done=_("Retiré. Plus personne ne s'en sert."), undo=back, number=number, consent=consent)
    return _shown(consent_at(actor, number, consent), form)


@blueprint.post("/ceremonies/<int:number>/accords/<int:consent>/retablir")
@requires(P.CEREMONY_WRITE)
def consent_restore(actor: Actor, number: int, consent: int) -> Response:
    """A withdrawal of the last hour was a mistake."""
    found, form = consent_at(actor, number, consent), Form(NoFacts)
    with form.catching(), unit_of_work():
        restore(actor, found)
        return go("ceremonies.consent", done=_("L'accord vaut de nouveau."), number=number, consent=consent)
    return _shown(consent_at(actor, number, consent), form)


@blueprint.post("/ceremonies/<int:number>/accords/<int:consent>/fermer-ce-lien")
@requires(P.CEREMONY_WRITE)
def consent_close_link(actor: Actor, number: int, consent: int) -> Response:
    """The link that was given opens nothing any more."""
    found = consent_at(actor, number, consent)
    with unit_of_work():
        close_link(actor, found)
        done = _("Liens fermés. Donnez les nouveaux.") if found.standing.is_asked else _("Lien fermé. Donnez le nouveau.")
        return go("ceremonies.consent", done=done, number=number, consent=consent)


def _paper(content: bytes, found: Consent, name: str) -> Response:
    return download(content, f"{name}-{found.id}.pdf", "application/pdf")


@blueprint.get("/ceremonies/<int:number>/accords/<int:consent>/a-signer.pdf")
@requires(P.CEREMONY_WRITE)
def consent_paper(actor: Actor, number: int, consent: int) -> Response:
    """The sentence on paper, with a place for each signature."""
    need_names()
    found = consent_at(actor, number, consent)
    if not found.standing.is_asked:
        raise NotFound
    return _paper(paper_to_sign(found), found, "accord-a-signer")


@blueprint.get("/ceremonies/<int:number>/accords/<int:consent>/lien.pdf")
@requires(P.CEREMONY_WRITE)
def consent_link_page(actor: Actor, number: int, consent: int) -> Response:
    """The link as a page to hand over."""
    found = consent_at(actor, number, consent)
    return _paper(link_page(own_address(found)), found, "lien")


@blueprint.get("/ceremonies/<int:number>/accords/<int:consent>/recu.pdf")
@requires(P.CEREMONY_WRITE)
def consent_receipt(actor: Actor, number: int, consent: int) -> Response:
    """The receipt, to be put into the person's hand."""
    need_names()
    return receipt_pdf(consent_at(actor, number, consent))


def receipt_pdf(found: Consent) -> Response:
    """The receipt as it was issued; `NotFound` before that."""
    if found.paper is None:
        raise NotFound
    return paper_pdf(found.paper)


@blueprint.get("/ceremonies/<int:number>/accords/<int:consent>/recu.json")
@requires(P.CEREMONY_WRITE)
def consent_record(actor: Actor, number: int, consent: int) -> Response:
    """The receipt for machines."""
    need_names()
    return record_file(consent_at(actor, number, consent))


def record_file(found: Consent) -> Response:
    """The record of a consent, as a file."""
    name = found.paper.reference if found.paper else f"accord-{found.id}"
    content = json.dumps(as_record(found), ensure_ascii=False, indent=2).encode()
    return download(content, f"{name}.json", "application/json", inline=False)
