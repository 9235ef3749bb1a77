"""Correct what belongs to a kit, note pieces that are there again, stick labels on pieces."""

from collections.abc import Mapping, Sequence
from typing import Any

from refurb.directory.actions import CodeUnknown, fresh_codes, lead_to
from refurb.directory.models import Code
from refurb.directory.queries import code_row
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import UnreadableCode, find_code
from refurb.kernel.speech.words import _
from refurb.lending.claims.pools import hold_for
from refurb.lending.debts.actions import settle_pieces_brought
from refurb.lending.items.pieces import (
    add_component,
    change_component,
    component_of,
    move_pieces,
    refuse_unfit,
    remove_component,
    rename_components,
)
from refurb.lending.items.states import item_machine
from refurb.lending.kits.contents import Change, changes_of, refuse_untold_fates
from refurb.lending.kits.models import Weighing
from refurb.lending.kits.queries import kit_of_component
from refurb.lending.kits.rules import AllLabelled, NoSister, NothingChanges, NotSoManyMissing, PieceElsewhere
from refurb.lending.models import Component, Item, PieceCode
from refurb.lending.queries import line_out
from refurb.lending.words import ItemState, PieceWhy


def correct_contents(
    actor: Actor, item: Item, *, components: Sequence[Mapping[str, Any]], reason: str, also: Sequence[Item] = ()
) -> list[Change]:
    """Write what belongs to a kit from its next departure on; a loan that runs keeps the list that was signed. Returns what changed.

    `components` is the whole list (`schemas.ContentTold`). In `also`, other things of its product, the same changes: what one of them does
    not have, or has already, is passed over there. All or nothing. Refused (`KitOut`) where a piece of a kit that is out would go, or be
    renamed.
    """
    check(actor, Permission.ITEM_WRITE)
    hold_for(item, *also)
    for each in sorted({item, *also}, key=lambda thing: thing.id):
        lock(each)
    changes = changes_of(item.components, components)
    if not changes:
        raise NothingChanges
    _correct(actor, item, changes, reason)
    for sister in also:
        if sister.product_id != item.product_id or sister.id == item.id:
            raise NoSister(name=sister.name)
        alike = [each for each in changes if _applies(sister, each)]
        if alike:
            _correct(actor, sister, alike, reason)
    return changes


def _applies(item: Item, change: Change) -> bool:
    return any(part.name == change.name for part in item.components) == (change.before is not None)


def _correct(actor: Actor, item: Item, changes: Sequence[Change], reason: str) -> None:
    refuse_untold_fates(item.components, changes)
    parts = {each.name: each for each in item.components}
    after: dict[str, str | None] = {name: name for name in parts}
    after |= {each.name: _name_after(each) for each in changes}
    refuse_unfit([name for name in after.values() if name])
    for change in changes:
        if change.after is None:
            remove_component(actor, parts[change.name], change.fate or PieceWhy.TO_STOCK)
    known = [each for each in changes if each.before is not None and each.after is not None]
    rename_components(actor, {parts[each.name]: name for each in known if (name := after[each.name]) and name != each.name})
    for change in known:
        _change(actor, parts[change.name], change)
    for change in changes:
        if change.before is None and change.after is not None:
            add_component(actor, item, change.after)
    db.session.flush()
    db.session.expire(item, ["components"])
    happened = record(item, "contents_corrected", actor, changes=[each.plain() for each in changes])
    write_beside(happened, {"reason": reason})
    _complete_if_whole(actor, item)


def _name_after(change: Change) -> str | None:
    """What the component is called once it is changed; None once it is gone."""
    return None if change.after is None else change.after.get("name", change.name)


def _change(actor: Actor, component: Component, change: Change) -> None:
    told = {"quantity": component.quantity} | dict(change.after or {})
    change_component(actor, component, told, change.fate or PieceWhy.TO_STOCK)


def note_pieces_back(actor: Actor, item: Item, *, component: int, quantity: int, how: PieceWhy, note: str | None = None) -> None:
    """Missing pieces are there again: found, replaced, or brought by whoever had them, who then owes them no more.

    A kit that waited for them and lacks nothing any more is complete.
    """
    check(actor, Permission.ITEM_WRITE)
    hold_for(item)
    lock(item)
    part = component_of(item, component)
    if quantity > part.missing:
        raise NotSoManyMissing(name=part.name, missing=part.missing)
    move_pieces(actor, part, quantity, how)
    settled = settle_pieces_brought(actor, item, part.name, quantity) if how is PieceWhy.BROUGHT else 0
    happened = record(item, "pieces_back", actor, component=part.name, quantity=quantity, how=how, settled=settled)
    write_beside(happened, {"note": note} if note else {})
    _complete_if_whole(actor, item)


def _complete_if_whole(actor: Actor, item: Item) -> None:
    if item.state is ItemState.INCOMPLETE and not any(part.missing and not part.consumable for part in item.components):
        item_machine.fire(item, "complete", actor, brought_back=False, note=_("Plus rien ne manque."))


def weigh(actor: Actor, item: Item, weight_mg: int) -> Weighing:
    """Note what a thing weighs: before it leaves, or as it came back while its loan is open. Whether something is missing: `weighed_of`."""
    check(actor, Permission.LOAN_WRITE)
    lock(item)
    line = line_out(item)
    weighing = Weighing(item_id=item.id, line_id=line.id if line else None, weight_mg=weight_mg, at=now(), actor_id=actor.id)
    db.session.add(weighing)
    db.session.flush()
    return weighing


def label_pieces(actor: Actor, item: Item, *, component: int, code: str | None = None) -> list[str]:
    """Give the pieces of a component labels of their own: a printed one, or a fresh one for each that has none. Returns the codes."""
    check(actor, Permission.ITEM_WRITE)
    lock(item)
    part = component_of(item, component)
    left = part.quantity - len(part.codes)
    if left <= 0:
        raise AllLabelled(name=part.name)
    codes = [_printed(code)] if code else fresh_codes(left)
    for each in codes:
        lead_to(each, part)
        db.session.add(PieceCode(code=each.code, component_id=part.id))
    db.session.flush()
    db.session.expire(part, ["codes"])
    told = [each.code for each in codes]
    record(item, "pieces_labelled", actor, component=part.name, codes=told)
    return told


def _printed(typed: str) -> Code:
    found = find_code(typed)
    if found is None:
        raise UnreadableCode(typed=typed[:60])
    row = code_row(found)
    if row is None:
        raise CodeUnknown(code=found)
    known = kit_of_component(found)
    if known is not None:
        raise PieceElsewhere(name=known[1].name, kit=known[0].name)
    return row


def free_piece(actor: Actor, item: Item, code: str) -> None:
    """A label is on a piece of this kit no more; it may be stuck on something else."""
    check(actor, Permission.ITEM_WRITE)
    lock(item)
    found = kit_of_component(code)
    if found is None or found[0].id != item.id:
        raise CodeUnknown(code=code)
    part: Component = found[1]
    label = next(each for each in part.codes if each.code == find_code(code))
    label.led.subject_kind = label.led.subject_id = None
    part.codes.remove(label)
    db.session.delete(label)
    record(item, "piece_unlabelled", actor, component=part.name, codes=[label.code])
