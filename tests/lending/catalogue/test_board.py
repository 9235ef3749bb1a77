"""What the catalogue answers to somebody's days: free first, then by shifting, then the rest; and what the days become at each place."""

from datetime import timedelta

import pytest

from refurb.directory.sites.actions import add_site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.lending.catalogue.queries import (
    board,
    contents_of,
    days_free,
    listed_products,
    month_of,
    nearest_of,
    places_of,
    public_product,
    spot_of,
    taken_spans,
)
from refurb.lending.catalogue.stays import Stay, lending_places, stay_at
from refurb.lending.catalogue.words import Facet
from refurb.lending.items.actions import move_item
from refurb.lending.items.states import item_machine
from tests.lending.reserving import open_day, reserved
from tests.support.story import desk, people, promises


def names(offers):
    return [each.product.name for each in offers]


def needed(starts=3, ends=9):
    """Days that become exactly `open_day(starts)` and `open_day(ends)`."""
    return open_day(starts), open_day(ends) - timedelta(days=1)


def fablab(hours="Tu 14:00-18:00; Sa 10:00-12:30"):
    with unit_of_work():
        return add_site(SERVICE, name="Fablab de Civray", kind=SiteKind.DESK, postcode="86400", commune="Civray", hours=hours).id


def moved(item, site):
    with unit_of_work():
        move_item(people.actor(Role.DESK), item, site)


def test_a_thing_is_fetched_before_it_is_needed_and_brought_back_after(context):
    desk.kit()
    site = fablab()
    moved(desk.kit("Robots mBot n° 4"), site)
    monday = today() + timedelta(days=14 - today().weekday())
    place = next(each for each in lending_places() if each.id == site)
    stay = stay_at(place, monday, monday + timedelta(days=5))
    assert (stay.from_on, stay.to_on) == (monday - timedelta(days=2), monday + timedelta(days=8)), "Saturday before, Tuesday after"
    assert "10" in stay.hours_out
    assert [each.id for each in lending_places(site)] == [site, 1]


def test_a_place_that_never_opens_has_no_stay(context):
    desk.kit()
    site = fablab("off")
    moved(desk.kit("Robots mBot n° 4"), site)
    place = next(each for each in lending_places() if each.id == site)
    assert stay_at(place, *needed()) is None
    assert {each.place.id for each in board(*needed()).stays} == {1}


def test_free_first_then_what_is_by_shifting(context):
    kit, printer = desk.kit(), promises.printer()
    before = board(*needed())
    assert set(names(before.free)) == {kit.product.name, printer.product.name}
    reserved(kit)
    after = board(*needed())
    assert (names(after.free), names(after.near)) == ([printer.product.name], [kit.product.name])
    near = after.near[0].near
    assert near.from_on > open_day(9) - timedelta(days=1)
    assert near.to_on - near.from_on == open_day(9) - open_day(3)


def test_too_long_is_offered_shorter(context):
    printer = promises.printer()
    found = board(open_day(3), open_day(60))
    assert names(found.near) == [printer.product.name]
    assert found.near[0].near.from_on == open_day(3)


def test_narrowing_hides_nothing_without_a_count(context):
    kit, printer = desk.kit(), promises.printer()
    whole = board(*needed())
    assert {key: count for key, _name, count in whole.categories} == {"kit": 1, "printer3d": 1}
    assert dict(whole.facets)[Facet.AT_ONCE] == 1
    assert names(board(*needed(), narrowed=["kit"]).free) == [kit.product.name]
    at_once = board(*needed(), narrowed=[Facet.AT_ONCE.value])
    assert (names(at_once.free), at_once.hidden) == ([kit.product.name], 1)
    assert names(board(*needed(), typed="imprimante").free) == [printer.product.name]
    assert board(*needed(), typed="licorne").free == ()


def test_elsewhere_where_nothing_is_left_here(context):
    kit = desk.kit()
    site = fablab()
    moved(desk.kit("Robots mBot n° 4"), site)
    reserved(kit)
    product = public_product(kit.product_id)
    here = spot_of(product, Stay(lending_places()[0], open_day(3), open_day(9)))
    assert (here.free, here.count) == (0, 1)
    assert {each.place.id for each in nearest_of(product, here)} == {1, site}
    assert [each.id for each in places_of(product, site)] == [site, 1]
    assert board(*needed(), place_id=1).free[0].best.stay.place.id == site


def test_a_month_counts_and_names_nobody(context):
    kit = desk.kit()
    reserved(kit)
    product, place = public_product(kit.product_id), lending_places()[0]
    cells = {cell.day: cell for week in month_of(product, place, open_day(3)) for cell in week if cell}
    assert cells[open_day(3)].free == 0
    assert all(len(week) == 7 for week in month_of(product, place, open_day(3)))
    day = days_free(product, place, open_day(3), open_day(3) + timedelta(days=1))[0]
    assert (day.free, day.is_open, day.is_past) == (0, True, False)
    ((first, until),) = taken_spans(product, place)
    assert first <= open_day(3) < until


def test_what_is_lost_is_in_no_catalogue(context):
    kit = desk.kit()
    assert [each.product.id for each in listed_products()] == [kit.product_id]
    assert contents_of(kit.product)[0].name == "Robot mBot2 monté"
    with unit_of_work():
        item_machine.fire(kit, "lose", people.actor(Role.DESK), reason="introuvable")
    assert listed_products() == []
    with pytest.raises(NotFound):
        public_product(kit.product_id)
