"""The catalogue as open data: what can be borrowed, on which terms, where, and how many are free; counts only, for everybody."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from flask import Response, request, url_for

from refurb.directory.rota.queries import next_passages
from refurb.directory.sites.queries import SiteCard
from refurb.kernel.deeds.facts import load
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.folding import slug
from refurb.kernel.web.api import RefusalSchema, answer, api_blueprint
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.guards import public
from refurb.kernel.web.pages import static_url
from refurb.lending.catalogue.queries import ListedProduct, contents_of, days_free, keeper_at, listed_products, places_of, public_product
from refurb.lending.catalogue.road import stops, stops_for
from refurb.lending.catalogue.schemas import FreeDays
from refurb.lending.catalogue.views import KEPT_SECONDS
from refurb.lending.terms import loan_policy

api = api_blueprint("catalogue", "What can be borrowed, as open data: products, terms, places, and how many are free on which days.")
_REFUSED = {"schema": RefusalSchema, "description": "Refused: the days cannot be read."}
SCHEMA = "schemas/catalogue.json"
MOST_TOLD = 4
"""So many passages of a stop are told."""


def at_minute(minute: int) -> time:
    """A minute of a day on its clock; the last one for midnight at its end."""
    hour, left = divmod(min(minute, 24 * 60 - 1), 60)
    return time(hour, left)


def _open(told: dict[str, Any]) -> Response:
    """Everybody may keep it for a while, and asks again by its mark then."""
    said: Response = answer({"schema": url_for("static", filename=SCHEMA, _external=True), **told})
    said.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return said


def _place(place: SiteCard) -> dict[str, Any]:
    return {"id": place.id, "name": place.name, "postcode": place.postcode, "commune": place.commune}


def _stops(found: Sequence[SiteCard]) -> list[dict[str, Any]]:
    """Each stop with its next passages: the days on which something is fetched or brought back there."""
    coming = next_passages({each.id for each in found}, today(), MOST_TOLD)
    return [
        _place(each)
        | {
            "passages": [
                {
                    "day": one.day.isoformat(),
                    "from": at_minute(one.opens).isoformat("minutes"),
                    "to": at_minute(one.closes).isoformat("minutes"),
                }
                for one in coming[each.id]
            ],
            "calendar": url_for("rota.feed_of_commune", commune=slug(each.commune or each.name), _external=True),
        }
        for each in found
    ]


def _told(each: ListedProduct, stops: Sequence[SiteCard]) -> dict[str, Any]:
    return {
        "id": each.product.id,
        "name": each.product.name,
        "about": each.product.about,
        "category": {"key": each.product.category, "name": str(each.terms.name)},
        "terms": {
            "longest_days": each.terms.longest,
            "usual_days": each.terms.days,
            "renewals": each.terms.renewals,
            "advance_days": each.terms.advance,
            "needs_approval": each.terms.approval,
        },
        "places": [_place(one) for one in each.places],
        "stops": [one.id for one in stops] if each.terms.at_stops else [],
        "picture": request.url_root.rstrip("/") + static_url(f"img/{each.product.picture or 'malle'}-large.svg"),
        "page": url_for("lending.public_product_page", number=each.product.id, _external=True),
        "calendar": url_for("lending.product_feed", number=each.product.id, _external=True),
    }


@api.get("/catalogue")
@api.response(200)
@public
def public_products() -> Any:
    """Every product that can be borrowed, by name, and the stops of the vehicle. Without an account."""
    found = stops()
    return _open({"products": [_told(each, found) for each in listed_products()], "stops": _stops(found)})


@api.get("/catalogue/<int:number>")
@api.response(200)
@public
def public_product_told(number: int) -> Any:
    """One product with what belongs to it."""
    product = public_product(number)
    listed = ListedProduct(product, loan_policy().terms(product.category), places_of(product))
    contents = [{"name": each.name, "quantity": each.quantity} for each in contents_of(product)]
    return _open({"product": _told(listed, stops()) | {"contents": contents}})


@api.get("/catalogue/<int:number>/availability")
@api.response(200)
@api.alt_response(422, **_REFUSED)
@public
def public_availability(number: int) -> Any:
    """How many are free on each day, `from` to `to` half-open, three months at most; at `place`, a stop too, else at each place."""
    product = public_product(number)
    asked = {"from": today().isoformat(), "to": (today() + timedelta(days=31)).isoformat()} | request.args.to_dict()
    days = load(FreeDays, {name: asked[name] for name in ("from", "to")})
    places = places_of(product)
    chosen = number_asked("place")
    stop = next((each for each in stops_for(product) if each.id == chosen), None) if chosen else None
    shown: list[tuple[SiteCard, SiteCard, SiteCard | None]] = [(each, each, None) for each in places if chosen in {None, each.id}]
    if stop is not None:
        shown = [(stop, kept, stop)] if (kept := keeper_at(product, stop)) else []
    return _open(
        {
            "product": {"id": product.id, "name": product.name},
            "places": [
                {
                    "id": place.id,
                    "name": place.name,
                    "days": [
                        {"day": cell.day.isoformat(), "free": cell.free, "open": cell.is_open}
                        for cell in days_free(product, kept, days["from"], days["to"], at_stop)
                    ],
                }
                for place, kept, at_stop in shown
            ],
        }
    )
