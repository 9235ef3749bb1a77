"""The page of whoever agreed, by her link: what she lets us show, her words to approve, each withdrawal. GET changes nothing."""

from flask import request
from werkzeug.wrappers import Response

from refurb.ceremonies.blueprint import blueprint
from refurb.ceremonies.consents.actions import restorable, restore, withdraw
from refurb.ceremonies.consents.effects import consent_of_link
from refurb.ceremonies.consents.models import TAKEN_DOWN_WITHIN, Consent
from refurb.ceremonies.consents.queries import uses_by
from refurb.ceremonies.consents.schemas import Withdrawn
from refurb.ceremonies.consents.uses import hers_to_take_down
from refurb.ceremonies.consents.views import receipt_pdf, record_file
from refurb.ceremonies.consents.words import CHANNEL_ICONS, CHANNELS, SHOWINGS
from refurb.ceremonies.testimonies.actions import answer_testimony, sum_of
from refurb.ceremonies.testimonies.queries import named, testimonies_by, testimony_at
from refurb.ceremonies.testimonies.schemas import TestimonyAnswered
from refurb.directory.queries import home
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, shown_again
from refurb.kernel.web.pages import go, page


def _unlisted(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _own(found: Consent, token: str, form: Form, asked: int | None = None) -> Response:
    uses = uses_by(found)
    shown = [
        (each, sum(1 for use in uses if use.taken_down_at is None and any(grant.id == each.id for grant in use.grants)))
        for each in found.live
    ]
    return _unlisted(
        page(
            "ceremonies/consents/own.html", form=form, consent=found, token=token, shown=shown, channels=CHANNELS, showings=SHOWINGS,
            icons=CHANNEL_ICONS, withdrawn=[each for each in found.grants if each.withdrawn_at is not None], back=bool(restorable(found)),
            hanging=hers_to_take_down(found), down=[each for each in uses if each.taken_down_at is not None], home=home(),
            within=TAKEN_DOWN_WITHIN.days, words=[(each, sum_of(each), named(each)) for each in testimonies_by(found)], asked=asked,
        )
    )  # fmt: skip


@blueprint.get("/mon-accord/<token>")
@public
def own_consent(token: str) -> Response:
    """What somebody agreed to, and each press that ends it."""
    return _own(consent_of_link(token), token, Form(NoFacts))


@blueprint.post("/mon-accord/<token>/retirer")
@public
@shown_again
def own_withdraw(token: str) -> Response:
    """She withdraws: what she names, or everything."""
    found, form = consent_of_link(token), Form(Withdrawn)
    with form.catching(), unit_of_work():
        withdraw(SERVICE, found, form.load()["grants"])
        return go("ceremonies.own_consent", done=_("C'est retiré."), token=token)
    return _own(consent_of_link(token), token, form)


@blueprint.post("/mon-accord/<token>/erreur")
@public
@shown_again
def own_restore(token: str) -> Response:
    """It was a mistake."""
    found, form = consent_of_link(token), Form(NoFacts)
    with form.catching(), unit_of_work():
        restore(SERVICE, found)
        return go("ceremonies.own_consent", done=_("Votre accord vaut de nouveau."), token=token)
    return _own(consent_of_link(token), token, form)


@blueprint.post("/mon-accord/<token>/mots/<int:testimony>")
@public
@shown_again
def own_words(token: str, testimony: int) -> Response:
    """Whether these are her words."""
    found, form = consent_of_link(token), Form(TestimonyAnswered)
    with form.catching(), unit_of_work():
        answer_testimony(SERVICE, testimony_at(SERVICE, found, testimony), **form.load())
        said = _("Rien n'est montré.") if request.form.get("answer") == "no" else _("Merci. Ce sont vos mots.")
        return go("ceremonies.own_consent", done=said, token=token)
    return _own(consent_of_link(token), token, form, testimony)


@blueprint.get("/mon-accord/<token>/recu.pdf")
@public
def own_receipt(token: str) -> Response:
    """Her receipt."""
    return _unlisted(receipt_pdf(consent_of_link(token)))


@blueprint.get("/mon-accord/<token>/recu.json")
@public
def own_record(token: str) -> Response:
    """Her receipt for machines."""
    return _unlisted(record_file(consent_of_link(token)))
