"""What must hold before a thing goes out, comes back or is put away; each refusal says what is in the way."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from refurb.directory.sites.queries import site_name
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.lending.models import Component, ComponentCount, Item
from refurb.lending.words import ComponentState


class ItemOut(Conflict):
    """The item is out already; said with its loan and dates, never with the other borrower's name."""

    code = "item.out"


class KitOut(Conflict):
    """The kit is with a borrower: its pieces keep their names and their number until they are counted back."""

    code = "item.kit_out"


class NotAvailable(Conflict):
    """The item is here, but not to be lent as it stands."""

    code = "item.not_available"


class NotOut(Conflict):
    """Nothing to take back: the item is not out."""

    code = "item.not_out"


class NotBack(Conflict):
    """Nothing to undo: the item is still out."""

    code = "item.not_back"


class NotHome(Conflict):
    """It was given back at another place, and nobody gets it before it is at its own."""

    code = "item.not_home"


class AtHome(Conflict):
    """It stands at the place that keeps it."""

    code = "item.at_home"


class WithoutComponents(Refusal):
    """An item needs at least one component, else nothing is counted when it comes back."""

    code = "item.without_components"
    status = 422


class TooManyComponents(Refusal):
    """More kinds of things than anybody counts at a departure."""

    code = "item.too_many_components"
    status = 422


class NotWiped(Refusal):
    """A device that was lent carries the last borrower's data until somebody says that it was reset."""

    code = "item.not_wiped"
    status = 422


class SomethingMissing(Conflict):
    """A kit with a component missing is not complete."""

    code = "item.something_missing"


class NothingMissing(Conflict):
    """Everything is there: the item is not incomplete."""

    code = "item.nothing_missing"


class SomethingDamaged(Conflict):
    """What came back broken did not come back complete."""

    code = "item.something_damaged"


class NothingDamaged(Conflict):
    """Nothing came back broken."""

    code = "item.nothing_damaged"


class DamageUnsaid(Refusal):
    """Something is broken: whoever lends it again says whether it is mended."""

    code = "item.damage_unsaid"
    status = 422


class HasDevice(Refusal):
    """A device of the stock leaves the pool as a device."""

    code = "item.has_device"


class ProductTaken(Conflict):
    """A product of this name exists."""

    code = "product.taken"


class IndispensableMissing(Conflict):
    """Without this component complete, the thing does not leave."""

    code = "item.indispensable_missing"


class NotSoManyHere(Conflict):
    """More pieces cannot go than are there."""

    code = "item.not_so_many_here"


class CountedTwice(Refusal):
    """A component was counted twice, and nobody knows which of the answers holds."""

    code = "loan.counted_twice"
    status = 422


class TooManyPictures(Conflict):
    """A product has as many pictures as it may."""

    code = "product.too_many_pictures"


class NotCounted(Refusal):
    """A component was not looked at."""

    code = "loan.not_counted"
    status = 422


class WrongCount(Refusal):
    """A count that cannot be: more than went out, or none missing of what is said to be missing."""

    code = "loan.wrong_count"
    status = 422


def nothing_indispensable_is_missing(item: Item) -> None:
    """What the thing does not leave without is complete."""
    refuse_without_indispensable((each.name, each.here, each.quantity) for each in item.components if each.indispensable)


def refuse_without_indispensable(counted: Iterable[tuple[str, int, int]]) -> None:
    """Of indispensable components, by name, how many are here of how many that belong. Raises `IndispensableMissing`."""
    short = [name for name, here, whole in counted if here < whole]
    if short:
        raise IndispensableMissing(names=", ".join(short))


def belongs_to_no_device(item: Item) -> None:
    """The item is no device of the stock."""
    if item.device_id is not None:
        raise HasDevice


def every_component_is_counted(
    expected: Sequence[Component] | Sequence[ComponentCount], told: Iterable[Mapping[str, Any]]
) -> dict[int, tuple[int, ComponentState, str | None]]:
    """How many, in which state and with what note, by the id of each component expected.

    What leaves is measured against what belongs to the item, what returns against what left. « Complete » and « damaged » mean that all
    pieces are there; « missing » that fewer are, none unless a quantity is told. Nothing may be passed over.
    """
    answers: dict[int, Mapping[str, Any]] = {}
    for answer in told:
        if answer["component"] in answers:
            raise CountedTwice(name=next((each.name for each in expected if each.id == answer["component"]), ""))
        answers[answer["component"]] = answer
    silent = [each.name for each in expected if each.id not in answers and _whole(each) > 0]
    if silent:
        raise NotCounted(count=len(silent), names=", ".join(silent))
    counted: dict[int, tuple[int, ComponentState, str | None]] = {}
    for each in expected:
        whole, found = _whole(each), answers.get(each.id)
        if found is None or whole == 0:  # Nothing left, so nothing can come back.
            counted[each.id] = (0, ComponentState.MISSING, None)
            continue
        state, quantity = ComponentState(found["state"]), found.get("quantity")
        here = whole if state is not ComponentState.MISSING else quantity or 0
        if state is ComponentState.MISSING and here >= whole:
            raise WrongCount(name=each.name, most=whole)
        counted[each.id] = (here, state, found.get("note") or None)
    return counted


def _whole(expected: Component | ComponentCount) -> int:
    return expected.quantity if isinstance(expected, Component) else expected.quantity_out


def is_home(item: Item) -> None:
    """A thing stands at the place that keeps it, whose pool counts it."""
    if item.stands_at_id is not None:
        raise NotHome(name=item.name, here=site_name(item.stands_at_id), home=site_name(item.site_id))
