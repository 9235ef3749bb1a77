"""The JSON door of spare parts: the stock, one part, what is fitted into a device and taken out of it."""

from typing import Any

from flask import Response

from refurb.inventory.blueprint import api
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.parts.actions import change_part, count_part, enter_part, fit_part, take_back_part, take_out_part
from refurb.inventory.parts.models import Part
from refurb.inventory.parts.queries import fitted_in, moves_of, part_by_code, parts, running_low, spent_by_funder, taken_from
from refurb.inventory.parts.schemas import NewPart, PartCount, PartFacts, PartInto, PieceFate, TakenOut
from refurb.inventory.parts.views.parts import wanted_parts
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, json_body, listed
from refurb.kernel.web.guards import requires
from refurb.kernel.web.search import page_number

P = Permission


def part_json(part: Part) -> dict[str, Any]:
    """One part as the API shows it."""
    return {
        "code": part.code,
        "kind": part.kind,
        "name": part.name,
        "is_lot": part.is_lot,
        "quantity": part.quantity,
        "low_at": part.low_at,
        "origin": part.origin,
        "source": part.source.code if part.source else None,
        "cost_cents": part.cost_cents,
        "supplier": part.supplier,
        "invoice": part.invoice,
        "funder": part.funder,
        "fits": part.fits,
        "place": part.place,
        "entered_at": part.entered_at.isoformat(),
    }


@api.route("/parts", methods=["GET"])
@requires(P.DEVICE_READ)
def parts_json(actor: Actor) -> Response:
    """A page of the parts in stock; filters as on the page: q, nature, provenance, financement, bas, epuisees."""
    del actor
    found = parts(wanted_parts(), page_number())
    return answer(listed(found, [part_json(each) for each in found.rows]))


@api.route("/parts", methods=["POST"])
@requires(P.PART_WRITE)
def part_new_json(actor: Actor) -> Response:
    """Enter a piece or a lot that was bought or donated; `cost` in euros."""
    facts = load(NewPart, json_body())
    with unit_of_work():
        return answer(part_json(enter_part(actor, **facts)), 201)


@api.route("/parts/low", methods=["GET"])
@requires(P.DEVICE_READ)
def parts_low_json(actor: Actor) -> Response:
    """What runs low: lots at their own threshold, kinds at that of the policy."""
    del actor
    found = running_low()
    return answer({"items": [{name: getattr(each, name) for name in ("kind", "code", "name", "left", "threshold")} for each in found]})


@api.route("/parts/costs", methods=["GET"])
@requires(P.DEVICE_READ)
def parts_costs_json(actor: Actor) -> Response:
    """What each funder paid for, in euro cents."""
    del actor
    return answer({
        "items": [
            {
                "funder": each.funder, "pieces": each.pieces, "devices": each.devices, "fitted_cents": each.fitted_cents,
                "stock_cents": each.stock_cents,
            }
            for each in spent_by_funder()
        ]
    })  # fmt: skip


@api.route("/parts/<code>", methods=["GET"])
@requires(P.DEVICE_READ)
def part_one_json(actor: Actor, code: str) -> Response:
    """One part, with the moves of its stock."""
    part = part_by_code(actor, code)
    moves = [{"at": row.at.isoformat(), "deed": row.deed, "delta": row.delta, "device": row.code} for row in moves_of(part)]
    return answer(part_json(part) | {"moves": moves})


@api.route("/parts/<code>", methods=["PUT"])
@requires(P.PART_WRITE)
def part_change_json(actor: Actor, code: str) -> Response:
    """Correct what is known of a part, its stock apart."""
    part, facts = part_by_code(actor, code), load(PartFacts, json_body())
    with unit_of_work():
        change_part(actor, part, **facts)
        return answer(part_json(part))


@api.route("/parts/<code>/fit", methods=["POST"])
@requires(P.PART_WRITE)
def part_fit_json(actor: Actor, code: str) -> Response:
    """Fit it into a device: {"device": "CODE", "quantity": 1}; answers with how many checks are to be done again."""
    part, facts = part_by_code(actor, code), load(PartInto, json_body())
    with unit_of_work():
        reopened = fit_part(actor, part, device_by_code(actor, facts["device"]), facts["quantity"])
        return answer(part_json(part) | {"checks_reopened": reopened})


@api.route("/parts/<code>/take-back", methods=["POST"])
@requires(P.PART_WRITE)
def part_back_json(actor: Actor, code: str) -> Response:
    """Take it back from a device to the stock: {"device": "CODE", "quantity": 1}."""
    part, facts = part_by_code(actor, code), load(PartInto, json_body())
    with unit_of_work():
        reopened = take_back_part(actor, part, device_by_code(actor, facts["device"]), facts["quantity"])
        return answer(part_json(part) | {"checks_reopened": reopened})


@api.route("/parts/<code>/count", methods=["POST"])
@requires(P.PART_WRITE)
def part_count_json(actor: Actor, code: str) -> Response:
    """Say how many are really there, and why: {"quantity": 4, "reason": "…"}."""
    part, facts = part_by_code(actor, code), load(PartCount, json_body())
    with unit_of_work():
        count_part(actor, part, **facts)
        return answer(part_json(part))


@api.route("/devices/<code>/parts", methods=["GET"])
@requires(P.DEVICE_READ)
def device_parts_json(actor: Actor, code: str) -> Response:
    """What is fitted into a device, with what it cost, and what was taken out of it."""
    device = device_by_code(actor, code)
    return answer({
        "fitted": [part_json(each.part) | {"fitted": each.quantity, "fitted_cents": each.cents} for each in fitted_in(device.id)],
        "taken_out": [part_json(each) for each in taken_from(device.id)],
    })  # fmt: skip


@api.route("/devices/<code>/parts", methods=["POST"])
@requires(P.PART_WRITE)
def device_part_out_json(actor: Actor, code: str) -> Response:
    """Take a piece that came with a device out of it: {"kind": "battery", "fate": "keep"} or "throw"."""
    device, facts = device_by_code(actor, code), load(TakenOut, json_body())
    with unit_of_work():
        part = take_out_part(actor, device, keep=facts.pop("fate") is PieceFate.KEEP, **facts)
        return answer(part_json(part) if part else {"code": None}, 201)
