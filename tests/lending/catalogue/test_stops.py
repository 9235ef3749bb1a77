"""Fetching at a stop of the vehicle without an account: which passages are offered, what is near, what is refused and what then."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from refurb.directory.rota.actions.stops import end_rule
from refurb.directory.rota.models import Passage, RotaStop
from refurb.directory.rota.states import passage_machine
from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.lending.catalogue.actions import ask_online, change_online, confirm_online, is_served
from refurb.lending.catalogue.displaced import TELL_PASSAGE_BACK, TELL_PASSAGE_OFF, PassageBack, mail_passage_back, mail_passage_off
from refurb.lending.catalogue.effects import link_letter, news_letter
from refurb.lending.catalogue.mine import passage_entries, passages_off, stay_of
from refurb.lending.catalogue.queries import board, keeper_at, month_of, nearest_of, spot_of, stay_at_stop
from refurb.lending.catalogue.road import nearby, passages_offered, stops_for
from refurb.lending.catalogue.rules import StopEnded
from refurb.lending.catalogue.stays import Stay, lending_places, next_stay, stays_at_stop
from refurb.lending.handing import Handing
from refurb.lending.loans.actions import Departure, lend
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.rules import (
    NoneFree,
    NoPassageLeft,
    NoPassageThatDay,
    NotFree,
    VanHasLeft,
    passages_ahead,
)
from refurb.lending.reservations.views import offered
from refurb.lending.reservations.words import ReservationState
from refurb.lending.terms import LOANS, LoanPolicy, NeverOpen, NotAtStops, loan_policy
from tests.directory.rota.christmas import closed_at_christmas
from tests.lending.catalogue.test_ask_online import planned
from tests.lending.reserving import claims_of, live, reserved
from tests.support.heard import heard
from tests.support.story import desk, people, places, rota
from tests.support.together import at_once

FIRST, SECOND, THIRD = date(2026, 12, 3), date(2026, 12, 17), date(2026, 12, 31)


@pytest.fixture
def charroux(context):
    """It is Tuesday 24 November 2026; a bus comes to Charroux on Thursdays 3 and 17 December."""
    people.settle()
    with at(rota.NOVEMBER):
        closed_at_christmas()
        stop = rota.two_weeks()[2]
        yield every_site()[stop.site_id]


def rule_of(stop):
    """The rule that serves a stop."""
    return db.session.query(RotaStop).filter_by(site_id=stop.id).one()


def cancel(stop, day):
    passage = db.session.query(Passage).filter_by(site_id=stop.id, day=day).one()
    with unit_of_work():
        passage_machine.fire(passage, "cancel", rota.desk(), why="Panne")


def ask(item, stop, from_on=FIRST, to_on=SECOND, name="Zoé Anonyme", **changes):
    told = {"email": f"{name[:3].lower()}@chez.example", "phone": None, "quantity": 1, "source": "192.0.2.7"} | changes
    with unit_of_work():
        return ask_online(
            name=name, product_id=item.product_id, site_id=item.site_id, handover_id=stop.id, from_on=from_on, to_on=to_on, **told
        )


def test_needed_days_become_passages_before_and_after(charroux):
    kit = desk.kit()
    (stay,) = stays_at_stop(charroux, date(2026, 12, 7), date(2026, 12, 12))
    assert (stay.from_on, stay.to_on, stay.keeper.id) == (FIRST, SECOND, kit.site_id)
    assert "14" in stay.hours_out
    assert stay.hours_out == stay.hours_back
    shown = board(date(2026, 12, 7), date(2026, 12, 12), place_id=charroux.id)
    assert [(each.best.stay.place.id, each.is_free) for each in shown.free] == [(charroux.id, True)]
    assert [each.place.id for each in shown.places] == [charroux.id, 1]


def test_the_next_passage_is_proposed_with_the_return_of_the_terms(charroux):
    kit = desk.kit()
    terms = loan_policy().terms(kit.product.category)
    stay = next_stay(charroux, lending_places()[0], terms)
    assert stay.from_on == FIRST
    assert stay.to_on in {each.day for each in passages_offered(charroux, lending_places()[0])}
    assert stay.to_on == stay_at_stop(kit.product, charroux, None, None).to_on


def test_it_is_held_at_once_packed_before_and_unpacked_after(charroux):
    kit = desk.kit()
    made = ask(kit, charroux)
    assert (made.state, made.handover_id, made.site_id) == (ReservationState.HELD, charroux.id, kit.site_id)
    (claim,) = claims_of(made)
    assert claim.starts_on <= FIRST
    assert claim.until_on > SECOND
    own = stay_of(made)
    assert (own.place.id, own.keeper.id) == (charroux.id, 1)
    with pytest.raises((NotFree, NoneFree)):
        ask(kit, charroux, name="Paul Second")
    spot = spot_of(kit.product, own)
    assert spot.free == 0
    near = nearest_of(kit.product, spot)
    assert all(each.from_on >= SECOND for each in near)
    assert {each.place.id for each in near} == {charroux.id, 1}


def test_a_day_that_is_no_passage_a_van_on_the_road_and_a_stop_that_ended(charroux):
    kit = desk.kit()
    with pytest.raises(NoPassageThatDay) as refused:
        ask(kit, charroux, FIRST + timedelta(days=1))
    assert refused.value.facts["nearest"] == SECOND
    with pytest.raises(NoPassageThatDay):
        ask(kit, charroux, FIRST, SECOND - timedelta(days=1))
    with at(rota.noon(FIRST)):
        with pytest.raises(VanHasLeft) as left:
            ask(kit, charroux)
        assert left.value.facts["nearest"] == SECOND
    with pytest.raises(NoPassageLeft):
        ask(kit, charroux, date(2028, 12, 1), date(2028, 12, 8))
    row = rule_of(charroux)
    with unit_of_work():
        end_rule(row, row.since)
    with pytest.raises(StopEnded):
        is_served(charroux.id)


def test_what_does_not_travel_is_refused_at_stops_and_offered_at_its_place(charroux):
    kit = desk.kit()
    policy, key, who, borrower = loan_policy(), kit.product.category, rota.desk(), desk.borrower()
    with LOANS.as_if(replace(policy, categories={**policy.categories, key: replace(policy.terms(key), at_stops=False)})):
        assert stops_for(kit.product) == []
        with pytest.raises(NotAtStops):
            ask(kit, charroux)
        with pytest.raises(NotAtStops), unit_of_work():
            lend(who, borrower, [Departure(kit, desk.all_there(kit.components))], on_paper=True, handover_id=charroux.id)
        assert offered(kit.site_id, FIRST, SECOND, charroux.id) == []
        assert len(offered(kit.site_id, FIRST, date(2026, 12, 15))) == 1
        (offer,) = board(date(2026, 12, 7), date(2026, 12, 12), place_id=charroux.id).free
        assert offer.best.stay.place.id == 1


def test_other_passages_by_the_link_and_none_that_is_loaded(charroux):
    made = ask(desk.kit(), charroux)
    with unit_of_work():
        confirm_online(made)
        change_online(made, from_on=SECOND, to_on=rota.days(rule_of(charroux))[2])
    assert live(made)[0].starts_on <= made.from_on == SECOND
    with at(rota.noon(FIRST)), pytest.raises(VanHasLeft), unit_of_work():
        change_online(made, from_on=FIRST, to_on=SECOND)


def test_near_is_the_same_commune_else_the_same_postcode_else_nothing(charroux):
    desk.kit()
    assert [each.id for each in nearby("charroux").found] == [charroux.id]
    by_code = nearby("86250")
    assert charroux in by_code.found
    assert "Charroux" in by_code.communes
    assert by_code.is_same_commune
    other = nearby("Surin 86250")
    assert ({each.commune for each in other.found}, other.is_same_commune) == ({"Blanzay", "Charroux"}, False)
    assert nearby("75001").found == ()
    assert nearby("nulle part").found == ()


def test_the_month_of_a_stop_has_its_passages_and_the_open_days_of_its_place(charroux):
    kit = desk.kit()
    cells = {each.day: each for week in month_of(kit.product, lending_places()[0], FIRST, charroux) for each in week if each}
    assert [day for day, each in cells.items() if each.is_open] == [
        each for each in rota.days(rule_of(charroux)) if (each.year, each.month) == (2026, 12)
    ]
    assert (cells[FIRST + timedelta(days=1)].is_kept_open, cells[FIRST + timedelta(days=1)].is_open) == (True, False)


def test_a_passage_that_goes_is_told_and_another_is_chosen(charroux):
    made = ask(desk.kit(), charroux)
    assert passages_off(made) == []
    cancel(charroux, FIRST)
    assert passages_off(made) == [FIRST]
    assert Stay(stay_of(made).place, FIRST, SECOND, stay_of(made).kept).hours_out == ""


def test_whoever_reserved_at_a_passage_that_is_cancelled_or_moved_is_told_and_comes_back_by_the_link(charroux):
    made = ask(desk.kit(), charroux)
    rows = [{"reservation_id": made.id, "day": FIRST.isoformat()}]
    cancel(charroux, FIRST)
    assert planned(TELL_PASSAGE_OFF) == rows
    letter = mail_passage_off(**rows[0])
    said = letter.text.replace("’", "'").replace("\N{NO-BREAK SPACE}", " ")
    assert letter.to == "zoé@chez.example"
    assert "Charroux, mairie le jeudi 3 décembre" in said
    assert "Le passage suivant est le jeudi 17 décembre" in said
    assert "/ma-reservation/" in said
    with unit_of_work():
        change_online(made, from_on=SECOND, to_on=rota.days(rule_of(charroux))[1])
    with pytest.raises(PassageBack):
        mail_passage_off(**rows[0])
    passage = db.session.query(Passage).filter_by(site_id=charroux.id, day=SECOND).one()
    with unit_of_work():
        passage_machine.fire(passage, "move", rota.desk(), day="2026-12-18", why="Neige")
    moved = mail_passage_off(**planned(TELL_PASSAGE_OFF)[-1]).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Le passage suivant est le vendredi 18 décembre" in moved


def test_whoever_was_told_that_a_passage_is_off_is_told_that_it_takes_place_after_all_and_off_again(charroux):
    made = ask(desk.kit(), charroux)
    passage = db.session.query(Passage).filter_by(site_id=charroux.id, day=FIRST).one()

    def fire(name, **told):
        with unit_of_work():
            passage_machine.fire(passage, name, rota.desk(), **told)

    fire("cancel", why="Panne")
    first = mail_passage_off(**planned(TELL_PASSAGE_OFF)[0])
    fire("reinstate")
    with pytest.raises(PassageBack):
        mail_passage_back(**planned(TELL_PASSAGE_BACK)[0])  # The other never left.
    with unit_of_work():
        db.session.query(Effect).filter_by(kind=TELL_PASSAGE_OFF).one().done_at = now()
    back = mail_passage_back(**planned(TELL_PASSAGE_BACK)[0])
    assert "Finalement, il passe" in back.text
    assert "passe bien le jeudi 3 décembre" in back.subject.replace("\N{NO-BREAK SPACE}", " ")
    fire("cancel", why="Panne encore")
    assert mail_passage_off(**planned(TELL_PASSAGE_OFF)[1]).key not in {first.key, back.key}
    with pytest.raises(PassageBack):
        mail_passage_back(**planned(TELL_PASSAGE_BACK)[0])
    with unit_of_work():
        change_online(made, from_on=SECOND, to_on=rota.days(rule_of(charroux))[1])
    fire("reinstate")
    assert len(planned(TELL_PASSAGE_BACK)) == 1, "whoever has chosen another is expected there"


def test_nothing_travels_from_where_nobody_ever_packs(charroux, monkeypatch):
    kit = desk.kit()

    def never(*_asked):
        raise NeverOpen

    monkeypatch.setattr(LoanPolicy, "last_open", never)
    assert passages_ahead(loan_policy(), Handing(kit.site_id, charroux.id)) == []
    assert stays_at_stop(charroux, date(2026, 12, 7), date(2026, 12, 12)) == []


def test_a_card_asks_once_for_the_hours_of_both_days(charroux, app):
    desk.kit()
    (stay,) = stays_at_stop(charroux, date(2026, 12, 7), date(2026, 12, 12))
    with heard(app) as asked:
        assert [stay.hours_out, stay.hours_back, stay.hours_out, stay.hours_back]
    assert len([each for each in asked if "FROM passages" in each]) == 1


def test_feed_and_open_data_tell_what_the_page_of_a_stop_tells(charroux):
    near, far, there = desk.kit(), desk.kit("Malle d'ailleurs"), places.second()
    with unit_of_work():
        far.site_id = there.id
    reserved(near, from_on=date(2026, 12, 1), to_on=date(2026, 12, 18))
    kept = stay_at_stop(near.product, charroux, None, None).keeper
    assert keeper_at(near.product, charroux) == kept
    assert kept.id == there.id
    first = passage_entries(near.product, charroux)[0]
    assert (first.first, "1 libre" in first.summary.replace("\N{NO-BREAK SPACE}", " ")) == (FIRST, True)


def test_letters_say_the_stop_and_its_hours(charroux):
    made = ask(desk.kit(), charroux)
    for each in (link_letter(made), news_letter(fired(made))):
        assert "au bus, Charroux, mairie, de 14" in each.text


def test_the_last_one_is_promised_once_at_the_bus_and_at_the_desk(charroux):
    kit = desk.kit()
    ask(kit, charroux)
    with pytest.raises((NotFree, NoneFree)):
        reserved(kit, from_on=date(2026, 12, 8), to_on=date(2026, 12, 15))


def asking(product, site, stop, name):
    def do():
        told = {"email": f"{name}@chez.example", "phone": None, "quantity": 1, "source": name, "from_on": FIRST, "to_on": SECOND}
        ask_online(name=f"{name} Anonyme", product_id=product, site_id=site, handover_id=stop, **told)

    return "ask", do


def test_two_ask_for_the_last_one_while_the_passage_is_cancelled(charroux, app):
    kit = desk.kit()
    keeper, product, site = rota.desk(), kit.product_id, kit.site_id
    db.session.remove()

    def cancelling():
        passage = db.session.query(Passage).filter_by(site_id=charroux.id, day=FIRST).one()
        passage_machine.fire(passage, "cancel", keeper, why="Panne")

    deeds = [asking(product, site, charroux.id, name) for name in ("ana", "bob")]
    answers = at_once(app, rota.NOVEMBER, [*deeds, ("cancel", cancelling)])
    made = db.session.query(Reservation).all()
    asked = [refusal for kind, refusal in answers if kind == "ask"]
    assert len(made) == asked.count(None) <= 1
    assert all(isinstance(each, (NoPassageThatDay, NotFree, NoneFree)) for each in asked if each is not None)
    assert [each["reservation_id"] for each in planned(TELL_PASSAGE_OFF)] == [each.id for each in made], "told, or refused"


def fired(made):
    with unit_of_work():
        confirm_online(made)
    return made
