"""The catalogue as open data: what can be borrowed, on which terms, where, and how many are free; counts only, for everybody."""

from datetime import timedelta
from typing import Any

from flask import Response, request, url_for

from refurb.kernel.deeds.facts import load
from refurb.kernel.speech.clock import today
from refurb.kernel.web.api import RefusalSchema, answer, api_blueprint
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.guards import public
from refurb.kernel.web.pages import static_url
from refurb.lending.catalogue.queries import ListedProduct, contents_of, days_free, listed_products, places_of, public_product
from refurb.lending.catalogue.schemas import FreeDays
from refurb.lending.catalogue.views import KEPT_SECONDS
from refurb.lending.terms import loan_policy

api = api_blueprint("catalogue", "What can be borrowed, as open data: products, terms, places, and how many are free on which days.")
_REFUSED = {"schema": RefusalSchema, "description": "Refused: the days cannot be read."}
SCHEMA = "schemas/catalogue.json"


def _open(told: dict[str, Any]) -> Response:
    """Everybody may keep it for a while, and asks again by its mark then."""
    said: Response = answer({"schema": url_for("static", filename=SCHEMA, _external=True), **told})
    said.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return said


def _told(each: ListedProduct) -> dict[str, Any]:
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
        "places": [{"id": one.id, "name": one.name, "postcode": one.postcode, "commune": one.commune} for one in each.places],
        "picture": request.url_root.rstrip("/") + static_url(f"img/{each.product.picture or 'malle'}-large.svg"),
        "page": url_for("lending.public_product_page", number=each.product.id, _external=True),
        "calendar": url_for("lending.product_feed", number=each.product.id, _external=True),
    }


@api.get("/catalogue")
@api.response(200)
@public
def public_products() -> Any:
    """Every product that can be borrowed, by name. Without an account."""
    return _open({"products": [_told(each) for each in listed_products()]})


@api.get("/catalogue/<int:number>")
@api.response(200)
@public
def public_product_told(number: int) -> Any:
    """One product with what belongs to it."""
    product = public_product(number)
    listed = ListedProduct(product, loan_policy().terms(product.category), places_of(product))
    contents = [{"name": each.name, "quantity": each.quantity} for each in contents_of(product)]
    return _open({"product": _told(listed) | {"contents": contents}})


@api.get("/catalogue/<int:number>/availability")
@api.response(200)
@api.alt_response(422, **_REFUSED)
@public
def public_availability(number: int) -> Any:
    """How many are free on each day, `from` to `to` half-open, three months at most; at `place`, else at each place."""
    product = public_product(number)
    asked = {"from": today().isoformat(), "to": (today() + timedelta(days=31)).isoformat()} | request.args.to_dict()
    days = load(FreeDays, {name: asked[name] for name in ("from", "to")})
    places = places_of(product)
    chosen = number_asked("place")
    return _open(
        {
            "product": {"id": product.id, "name": product.name},
            "places": [
                {
                    "id": place.id,
                    "name": place.name,
                    "days": [
                        {"day": cell.day.isoformat(), "free": cell.free, "open": cell.is_open}
                        for cell in days_free(product, place, days["from"], days["to"])
                    ],
                }
                for place in places
                if chosen in {None, place.id}
            ],
        }
    )
