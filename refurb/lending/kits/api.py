"""The JSON door of kits: their contents, pieces that are there again, labels on pieces."""

from typing import Any

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.api import answer, api_blueprint, json_body
from refurb.kernel.web.routes import reads, writes
from refurb.lending.items.queries import item_by_code, items_by_codes
from refurb.lending.kits.actions import correct_contents, label_pieces, note_pieces_back, weigh
from refurb.lending.kits.queries import kit_of_component, missing_now, piece_labels, weighed_of
from refurb.lending.kits.schemas import ContentsTold, Labelled, PiecesBack, Scaled
from refurb.lending.models import Item

P = Permission

api = api_blueprint("kits", "What belongs to a kit: its contents, what is missing, the labels on its pieces.")


def dump(item: Item) -> dict[str, Any]:
    """The contents of a kit as the API says them; weights in milligrams, values in euro cents."""
    labels = piece_labels(item)
    facts = ("id", "name", "quantity", "here", "value_cents", "picture", "indispensable", "consumable", "weight_mg")
    return {
        "code": item.code,
        "name": item.name,
        "components": [{name: getattr(part, name) for name in facts} | {"codes": labels.get(part.id, [])} for part in item.components],
        "missing": [
            {"component": each.component.name, "count": each.count, "since": plain(each.since), "loan": each.loan}
            for each in missing_now(item)
        ],
    }


@reads(api, "/items/<code>/contents", P.LOAN_READ)
def show_contents(actor: Actor, code: str) -> Any:
    """What belongs to a kit, how much of it is there, and what is missing since which loan."""
    return dump(item_by_code(actor, code))


@writes(api, "/items/<code>/contents", P.ITEM_WRITE, method="PUT", takes=ContentsTold, refused=(409, 422))
def change_contents(actor: Actor, code: str) -> Any:
    """Correct the contents from the next departure on: every known component by its `id`, with quantity 0 and a `fate` if it goes."""
    facts = load(ContentsTold, json_body())
    item = item_by_code(actor, code)
    also = items_by_codes(actor, facts.pop("also"))
    with unit_of_work():
        correct_contents(actor, item, also=also, **facts)
        return answer(dump(item))


@writes(api, "/items/<code>/pieces-back", P.ITEM_WRITE, takes=PiecesBack)
def bring_pieces_back(actor: Actor, code: str) -> Any:
    """Missing pieces are there again: `how` is replaced, found, or brought by whoever had them."""
    facts = load(PiecesBack, json_body())
    item = item_by_code(actor, code)
    with unit_of_work():
        note_pieces_back(actor, item, **facts)
        return answer(dump(item))


@writes(api, "/items/<code>/piece-labels", P.ITEM_WRITE, takes=Labelled)
def stick_labels(actor: Actor, code: str) -> Any:
    """Give pieces labels: the printed `code`, or a fresh one for each piece of the component that has none."""
    facts = load(Labelled, json_body())
    item = item_by_code(actor, code)
    with unit_of_work():
        label_pieces(actor, item, **facts)
        return answer(dump(item))


@writes(api, "/items/<code>/weighings", P.LOAN_WRITE, takes=Scaled, done=201, refused=(422,))
def note_weight(actor: Actor, code: str) -> Any:
    """Note what a kit weighs (`weight` in grams), before it leaves or as it came back; answers with what may be missing, in milligrams."""
    facts = load(Scaled, json_body())
    item = item_by_code(actor, code)
    with unit_of_work():
        weigh(actor, item, **facts)
        standing = weighed_of(item)
        guesses = [list(each.names) for each in standing.guesses]
        return answer({"out_mg": standing.out_mg, "back_mg": standing.back_mg, "lighter_mg": standing.lighter_mg, "guesses": guesses}, 201)


@reads(api, "/pieces/<code>", P.LOAN_READ)
def show_piece(_actor: Actor, code: str) -> Any:
    """The kit to which the piece with this label belongs."""
    found = kit_of_component(code)
    if found is None:
        raise NotFound
    return {"kit": found[0].code, "name": found[0].name, "component": found[1].name}
