"""The pieces of a thing: what belongs to it, how many are with it, and a move for each that comes or goes. None goes silently.

A component's `here` is the sum of its moves. The caller holds the thing's row.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.lending.items.rules import KitOut, TooManyComponents, WithoutComponents
from refurb.lending.models import Component, Item, LoanLine, PieceMove
from refurb.lending.queries import line_out
from refurb.lending.words import PICTURES, PieceWhy

CAME_BACK_SHORT = (PieceWhy.MISSING, PieceWhy.USED, PieceWhy.UNDONE)
"""The moves by which a return changes what is here, its undoing among them."""


def move_pieces(actor: Actor, component: Component, delta: int, why: PieceWhy, line: LoanLine | None = None) -> None:
    """Let so many pieces come to a thing, or go from it (below zero); nothing where there are none."""
    if not delta:
        return
    component.here += delta
    _note(actor, component.item_id, component.name, delta, why, line)


def _note(actor: Actor, item_id: int, name: str, delta: int, why: PieceWhy, line: LoanLine | None = None) -> None:
    move = PieceMove(item_id=item_id, component=name, delta=delta, why=why, line_id=line.id if line else None, at=now(), actor_id=actor.id)
    db.session.add(move)


def component_of(item: Item, number: int) -> Component:
    """A component of a thing by its number. Raises `Invalid` where it is none of them."""
    found = next((each for each in item.components if each.id == number), None)
    if found is None:
        raise Invalid({"component": [Fault("field.choice")]})
    return found


def equip(actor: Actor, item: Item, told: Iterable[Mapping[str, Any]]) -> None:
    """Give a thing its first components, every piece of them there."""
    parts = list(told)
    refuse_unfit([each["name"] for each in parts])
    for each in parts:
        add_component(actor, item, each)


MOST_COMPONENTS = 100


def refuse_unfit(names: list[str]) -> None:
    """A thing has a component, not too many, and each of its own name. Raises `WithoutComponents`, `TooManyComponents`, `Invalid`."""
    if not names:
        raise WithoutComponents
    if len(names) > MOST_COMPONENTS:
        raise TooManyComponents(most=MOST_COMPONENTS)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Invalid({"components": [Fault("item.component_twice", name=twice[0])]})


def add_component(actor: Actor, item: Item, told: Mapping[str, Any]) -> Component:
    """Something more belongs to a thing, all its pieces being there."""
    made = Component(here=0, **facts_of(told) | {"name": told["name"], "quantity": told["quantity"]})
    item.components.append(made)
    db.session.flush()
    move_pieces(actor, made, made.quantity, PieceWhy.ENTERED)
    return made


FACTS = ("value_cents", "picture", "indispensable", "consumable", "weight_mg")
"""What is said of a component besides its name and how many there are."""


def facts_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a component, of those facts that are told at all; a drawing that we do not have is none."""
    facts = {name: told[name] for name in FACTS if name in told}
    if "picture" in facts and facts["picture"] not in PICTURES:
        facts["picture"] = None
    return facts


def change_component(actor: Actor, component: Component, told: Mapping[str, Any], fate: PieceWhy) -> None:
    """Write a component anew, except its name. Pieces that are more are there from now on; of fewer, the missing ones end first if lost.

    Raises `KitOut` where pieces would go that the borrower has: how many came back is told by their return.
    """
    if told["quantity"] < component.quantity:
        refuse_if_with_borrower(component)
    for name, value in facts_of(told).items():
        setattr(component, name, value)
    fewer = component.quantity - told["quantity"]
    if fewer < 0:
        component.quantity = told["quantity"]
        db.session.flush()
        move_pieces(actor, component, -fewer, PieceWhy.ENTERED)
    elif fewer > 0:
        gone = fewer - min(component.missing, fewer) if fate is PieceWhy.LOST else min(fewer, component.here)
        move_pieces(actor, component, -gone, fate)
        db.session.flush()
        component.quantity = told["quantity"]


def refuse_if_with_borrower(component: Component) -> None:
    """What left is counted back under the name it left with: until then no piece is renamed, or taken away. Raises `KitOut`."""
    line = line_out(component.item)
    if line is not None:
        raise KitOut(name=component.name, item=component.item.name, loan=line.loan.reference)


