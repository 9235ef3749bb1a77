"""The pages of what is shown: put somewhere, taken down."""

from flask import request
from werkzeug.wrappers import Response

from refurb.ceremonies.blueprint import blueprint
from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.queries import consents_of, use_at
from refurb.ceremonies.consents.rules import NoLiveConsent
from refurb.ceremonies.consents.schemas import UseTold
from refurb.ceremonies.consents.uses import hang_again, record_use, take_down
from refurb.ceremonies.consents.views import said_of
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.queries import ceremony_for
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.undo import Undo

P = Permission


def persons_of(ceremony: Ceremony, numbers: list[int]) -> list[Consent]:
    """The consents that were named; raises `Invalid` beside the field for one that is of no person of this ceremony."""
    known = {each.id: each for each in consents_of(ceremony)}
    if not set(numbers) <= known.keys():
        raise Invalid({"consents": [Fault("field.choice")]})
    return [known[each] for each in dict.fromkeys(numbers)]


@blueprint.route("/ceremonies/<int:number>/usages/nouveau", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def use_add(actor: Actor, number: int) -> Response:
    """Write down that something was put somewhere."""
    ceremony = ceremony_for(actor, number)
    form = Form(UseTold, start={"published_on": today(), "keeper": actor.name}, field_of={NoLiveConsent: "consents"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            told = form.load()
            persons = persons_of(ceremony, told.pop("consents"))
            record_use(actor, ceremony, persons=persons, **told)
            return go("ceremonies.consents", done=_("Noté."), number=number)
        ceremony = ceremony_for(actor, number)
    form.choices = {
        "consents": [(str(each.id), each.name, " · ".join(said_of(each))) for each in consents_of(ceremony) if each.standing.is_given]
    }
    return page("ceremonies/consents/use.html", form=form, ceremony=ceremony)


@blueprint.post("/ceremonies/<int:number>/usages/<int:use>/enleve")
@requires(P.CEREMONY_WRITE)
def use_down(actor: Actor, number: int, use: int) -> Response:
    """It hangs nowhere any more."""
    with unit_of_work():
        take_down(actor, use_at(actor, number, use))
        back = Undo(f"/ceremonies/{number}/usages/{use}/encore-la")
        return go("ceremonies.consents", done=_("Noté : c'est enlevé."), undo=back, number=number)


@blueprint.post("/ceremonies/<int:number>/usages/<int:use>/encore-la")
@requires(P.CEREMONY_WRITE)
def use_again(actor: Actor, number: int, use: int) -> Response:
    """It is not down, after all."""
    with unit_of_work():
        hang_again(actor, use_at(actor, number, use))
        return go("ceremonies.consents", done=_("Noté : c'est encore en place."), number=number)
