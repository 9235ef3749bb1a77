"""The home page of each role (the work to do, not a menu) and the search."""

from collections.abc import Callable

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from refurb.inventory.devices.queries.devices import scanned
from refurb.inventory.donations.queries.donations import donations_to_answer
from refurb.inventory.evidence.queries.review import unmatched_count
from refurb.inventory.papers.receipts.queries import years_to_declare
from refurb.inventory.words.devices import FLAG_KINDS
from refurb.keeping.queries import standing_of
from refurb.keeping.words import KeepingKind
from refurb.kernel.deeds.access import Actor, Permission, Role
from refurb.kernel.deeds.scans import Meaning
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.references import read_reference
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.lending.loans.queries import late_count, unsigned_count
from refurb.referrals.aftersales.queries import count_open as open_tickets
from refurb.referrals.cases.queries.allocations import count_to_hand_over
from refurb.referrals.cases.queries.referrals import count_in, count_to_answer, home_referrals
from refurb.referrals.cases.queries.waiting import ready_count
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.cases.unsigned import count_to_sign
from refurb.referrals.cases.views.following import followed
from refurb.referrals.cases.views.shown import places_for
from refurb.referrals.endowments.queries import count_endowments_to_decide, count_endowments_to_sign
from refurb.referrals.handovers.queries import count_to_arrange
from refurb.referrals.words import ReferralState
from refurb.reporting.queries import awaited_donations, next_ceremonies, raised_flags, stuck_effects
from refurb.reporting.search import found_for
from refurb.reporting.views.bench import bench_home
from refurb.reporting.views.blueprint import blueprint
from refurb.reporting.views.figures import figures_page
from refurb.reporting.views.first_day import first_day_page, points_now
from refurb.reporting.views.lanes import lanes_shown


@blueprint.get("/")
@requires(Permission.ACCOUNT_OWN)
def home(actor: Actor) -> Response:
    """The home page of the role as which the actor works."""
    return _HOMES.get(actor.working, _plain)(actor) if actor.working else _plain(actor)


def _office(actor: Actor) -> Response:
    return page(
        "reporting/home_office.html",
        actor=actor,
        today=today(),
        lanes=lanes_shown(),
        ready=ready_count(),
        waiting=count_in(actor, ReferralState.WAITING),
        submitted=count_in(actor, ReferralState.SUBMITTED),
        to_hand_over=count_to_hand_over(actor),
        slips_to_sign=count_to_sign(actor),
        endowments_to_sign=count_endowments_to_sign(actor),
        endowments_to_decide=count_endowments_to_decide(actor),
        receipts_due=years_to_declare() if actor.may(Permission.PAPER_ISSUE) else [],
        to_arrange=count_to_arrange(actor),
        loans_to_sign=unsigned_count(actor),
        donations=awaited_donations(),
        to_answer=donations_to_answer(actor),
        ceremonies=next_ceremonies(),
        review=unmatched_count(actor),
        flags=raised_flags(),
        flag_words=FLAG_KINDS,
        late=late_count(actor),
        tickets=open_tickets(actor),
        stuck=stuck_effects() if actor.may(Permission.EFFECT_READ) else 0,
        kept=[standing_of(kind) for kind in KeepingKind] if actor.may(Permission.ACCOUNT_ADMIN) else [],
    )


def _administration(actor: Actor) -> Response:
    """The first day's list, as long as something of it is open or broke again; a demonstration has no first day."""
    points = [] if current_app.config["DEMO"] else points_now()
    return first_day_page(points) if any(each.is_open for each in points) else _office(actor)


@blueprint.get("/accueil")
@requires(Permission.ACCOUNT_ADMIN)
def office(actor: Actor) -> Response:
    """The day's work, for whoever administers while the first day is not over: nothing is locked."""
    return _office(actor)


def _partner(actor: Actor) -> Response:
    rows = home_referrals(actor, 8)
    return page(
        "reporting/home_partner.html",
        actor=actor,
        today=today(),
        to_answer=count_to_answer(actor),
        drafts=count_in(actor, ReferralState.DRAFT),
        referrals=rows,
        followed=followed([row.reference for row in rows], ranked=False),
        looks=referral_machine.looks,
        places=places_for(actor),
    )


def _counter(_actor: Actor) -> Response:
    return redirect(url_for("lending.counter"))


def _figures(actor: Actor) -> Response:
    return figures_page(actor)


def _donations(_actor: Actor) -> Response:
    return redirect(url_for("inventory.donations_list"))


def _ceremonies(_actor: Actor) -> Response:
    return redirect(url_for("ceremonies.ceremonies"))


def _committees(_actor: Actor) -> Response:
    return redirect(url_for("referrals.committees"))


def _visits(_actor: Actor) -> Response:
    return redirect(url_for("referrals.visits"))


def _plain(actor: Actor) -> Response:
    return page("reporting/home_plain.html", actor=actor)


_HOMES: dict[Role, Callable[[Actor], Response]] = {
    Role.ADMIN: _administration,
    Role.COORDINATOR: _office,
    Role.TECHNICIAN: bench_home,
    Role.DOCK: _donations,
    Role.DESK: _counter,
    Role.ADVISER: _partner,
    Role.ORGANISER: _ceremonies,
    Role.VISITOR: _visits,
    Role.MEMBER: _committees,
    Role.PRESCRIBER: _partner,
    Role.OBSERVER: _figures,
}


def read_any_reference(_actor: Actor, typed: str) -> Meaning | None:
    """Any other reference leads to the search, which knows who may see what."""
    return Meaning("reference", None, typed, url_for("reporting.search", q=typed)) if read_reference(typed) is not None else None


@blueprint.get("/recherche")
@requires(Permission.ACCOUNT_OWN)
def search(actor: Actor) -> Response:
    """What the search box finds; a code of ours opens at once."""
    typed = " ".join(request.args.get("q", "").split())[:120]
    code = find_code(typed)
    if code is not None and scanned(code) is not None:
        return redirect(url_for("inventory.scan", typed=code))
    return page("reporting/search.html", typed=typed, found=found_for(actor, typed) if typed else [])