def rename_components(actor: Actor, names: Mapping[Component, str]) -> None:
    """Give some components of a thing other names, all at once: two of them may change theirs. Raises `KitOut`."""
    for component, name in names.items():
        refuse_if_with_borrower(component)
        for known, delta in ((component.name, -component.here), (name, component.here)):
            if delta:
                _note(actor, component.item_id, known, delta, PieceWhy.RENAMED)
        component.name = f"#{component.id}"
    db.session.flush()
    for component, name in names.items():
        component.name = name
    db.session.flush()


def remove_component(actor: Actor, component: Component, fate: PieceWhy) -> None:
    """Something belongs to a thing no more: the pieces that are there go where is said, and their labels are free again.

    Raises `KitOut`.
    """
    refuse_if_with_borrower(component)
    move_pieces(actor, component, -component.here, fate)
    free_labels(component)
    component.item.components.remove(component)
    db.session.delete(component)
    db.session.flush()


def free_labels(component: Component) -> None:
    """The labels on the pieces of a component are on nothing any more, and may be stuck on something else."""
    for label in list(component.codes):
        label.led.subject_kind = label.led.subject_id = None
        component.codes.remove(label)
        db.session.delete(label)


def equip_anew(actor: Actor, item: Item, told: Iterable[Mapping[str, Any]]) -> None:
    """Write all that belongs to a thing anew, by name: what is not told any more goes to the stock."""
    every = list(told)
    refuse_unfit([each["name"] for each in every])
    parts = {each["name"]: each for each in every}
    for component in list(item.components):
        if component.name in parts:
            change_component(actor, component, parts.pop(component.name), PieceWhy.TO_STOCK)
        else:
            remove_component(actor, component, PieceWhy.TO_STOCK)
    for each in parts.values():
        add_component(actor, item, each)


def count_out(actor: Actor, line: LoanLine) -> None:
    """What was counted at a departure is what is there: pieces noticed missing, or found, since the last time."""
    parts = {each.name: each for each in line.item.components}
    for each in line.counts:
        component = parts[each.name]
        delta = each.quantity_out - component.here
        move_pieces(actor, component, delta, PieceWhy.FOUND if delta > 0 else PieceWhy.NOTICED, line)


def count_back(actor: Actor, line: LoanLine) -> None:
    """What came back short of what left is missing since this line; of what is consumed, used. What belongs here no more is passed over."""
    parts = {each.name: each for each in line.item.components}
    for each in line.counts:
        component = parts.get(each.name)
        if component is not None:
            short = each.quantity_out - (each.quantity_back or 0)
            short -= missing_by(line, each.name) if short > 0 else 0
            why = PieceWhy.USED if component.consumable else PieceWhy.MISSING
            move_pieces(actor, component, -min(max(short, 0), component.here), why, line)


def missing_by(line: LoanLine, name: str) -> int:
    """How many pieces of a component a line of a loan left missing, as its return stands."""
    query = select(func.sum(PieceMove.delta)).where(
        PieceMove.line_id == line.id, PieceMove.component == name, PieceMove.why.in_(CAME_BACK_SHORT)
    )
    return -(db.session.scalar(query) or 0)


def undo_count_back(actor: Actor, line: LoanLine) -> None:
    """The return of a line never was: what was missing by it is with the thing, unless another piece has taken its place."""
    for component in line.item.components:
        back = min(missing_by(line, component.name), component.missing)
        move_pieces(actor, component, max(back, 0), PieceWhy.UNDONE, line)


def complete_all(actor: Actor, item: Item, *, brought: bool) -> None:
    """Everything that was missing is there again: what the last line left missing was `brought`, or all is replaced."""
    last = went_out_last(item) if brought else None
    for component in item.components:
        by_last = min(component.missing, max(missing_by(last, component.name), 0)) if last is not None else 0
        move_pieces(actor, component, by_last, PieceWhy.BROUGHT)
        move_pieces(actor, component, component.missing, PieceWhy.REPLACED)


def went_out_last(item: Item) -> LoanLine | None:
    """The line by which a thing went out last, if it ever did."""
    return db.session.scalars(select(LoanLine).where(LoanLine.item_id == item.id).order_by(LoanLine.id.desc()).limit(1)).first()
