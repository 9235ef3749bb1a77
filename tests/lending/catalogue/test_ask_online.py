"""Reserving without an account: held at once, confirmed by the letter's link, changed and cancelled by it, forgotten unanswered."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.catalogue.actions import (
    MAIL_REQUEST_LINK,
    MOST_A_DAY_FOR_ONE_PERSON,
    MOST_AN_HOUR_FROM_ONE_PLACE,
    TELL_ASKER,
    UNANSWERED_KEPT,
    ask_online,
    cancel_online,
    change_online,
    confirm_online,
    forget_requests,
)
from refurb.lending.catalogue.effects import link_letter, news_letter, tell_asker
from refurb.lending.catalogue.mine import to_bring_for
from refurb.lending.catalogue.queries import requests_since, reservation_asked, units_unconfirmed
from refurb.lending.catalogue.rules import NoRequestLeft, TooManyOfOne, TooManyRequests, TooManyUnconfirmed
from refurb.lending.models import Borrower
from refurb.lending.reservations.actions import let_days_pass
from refurb.lending.reservations.online import OnlineRequest, online_request_of
from refurb.lending.reservations.rules import AnswerTooLate, NoneFree, NotFree, TooManyAtOnce
from refurb.lending.reservations.words import ReservationState
from refurb.lending.suspensions.actions import lift_suspension, suspend
from refurb.lending.suspensions.rules import Suspended
from refurb.lending.terms import LOANS, loan_policy
from tests.lending.reserving import fire, live, open_day
from tests.support.story import desk, people, promises


def ask(item, name="Zoé Anonyme", *, source="192.0.2.7", starts=3, ends=9, **changes):
    told = {"email": "zoe@chez.example", "phone": None, "quantity": 1} | changes
    with unit_of_work():
        return ask_online(
            source=source,
            name=name,
            product_id=item.product_id,
            site_id=item.site_id,
            from_on=open_day(starts),
            to_on=open_day(ends),
            **told,
        )


def confirm(reservation):
    with unit_of_work():
        return confirm_online(reservation)


def planned(kind):
    return [each.facts for each in db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id))]


def test_it_is_held_at_once_and_sure_once_the_link_is_pressed(context):
    made = ask(desk.kit())
    assert (made.state, len(live(made))) == (ReservationState.HELD, 1)
    assert made.expires_at is not None
    assert planned(MAIL_REQUEST_LINK) == [{"reservation_id": made.id}]
    assert confirm(made).state is ReservationState.APPROVED
    assert confirm(made).state is ReservationState.APPROVED, "a second press changes nothing"
    assert online_request_of(made).confirmed_at is not None
    assert reservation_asked(made.id) is made
    assert requests_since(1) == requests_since(1, reached=Borrower.email == "zoe@chez.example") == 1


def test_what_needs_approval_waits_for_the_desk_who_is_heard_by_letter(context):
    made = ask(promises.printer())
    assert confirm(made).state is ReservationState.PENDING
    fire(made, "approve")
    (told,) = planned(TELL_ASKER)
    assert told["state"] == "approved"
    letter = news_letter(made)
    assert "acceptée" in letter.text
    assert (letter.to, "Zoé" in letter.text) == ("zoe@chez.example", False)


def test_by_telephone_alone_nothing_is_written_and_the_desk_confirms(context):
    made = ask(desk.kit(), email=None, phone="+33639980011")
    assert planned(MAIL_REQUEST_LINK) == []
    fire(made, "confirm")
    assert made.state is ReservationState.APPROVED
    assert planned(TELL_ASKER) == []


def test_whoever_is_known_by_name_and_address_gets_no_second_card(context):
    with unit_of_work():
        known = register_borrower(SERVICE, name="Zoé Anonyme", is_adult=True, email="zoe@chez.example")
    kit, other = desk.kit(), desk.kit("Robots mBot n° 4")
    assert ask(kit, "zoe anonyme").borrower_id == known.id
    assert ask(other, "Zoé Autre").borrower_id != known.id


def test_a_number_alone_makes_nobody_known(context):
    known = desk.borrower()
    assert ask(desk.kit(), known.name, email=None, phone=known.phone).borrower_id != known.id


def test_a_stranger_learns_nothing_of_whoever_they_name_and_the_letter_tells(context):
    agent = people.actor(Role.DESK)
    with unit_of_work():
        known = register_borrower(SERVICE, name="Zoé Anonyme", is_adult=True, email="zoe@chez.example")
        suspend(agent, known, reason="retards")
    made = ask(desk.kit())
    assert (made.borrower_id, made.state) == (known.id, ReservationState.HELD)
    with unit_of_work():
        change_online(made, from_on=open_day(8), to_on=open_day(12))
    with pytest.raises(Suspended), unit_of_work():
        change_online(made, from_on=open_day(9), to_on=open_day(13), by_letter=True)
    asked = ask(promises.printer(), starts=20, ends=22)
    for each in (made, asked):
        with pytest.raises(Suspended):
            confirm(each)
    assert online_request_of(made).confirmed_at is None
    with unit_of_work():
        lift_suspension(agent, known, reason="rapporté")
    assert confirm(made).state is ReservationState.APPROVED


def test_the_last_one_is_promised_once(context):
    kit = desk.kit()
    ask(kit)
    with pytest.raises((NotFree, NoneFree)):
        ask(kit, "Paul Second", email="paul@chez.example")
    assert db.session.query(OnlineRequest).count() == 1
    assert db.session.query(Borrower).filter_by(name="Paul Second").first() is None, "nothing is half-written"


def test_other_days_and_giving_up(context):
    made = ask(desk.kit())
    with unit_of_work():
        change_online(made, from_on=open_day(20), to_on=open_day(24))
    assert live(made)[0].due_on == made.to_on == open_day(24)
    with unit_of_work():
        cancel_online(made)
    with unit_of_work():
        assert cancel_online(made).state is ReservationState.CANCELLED
    assert live(made) == []
    with pytest.raises(NoRequestLeft):
        confirm(made)


def test_strangers_are_held_back_by_place_and_by_person(context):
    kit = desk.kit()
    for number in range(MOST_A_DAY_FOR_ONE_PERSON):
        made = ask(kit, source=f"192.0.2.{number}")
        with unit_of_work():
            cancel_online(made)
    with pytest.raises(TooManyRequests):
        ask(kit, source="192.0.2.99")
    for number in range(MOST_AN_HOUR_FROM_ONE_PLACE):
        made = ask(kit, source="203.0.113.5", email=f"qui{number}@chez.example")
        with unit_of_work():
            cancel_online(made)
    with pytest.raises(TooManyRequests):
        ask(kit, source="203.0.113.5", email="autre@chez.example")
    with at(now() + timedelta(days=2)):
        assert ask(kit, source="203.0.113.5", starts=6, ends=12).state is ReservationState.HELD


def test_a_change_by_the_link_holds_for_no_longer(context):
    made = ask(desk.kit())
    before = made.expires_at
    with at(before - timedelta(hours=1)), unit_of_work():
        change_online(made, from_on=open_day(8), to_on=open_day(12))
    assert (made.state, made.expires_at) == (ReservationState.HELD, before)
    with at(before), pytest.raises(AnswerTooLate), unit_of_work():
        change_online(made, from_on=open_day(9), to_on=open_day(13))


def test_only_so_many_units_wait_for_a_confirmation_from_one_place(context, monkeypatch):
    monkeypatch.setattr("refurb.lending.catalogue.actions.MOST_UNCONFIRMED_FROM_ONE_PLACE", 1)
    first, second = desk.kit(), desk.kit("Robots mBot n° 4")
    made = ask(first)
    assert units_unconfirmed(online_request_of(made).source) == 1
    with pytest.raises(TooManyUnconfirmed):
        ask(second, "Paul Second", email="paul@chez.example")
    confirm(made)
    ask(second, "Paul Second", email="paul@chez.example")


def test_who_never_answers_is_forgotten_and_who_did_is_not(context):
    gone, kept = ask(desk.kit()), ask(desk.kit("Robots mBot n° 4"), "Paul Présent", email="paul@chez.example")
    confirm(kept)
    with at(now() + UNANSWERED_KEPT + timedelta(days=1)):
        with unit_of_work():
            let_days_pass()
        assert gone.state is ReservationState.EXPIRED
        with unit_of_work():
            assert forget_requests() == 1
        with unit_of_work():
            assert forget_requests() == 0
    db.session.expire_all()
    assert (gone.borrower.name, gone.borrower.email, gone.borrower.phone) == ("Nom effacé", None, None)
    assert kept.borrower.name == "Paul Présent"
    assert online_request_of(gone).source is None


def test_the_letter_repeats_nothing_that_a_stranger_typed(context):
    made = ask(desk.kit(), "Venez Voir")
    letter = link_letter(made)
    assert "Venez" not in letter.text
    assert re.search(r"http://refurb\.example/ma-reservation/\S+", letter.text)


def test_news_that_were_overtaken_are_not_sent(context):
    made = ask(promises.printer())
    fire(made, "approve")
    with unit_of_work():
        cancel_online(made)
    with pytest.raises(Exception, match=r"letter\.overtaken"):
        tell_asker(**planned(TELL_ASKER)[0])


def test_accepted_twice_while_the_mail_server_was_away_is_told_once(context):
    made = ask(promises.printer())
    confirm(made)
    fire(made, "approve")
    with unit_of_work():
        change_online(made, from_on=open_day(4), to_on=open_day(8), by_letter=True)
    assert made.state is ReservationState.PENDING
    fire(made, "approve")
    first, second = planned(TELL_ASKER)
    with pytest.raises(Exception, match=r"letter\.overtaken"):
        tell_asker(**first)
    assert "acceptée" in tell_asker(**second).text
    assert "acceptée" in tell_asker(reservation_id=made.id, state="approved").text, "what an older release had promised is kept"


def test_the_desk_sees_it_waiting(signed_in, app):
    with app.app_context():
        reference = ask(desk.kit(), email=None, phone="+33639980011").reference
    shown = signed_in(Role.DESK).get(f"/reservations/{reference}").text
    assert "À confirmer" in shown
    assert "Demandée en ligne" in shown


def test_a_stranger_learns_nothing_of_what_a_person_has_reserved(context):
    kit = desk.kit()
    for number in range(4, 7):
        desk.kit(f"Robots mBot n° {number}")
    policy = loan_policy()
    with LOANS.as_if(replace(policy, categories={**policy.categories, "kit": replace(policy.terms("kit"), at_once=2)})):
        held = confirm(ask(kit, quantity=2))
        with pytest.raises(TooManyRequests) as refused:
            ask(kit)
        assert refused.value.facts == {}
        other, days = ask(kit, starts=20, ends=25), {"from_on": held.from_on, "to_on": held.to_on}
        for how, refusal in (({}, TooManyRequests), ({"by_letter": True}, TooManyAtOnce)):
            with pytest.raises(refusal), unit_of_work():
                change_online(other, **days, **how)
        for name in ("Zoé Anonyme", "Personne Inconnue"):
            with pytest.raises(TooManyOfOne):
                ask(kit, name, quantity=3)


def test_what_to_bring_is_said_by_the_rule_alone_on_the_page_and_in_the_letters(context):
    kit, policy = desk.kit(), loan_policy()
    asked = ask(kit)
    assert "pportez" not in link_letter(asked).text, "nothing is asked for, and nothing is said of it"
    terms = replace(policy.terms("kit"), insurance=True, training=True, bring="une pièce d'identité")
    with LOANS.as_if(replace(policy, categories={**policy.categories, "kit": terms})):
        said = to_bring_for(asked)
        assert [each.replace("’", "'")[:12] for each in said] == ["une attestat", "de quoi mont", "une pièce d'"]
        assert "une pièce d'identité" in link_letter(asked).text.replace("’", "'")
        confirm(asked)
        assert "une pièce d'identité" in news_letter(asked).text.replace("’", "'")
        with unit_of_work():
            cancel_online(asked)
        assert to_bring_for(asked) == []
