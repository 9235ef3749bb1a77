"""The pages of testimonies: typed for somebody, corrected, approved by her on this screen."""

from flask import request
from werkzeug.wrappers import Response

from refurb.ceremonies.blueprint import blueprint
from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.queries import consent_at
from refurb.ceremonies.testimonies.actions import answer_testimony, change_words, sum_of, write_testimony
from refurb.ceremonies.testimonies.models import Testimony
from refurb.ceremonies.testimonies.queries import named, testimony_at
from refurb.ceremonies.testimonies.schemas import TestimonyAnswered, TestimonyTold
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission


@blueprint.route("/ceremonies/<int:number>/accords/<int:consent>/temoignages/nouveau", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def testimony_add(actor: Actor, number: int, consent: int) -> Response:
    """Type somebody's words for her."""
    need_names()
    found, form = consent_at(actor, number, consent), Form(TestimonyTold, start={"said_on": today()})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            write_testimony(actor, found, **form.load())
            return go("ceremonies.consent", done=_("Noté. Rien ne paraît sans son oui."), number=number, consent=consent)
        found = consent_at(actor, number, consent)
    return _page(found, form, None)


@blueprint.route("/ceremonies/<int:number>/accords/<int:consent>/temoignages/<int:testimony>/modifier", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def testimony_change(actor: Actor, number: int, consent: int, testimony: int) -> Response:
    """Correct words that were typed; their author is asked again."""
    need_names()
    found = consent_at(actor, number, consent)
    said = testimony_at(actor, found, testimony)
    form = Form(TestimonyTold, start={"words": said.words, "said_on": said.said_on})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            change_words(actor, said, **form.load())
            return go("ceremonies.consent", done=_("Corrigé. Son oui est redemandé."), number=number, consent=consent)
        found = consent_at(actor, number, consent)
    return _page(found, form, testimony_at(actor, found, testimony))


def _page(found: Consent, form: Form, said: Testimony | None) -> Response:
    ceremony = found.invitation.ceremony
    return page("ceremonies/consents/testimony.html", form=form, consent=found, ceremony=ceremony, testimony=said)


@blueprint.route("/ceremonies/<int:number>/accords/<int:consent>/temoignages/<int:testimony>/approuver", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def testimony_approve(actor: Actor, number: int, consent: int, testimony: int) -> Response:
    """Its author reads it on this screen, and says whether these are her words."""
    need_names()
    found, form = consent_at(actor, number, consent), Form(TestimonyAnswered)
    said = testimony_at(actor, found, testimony)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            answer_testimony(actor, said, **form.load())
            return go("ceremonies.consent", done=_("C'est noté."), number=number, consent=consent)
        found = consent_at(actor, number, consent)
        said = testimony_at(actor, found, testimony)
    return page(
        "ceremonies/consents/approve.html", form=form, consent=found, ceremony=found.invitation.ceremony, testimony=said,
        read=sum_of(said), name=named(said),
    )  # fmt: skip
