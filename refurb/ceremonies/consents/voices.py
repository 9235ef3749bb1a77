"""The page of each person whose yes a consent needs, by a link of her own: she reads the sentence, signs on her screen, or says no.

Both who are responsible for a minor have theirs, then the child; opening one changes nothing, and none answers for another.
"""

from marshmallow import Schema, ValidationError, validates_schema
from werkzeug.wrappers import Response

from refurb.ceremonies.blueprint import blueprint
from refurb.ceremonies.consents.actions import say_no, say_yes, withdraw
from refurb.ceremonies.consents.models import ConsentVoice
from refurb.ceremonies.consents.words import VOICE_ROLES
from refurb.directory.letters import page_address
from refurb.directory.queries import home
from refurb.documents.links import LinkBroken, make_addressed_link, open_addressed_link
from refurb.documents.models import SignatureWay
from refurb.documents.signatures import Binding, Drawing, check_bound
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, NotFound
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.fields import Text
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, shown_again
from refurb.kernel.web.pages import go, page

VOICE_LINK = "ceremony consent voice"
"""The purpose of the link: it answers for one person, and takes her own yes back.

The link of the whole consent is another (`effects.CONSENT_LINK`), which goes to the known address or from hand to hand: never by this one.
"""
LINK_DAYS = 60


class SignedByLink(Schema):
    """That somebody signs on her own screen."""

    signature = Drawing(_l("Signature"), sometimes=True)
    shown = Text(max=64, widget="hidden", sometimes=True)

    @validates_schema(skip_on_field_errors=False)
    def is_signed(self, facts: dict[str, object], **_: object) -> None:
        """Something was drawn, under a text."""
        drawn = facts.get("signature")
        if not isinstance(drawn, bytes):
            raise ValidationError([Fault("consent.not_signed")], "signature")
        check_bound(drawn, str(facts.get("shown") or ""))


def voice_address(voice: ConsentVoice) -> str:
    """Where one person answers; closed with the links of the consent."""
    return page_address(f"/accord-a-donner/{make_addressed_link(VOICE_LINK, voice.id, _round_of(voice.id) or '')}")


def _round_of(number: int) -> str | None:
    found = db.session.get(ConsentVoice, number)
    return str(found.consent.link_round) if found is not None else None


def _voice(token: str) -> ConsentVoice:
    found = db.session.get(ConsentVoice, open_addressed_link(VOICE_LINK, token, _round_of, days=LINK_DAYS))
    if found is None:
        raise LinkBroken
    if found.consent.forgotten_at is not None:
        raise NotFound
    return found


def _shown(token: str, form: Form) -> Response:
    voice = _voice(token)
    consent = voice.consent
    answer = page(
        "ceremonies/consents/voice.html", form=form, voice=voice, consent=consent, token=token, roles=VOICE_ROLES, home=home(),
        binding=Binding(covers="nothing", shown=consent.digest), waits=voice.role.is_child and not consent.is_childs_turn,
    )  # fmt: skip
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/accord-a-donner/<token>")
@public
def own_voice(token: str) -> Response:
    """The sentence, and the two answers."""
    return _shown(token, Form(SignedByLink))


@blueprint.post("/accord-a-donner/<token>/signer")
@public
@shown_again
def own_voice_sign(token: str) -> Response:
    """She says yes, and signs."""
    voice, form = _voice(token), Form(SignedByLink)
    with form.catching(), unit_of_work():
        Binding(covers="nothing", shown=voice.consent.digest).check()
        say_yes(SERVICE, voice, way=SignatureWay.DRAWN, by_link=True, **form.load())
        return go("ceremonies.own_voice", done=_("C'est signé, merci."), token=token)
    return _shown(token, form)


@blueprint.post("/accord-a-donner/<token>/non")
@public
@shown_again
def own_voice_no(token: str) -> Response:
    """She says no, and gives no reason."""
    voice, form = _voice(token), Form(NoFacts)
    with form.catching(), unit_of_work():
        say_no(SERVICE, voice)
        return go("ceremonies.own_voice", done=_("C'est noté : rien n'est montré."), token=token)
    return _shown(token, form)


@blueprint.post("/accord-a-donner/<token>/retirer")
@public
@shown_again
def own_voice_withdraw(token: str) -> Response:
    """She takes her yes back, as easily as she gave it: one that is missing is enough, and nothing is shown any more."""
    voice, form = _voice(token), Form(NoFacts)
    with form.catching(), unit_of_work():
        withdraw(SERVICE, voice.consent)
        return go("ceremonies.own_voice", done=_("C'est retiré."), token=token)
    return _shown(token, form)
