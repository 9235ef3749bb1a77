"""Many deeds in no order, and the clock between them: what always holds of claims, asked by plain SQL after each."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import text

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Refusal
from refurb.lending.claims.pools import pool_of
from refurb.lending.claims.settling import placing_of
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.models import Item, LoanLine
from refurb.lending.reservations.actions import let_days_pass, reserve
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.reservations.words import TO_COME
from refurb.lending.words import ItemState
from tests.lending.reserving import open_day
from tests.support.story import desk, people, promises

STEPS = 25
SEEDS = (1, 2)
NEVER = {
    "a reservation on a thing that is lost, or of another pool": """
        SELECT claims.id FROM claims JOIN items ON items.id = claims.item_id WHERE ended_at IS NULL AND kind = 'reservation'
        AND (state IN ('lost', 'retired') OR items.product_id <> claims.product_id OR items.site_id <> claims.site_id)""",
    "a line that is out without its claim, or the other way round": """
        SELECT loan_lines.id FROM loan_lines LEFT JOIN claims ON loan_line_id = loan_lines.id AND ended_at IS NULL
        WHERE (back_at IS NULL) <> (claims.id IS NOT NULL) OR claims.item_id <> loan_lines.item_id OR claims.due_on <> loan_lines.due_on""",
    "a reservation that is over and holds something": """
        SELECT reservations.id FROM reservations JOIN reservation_lines ON reservation_id = reservations.id
        JOIN claims ON line_id = reservation_lines.id WHERE ended_at IS NULL
        AND reservations.state IN ('cancelled', 'refused', 'expired', 'missed', 'done')""",
    "a reservation to come that lost a unit": """
        SELECT reservations.id FROM reservations JOIN reservation_lines ON reservation_id = reservations.id
        WHERE reservations.state = 'approved' AND quantity <> (SELECT count(*) FROM claims WHERE line_id = reservation_lines.id)""",
}


def holds(kits):
    assert promises.taken_twice() == []
    for what, query in NEVER.items():
        assert db.session.execute(text(query)).all() == [], what
    pool = pool_of(kits[0])
    short = db.session.scalars(text("SELECT id FROM claims WHERE ended_at IS NULL AND item_id IS NULL")).all()
    served = [claim for claim, item in placing_of(pool).items() if item is not None and claim in short]
    assert served == [], "somebody is short while something is free"


def deeds(kits, people_here, chance):
    """The deeds that could be done now, each drawn among what is due."""
    actor = people.actor(Role.DESK)

    def ask():
        first = chance.randint(0, 12)
        days = {"from_on": open_day(first), "to_on": open_day(first + chance.randint(2, 9))}
        reserve(actor, chance.choice(people_here), lines=[{"product_id": kits[0].product_id, "quantity": chance.choice((1, 1, 2))}], **days)

    def cancel():
        for made in db.session.query(Reservation).filter(Reservation.state.in_(TO_COME)).order_by(Reservation.id).limit(1):
            reservation_machine.fire(made, "cancel", actor, reason="plus besoin")

    def leave():
        item = chance.choice(kits)
        override = chance.choice((None, "il insiste"))
        lines = [Departure(item, desk.all_there(item.components), open_day(chance.randint(2, 12)))]
        lend(actor, chance.choice(people_here), lines, on_paper=True, override=override)

    def come_back():
        for line in db.session.query(LoanLine).filter(LoanLine.back_at.is_(None)).order_by(LoanLine.due_on).limit(1):
            take_back(actor, line, desk.all_there(line.counts))

    return (ask, ask, leave, come_back, lambda: look_after(chance.choice(kits), chance), cancel, let_days_pass)


NEXT = {ItemState.TO_CHECK: "check", ItemState.LOST: "find", ItemState.IN_REPAIR: "repair"}


def look_after(item, chance):
    """What is to be done about a thing, or what befalls it."""
    if item.state is ItemState.AVAILABLE:
        item_machine.fire(item, chance.choice(("lose", "send_to_repair")), people.actor(Role.DESK), reason="fendu")
    elif item.state in NEXT:
        item_machine.fire(item, NEXT[item.state], people.actor(Role.DESK))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_always_holds(context, seed):
    chance = random.Random(seed)
    kits, who = [desk.kit(f"Malle {number}") for number in range(3)], [desk.borrower("Aïcha"), desk.borrower("Berthe")]
    begun, done = now(), 0
    for step in range(STEPS):
        with clock.at(begun + timedelta(hours=14 * step)):
            deed = chance.choice(deeds(kits, who, chance))
            try:
                with unit_of_work():
                    deed()
                done += 1
            except Refusal:
                pass
            holds(kits)
    assert done > 0, "how many depends on the days that are open"
    assert db.session.query(Item).count() == len(kits)
    assert today() == clock.local(begun).date()
