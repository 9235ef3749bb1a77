"""The JSON door of reservations: what is free, reserve, change, cancel."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for

from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.rules import chosen_site
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body, listed
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.routes import reads, writes
from refurb.kernel.web.search import page_number
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.items.queries import item_by_code
from refurb.lending.reservations import views as reservation_pages
from refurb.lending.reservations.actions import change, reserve
from refurb.lending.reservations.packing import pack, unpack
from refurb.lending.reservations.queries import ReservationRow, WhichReservations, reservation_by_reference, reservation_listing
from refurb.lending.reservations.schemas import ChangedReservation, NewReservation, ReservedDates, ThingOfBag

P = Permission

api = api_blueprint("reservations", "What is reserved: which products are free on which days, reserving, changing, cancelling.")


@writes(api, "/availability", P.LOAN_READ, method="GET", refused=(422,))
def availability(actor: Actor) -> Any:
    """What is free of each product from `from_on` to `to_on` (half-open) at `site`: exactly, and by the quick bounds."""
    days = load(ReservedDates, {name: request.args.get(name, "") for name in ("from_on", "to_on")})
    found = reservation_pages.offered(chosen_site(actor, site_asked()), **days)
    return {
        "products": [
            {
                "id": each.product.id,
                "name": each.product.name,
                "count": each.free.count,
                "free": each.exactly,
                "at_least": each.free.at_least,
                "at_most": each.free.at_most,
            }
            for each in found
        ]
    }


@reads(api, "/reservations", P.LOAN_READ)
def list_reservations(actor: Actor) -> Any:
    """Reservations by day: `state` is to_come (by default), to_answer, short or all; `q` searches, `site` filters."""
    which = {
        "to_answer": WhichReservations.TO_ANSWER, "short": WhichReservations.SHORT, "all": WhichReservations.ALL
    }.get(request.args.get("state", ""), WhichReservations.TO_COME)  # fmt: skip
    found = reservation_listing(actor, which, request.args.get("q", "")[:100], site_asked()).page(page_number())
    return listed(found, [_row(each, actor) for each in found.rows])


def _row(found: ReservationRow, actor: Actor) -> dict[str, Any]:
    what = [{"product": name, "quantity": quantity} for name, quantity in found.what]
    told = {"reference": found.reference, "state": found.state, "from_on": found.from_on, "to_on": found.to_on, "short": found.short}
    who = {"code": found.borrower_code, "name": found.borrower} if actor.may(P.BORROWER_READ) else None
    return {**plain(told), "lines": what, "borrower": who}


@writes(api, "/reservations", P.LOAN_WRITE, takes=NewReservation, done=201, refused=(409, 422))
def create_reservation(actor: Actor) -> Any:
    """Reserve: the borrower's code, the days half-open, and how many of each product."""
    facts = load(NewReservation, json_body())
    with unit_of_work():
        made = reserve(actor, borrower_by_code(actor, facts.pop("borrower")), **facts)
        return answer(reservation_pages.dump(made, actor), 201, location=url_for(".show_reservation", reference=made.reference))


@reads(api, "/reservations/<reference>", P.LOAN_READ)
def show_reservation(actor: Actor, reference: str) -> Any:
    """One reservation."""
    return reservation_pages.dump(reservation_by_reference(actor, reference), actor)


@writes(api, "/reservations/<reference>", P.LOAN_WRITE, method="PUT", takes=ChangedReservation, refused=(409, 422))
def change_a_reservation(actor: Actor, reference: str) -> Any:
    """Other days and numbers; refused, the old ones stay."""
    facts = load(ChangedReservation, json_body())
    found = reservation_by_reference(actor, reference)
    with unit_of_work():
        return answer(reservation_pages.dump(change(actor, found, **facts), actor))


@writes(api, "/reservations/<reference>/pack", P.LOAN_WRITE, takes=ThingOfBag)
def pack_a_thing(actor: Actor, reference: str) -> Any:
    """Put the thing of a `code` into the bag of a reservation, which keeps exactly this one until it leaves."""
    return _packed(actor, reference, pack)


@writes(api, "/reservations/<reference>/unpack", P.LOAN_WRITE, takes=ThingOfBag)
def unpack_a_thing(actor: Actor, reference: str) -> Any:
    """Take the thing of a `code` out of the bag again."""
    return _packed(actor, reference, unpack)


def _packed(actor: Actor, reference: str, deed: Callable[..., None]) -> Any:
    facts = load(ThingOfBag, json_body())
    found, item = reservation_by_reference(actor, reference), item_by_code(actor, facts["code"])
    with unit_of_work():
        deed(actor, found, item)
        return answer(reservation_pages.dump(found, actor))


add_api(api, reservation_pages.DOORS, "/reservations/<reference>")
