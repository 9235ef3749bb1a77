"""Reserving without an account: held at once, confirmed by the letter's link, changed and cancelled by it, forgotten unanswered."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.catalogue.actions import (
    MAIL_REQUEST_LINK,
    TELL_ASKER,
    ask_online,
    change_online,
    confirm_online,
)
from refurb.lending.catalogue.effects import news_letter
from refurb.lending.catalogue.queries import requests_since, reservation_asked
from refurb.lending.catalogue.rules import TooManyOfOne, TooManyRequests
from refurb.lending.models import Borrower
from refurb.lending.reservations.online import online_request_of
from refurb.lending.reservations.rules import TooManyAtOnce
from refurb.lending.reservations.words import ReservationState
from refurb.lending.terms import LOANS, loan_policy
from tests.lending.reserving import fire, live, open_day
from tests.support.story import desk, promises


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
    assert told == {"reservation_id": made.id, "state": "approved"}
    letter = news_letter(made, online_request_of(made))
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
