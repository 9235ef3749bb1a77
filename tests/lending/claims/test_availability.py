"""What is free of a product: counted, where counting is exact, and by trying where something planned cannot move."""

import random
from datetime import timedelta

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.lending.claims.availability import free_of
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.placing import Want
from refurb.lending.claims.pools import hold, pool_of
from refurb.lending.claims.settling import placing_of, short_claims
from refurb.lending.claims.words import ClaimKind
from refurb.lending.reservations.queries import offers_of
from tests.lending.reserving import live, reserved
from tests.support.story import desk, promises


def day(after):
    return today() + timedelta(days=after)


def maintained(item, starts, ends):
    """A thing has something planned that nobody moves."""
    pool = pool_of(item)
    with unit_of_work():
        hold([pool])
        db.session.add(
            ItemClaim(**pool._asdict(), item_id=item.id, starts_on=day(starts), until_on=day(ends), kind=ClaimKind.MAINTENANCE, pinned=True)
        )


def test_counting_agrees_with_trying_where_nothing_planned_is_fixed(context):
    kits, drawn = [desk.kit(f"Malle {number}") for number in range(3)], random.Random(3)
    desk.lent(kits[0])
    pool = pool_of(kits[0])
    for _ in range(4):
        starts = drawn.randint(1, 24)
        promises.promised(kits[0], day(starts), day(starts + drawn.randint(1, 4)))
    assert short_claims(pool) == frozenset(), "who is short is counted as asked for, though nothing stands for it"
    for starts in range(1, 26, 3):
        for length in (1, 4, 9):
            counted, exactly = offers_of([pool.product_id], pool.site_id, day(starts), day(starts + length))[pool.product_id]
            asked = [Want(2**62 + number, day(starts), day(starts + length)) for number in range(3)]
            placed = placing_of(pool, *asked)
            assert counted.is_exact
            assert exactly == sum(placed[each.id] is not None for each in asked), (starts, length)


def test_where_something_planned_is_fixed_each_day_may_have_one_free_and_none_be_free_for_all_of_them(context):
    first, second = desk.kit("Malle 1"), desk.kit("Malle 2")
    maintained(first, 1, 5)
    maintained(second, 6, 10)
    pool = pool_of(first)
    counted, exactly = offers_of([pool.product_id], pool.site_id, day(1), day(10))[pool.product_id]
    assert (counted.at_least, counted.at_most, exactly) == (0, 1, 0)
    assert free_of([pool.product_id], pool.site_id, day(1), day(4))[pool.product_id].at_least == 1


def test_what_is_reserved_goes_where_it_fits_closest(context):
    kits = [desk.kit(f"Malle {number}") for number in range(2)]
    early, late = live(reserved(kits[0], starts=3, ends=9))[0], live(reserved(kits[0], starts=20, ends=26))[0]
    assert early.item_id == late.item_id, "the small gap is filled first"
    between = live(reserved(kits[0], starts=5, ends=24, who=desk.borrower("Berthe")))[0]
    assert between.item_id not in {None, early.item_id}
    assert promises.taken_twice() == []
