"""What stops requests: refusals by reason, what holds those that wait, and partners that ask for nothing."""

from werkzeug.wrappers import Response

from refurb.directory.organisations.shown import FEW, masked
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import today
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.preview import held_back
from refurb.referrals.cases.purposes import purposes_of
from refurb.referrals.cases.queries.barriers import HELD, year_of_asks, years_of_asks
from refurb.referrals.cases.queries.referrals import count_in
from refurb.referrals.words import ReferralState


@blueprint.get("/attente/freins")
@requires(Permission.REFERRAL_DECIDE)
def barriers(actor: Actor) -> Response:
    """What stopped whom in a year, and what holds those that wait today."""
    years = years_of_asks() or [today().year]
    asked = number_asked("annee")
    held = held_back()
    told = year_of_asks(asked if asked in years else years[0])
    lines = [(word, masked(held[key])) for key, word in HELD.items()]
    answers = masked(count_in(actor, ReferralState.NEEDS_INFORMATION))
    return page(
        "referrals/cases/barriers.html",
        told=told,
        purposes=purposes_of(told.year),
        years=years,
        held=lines,
        answers=answers,
        few=FEW,
    )
