"""A loan goes on: once, by the rule of its departure, as far as nobody who reserved or waits is left with nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.claims.facts import claim_open
from refurb.lending.loans.actions import Departure, lend
from refurb.lending.loans.rules import DueClosed
from refurb.lending.renewals.actions import renew, renew_all
from refurb.lending.renewals.models import DueChange
from refurb.lending.renewals.queries import policy_for, renewal_of, renewals_done, renewals_for, renewals_of
from refurb.lending.renewals.rules import (
    NoRenewalLeft,
    NothingToRenew,
    NotRenewed,
    RenewalTooFar,
    ReservedNext,
    ReservedUntil,
    WaitedFor,
    WaitedForUntil,
)
from refurb.lending.shown import history_of
from refurb.lending.upkeep.actions import open_due, plan_upkeep
from refurb.lending.upkeep.due import open_ticket
from tests.lending.reserving import after, open_day, reserved
from tests.lending.waiting import waiting
from tests.support.story import desk, people


def go_on(loan, until=None, role=Role.DESK, **how):
    with unit_of_work():
        return renew(people.actor(role), loan, until={line.id: until for line in loan.lines}, **how)


def test_it_goes_on_by_the_rule_of_a_departure_and_its_days_with_it(context):
    loan = desk.lent(desk.kit())
    line, before = loan.lines[0], loan.lines[0].due_on
    (may,) = renewals_of(loan)
    loans = policy_for(loan)
    assert may.wanted == may.until == loans.due_date(loans.terms("kit"), before, loan.handing.days)
    assert (may.refusal, may.is_shortened) == (None, False)
    go_on(loan)
    claim = claim_open(line.item)
    assert line.due_on == may.wanted == claim.due_on
    assert claim.until_on > line.due_on
    assert last_event(loan).move == "renewed"
    (kept,) = db.session.query(DueChange).all()
    assert (kept.line_id, kept.before, kept.due_on, kept.actor_id) == (line.id, before, line.due_on, people.actor(Role.DESK).id)
    assert history_of(loan)[0].text.startswith(f"Prolongé\N{NO-BREAK SPACE}: {line.item.name} ; ")


def test_what_is_late_goes_on_from_today(context):
    loan = desk.lent(desk.kit())
    desk.made_due(loan, today() - timedelta(days=5))
    for passed in (today() - timedelta(days=1), today()):
        with pytest.raises(RenewalTooFar):
            go_on(loan, passed)
    go_on(loan)
    loans = policy_for(loan)
    assert loan.lines[0].due_on == loans.due_date(loans.terms("kit"), today(), loan.handing.days)
    assert claim_open(loan.lines[0].item).due_on == loan.lines[0].due_on


def test_not_more_often_than_its_category_allows(context):
    loan = desk.lent(desk.kit())
    go_on(loan)
    assert renewals_done(loan.lines[0]) == 1
    with pytest.raises(NoRenewalLeft) as refused:
        go_on(loan)
    assert refused.value.ruling.won.said.endswith("1 prolongation")


def test_not_where_its_category_is_not_renewed(context):
    projector = desk.product("Vidéoprojecteur", "projector")
    kit = desk.kit()
    with unit_of_work():
        kit.product_id = projector.id
    with pytest.raises(NotRenewed):
        go_on(desk.lent(kit))


def test_not_where_a_reservation_needs_it_and_the_nearest_day_is_named(context):
    kit = desk.kit()
    loan = desk.lent(kit, due_on=open_day(5))
    reserved(kit, who=desk.borrower("Berthe"), starts=20, ends=40)
    with pytest.raises(ReservedUntil) as refused:
        go_on(loan)
    nearest = refused.value.facts["nearest"]
    assert open_day(5) < nearest < open_day(20)
    may = renewal_of(loan.lines[0])
    assert (may.until, may.is_shortened) == (nearest, True)
    go_on(loan, nearest)
    assert loan.lines[0].due_on == nearest


def test_not_where_it_is_needed_at_once(context):
    kit = desk.kit()
    due = open_day(5)
    loan = desk.lent(kit, due_on=due)
    reserved(kit, who=desk.borrower("Berthe"), from_on=after(due), to_on=after(open_day(25)))
    with pytest.raises(ReservedNext):
        go_on(loan)


def test_what_is_planned_for_the_thing_itself_gives_way_and_is_planned_anew(context):
    kit = desk.kit()
    loan = desk.lent(kit, due_on=open_day(5))
    with unit_of_work():
        plan = plan_upkeep(people.actor(Role.DESK), kit, name="Étalonnage", on_date=open_day(6))
    go_on(loan)
    assert open_ticket(plan, kit).claim.ended_at is not None
    with unit_of_work():
        open_due(SERVICE, kit)
    assert open_ticket(plan, kit).claim.starts_on > loan.lines[0].due_on


def test_several_lines_are_looked_at_together_and_no_day_asks_the_database(context):
    kits, who = [desk.kit(f"Malle {number}") for number in range(4)], desk.borrower()
    with unit_of_work():
        told = [Departure(each, desk.all_there(each.components), open_day(5)) for each in kits]
        loan = lend(people.actor(Role.DESK), who, told, on_paper=True)
    reserved(*kits, who=desk.borrower("Cécile"), starts=20, ends=40)
    waiting(kits[0], starts=20, ends=40)
    whole = renewals_of(loan)
    assert all(each.is_shortened for each in whole)
    asked: list[str] = []

    def hear(*told):
        asked.append(told[2])

    counts = []
    for lines in (loan.lines[:1], loan.lines):
        event.listen(db.engine, "before_cursor_execute", hear)
        renewals_for(lines)
        event.remove(db.engine, "before_cursor_execute", hear)
        counts.append(len(asked))
        asked.clear()
    assert counts[0] <= 6
    assert counts[1] - counts[0] <= 3, "who waits, of each further line"


def test_another_thing_of_the_pool_serves_who_reserved(context):
    kit, _other = desk.kit(), desk.kit("Robots mBot n° 4")
    loan = desk.lent(kit, due_on=open_day(5))
    reserved(kit, who=desk.borrower("Berthe"), starts=10, ends=30)
    go_on(loan)


@pytest.mark.parametrize(("starts", "refusal"), [(3, WaitedFor), (20, WaitedForUntil)])
def test_not_while_somebody_waits(context, starts, refusal):
    kit = desk.kit()
    loan = desk.lent(kit, due_on=open_day(5))
    if starts > 5:
        reserved(kit, who=desk.borrower("Aïcha"), starts=starts, ends=starts + 20)
    waiting(kit, starts=starts, ends=starts + 20)
    with pytest.raises(refusal):
        go_on(loan)


def test_not_until_a_day_that_is_too_far_or_closed_or_of_nothing(context):
    loan = desk.lent(desk.kit())
    wanted = renewal_of(loan.lines[0]).wanted
    for until in (loan.lines[0].due_on, wanted + timedelta(days=1)):
        with pytest.raises(RenewalTooFar):
            go_on(loan, until)
    sunday = loan.lines[0].due_on + timedelta(days=7 - loan.lines[0].due_on.weekday() - 1 or 7)
    with pytest.raises(DueClosed):
        go_on(loan, sunday)
    with pytest.raises(NothingToRenew), unit_of_work():
        renew(people.actor(Role.DESK), loan, until={})
    with pytest.raises(Forbidden):
        go_on(loan, role=Role.TECHNICIAN)


def test_all_that_is_out_goes_on_where_nothing_is_named(context):
    loan = desk.lent(desk.kit())
    with unit_of_work():
        renew_all(SERVICE, loan, [])
    assert renewals_done(loan.lines[0]) == 1
    desk.back(loan)
    assert renewals_of(loan) == []
    with pytest.raises(NothingToRenew), unit_of_work():
        renew_all(SERVICE, loan, [])
