"""Once a ceremony is over: who came in numbers, thanks once, a report that names nobody and tells no few families."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from refurb.ceremonies.after.actions import thank
from refurb.ceremonies.after.figures import Came, Evening, evening_of
from refurb.ceremonies.after.rules import NotOver, ThankedAlready
from refurb.ceremonies.door.actions import let_in
from refurb.ceremonies.guests.actions import MAIL_FAMILY, MAIL_GUEST
from refurb.ceremonies.guests.effects import mail_ceremony_family, mail_ceremony_guest
from refurb.ceremonies.guests.words import GuestKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import families, gala, people


def office():
    return people.actor(Role.COORDINATOR)


def over(*, close=True):
    """An evening to which one family came and another did not; of two guests one came, of her two places one."""
    ceremony = gala.planned(families.allocated(email="zoe@chez.example"), families.allocated())
    came, away = gala.guest(ceremony), gala.guest(ceremony, "M. Paul Roy", kind=GuestKind.PRESS)
    gala.answer(came, "accept", companions=1)
    gala.answer(away, "accept")
    gala.fire(ceremony, "hold")
    with unit_of_work():
        let_in(office(), came, 1)
        let_in(office(), gala.family(ceremony, 1))
    gala.turn(ceremony.turns[0], "hand_over")
    gala.turn(ceremony.turns[1], "miss")
    if close:
        gala.fire(ceremony, "close")
    return ceremony


def newest(kind):
    return db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id.desc())).first()


def test_who_came_is_counted_by_kind(context):
    evening = evening_of(over())
    assert evening.rows == (Came(GuestKind.OFFICIAL, 2, 1), Came(GuestKind.PRESS, 1, 0), Came(None, 1, 1))
    assert (evening.came, evening.handed, evening.machines, evening.tells_families) == (2, 1, 1, False)


def test_thanked_once_and_only_who_came(context):
    ceremony = over()
    with unit_of_work():
        assert thank(office(), ceremony) == 2
    assert "Merci d\u2019avoir été là" in mail_ceremony_guest(**newest(MAIL_GUEST).facts).text
    family = mail_ceremony_family(**newest(MAIL_FAMILY).facts)
    assert (family.to, families.FACTS["first_name"] in family.text, family.enclosures) == ("zoe@chez.example", False, ())
    with pytest.raises(ThankedAlready), unit_of_work():
        thank(office(), ceremony)


def test_not_before_it_is_closed(context):
    ceremony = over(close=False)
    with pytest.raises(NotOver), unit_of_work():
        thank(office(), ceremony)


def test_the_page_and_the_report_name_nobody(app, signed_in):
    with app.app_context():
        number = over().id
    client = signed_in(Role.COORDINATOR)
    page = client.get(f"/ceremonies/{number}").text.replace("\u00a0", " ")
    assert ("2 personnes sont venues" in page, "Donner rendez-vous à 1 famille absente" in page) == (True, True)
    assert client.get(f"/ceremonies/{number}/compte-rendu.pdf").status_code == 404
    assert client.submit(f"/ceremonies/{number}/compte-rendu", {"next_steps": "Rendez-vous lundi."}).status_code == 303
    assert client.submit(f"/ceremonies/{number}/compte-rendu/emettre").status_code == 303
    assert "Rendez-vous lundi." in client.get(f"/ceremonies/{number}/compte-rendu").text
    text = PdfReader(BytesIO(client.get(f"/ceremonies/{number}/compte-rendu.pdf").data)).pages[0].extract_text()
    assert ("moins de 5" in text.replace("\u00a0", " "), families.FACTS["first_name"] in text, "Ferrand" in text) == (True, False, False)
    assert client.submit(f"/ceremonies/{number}/remercier").status_code == 303
    assert client.submit(f"/ceremonies/{number}/remercier").status_code == 409


def test_few_places_of_families_are_not_told_where_nobody_came(context):
    evening = Evening((Came(GuestKind.PRESS, 9, 9), Came(None, 3, 0)), 0, 0)
    assert not evening.tells_families


def test_only_who_has_an_address_is_counted_as_thanked(context):
    ceremony = gala.planned(families.allocated())
    gala.fire(ceremony, "hold")
    with unit_of_work():
        let_in(office(), gala.family(ceremony))
    gala.turn(ceremony.turns[0], "hand_over")
    gala.fire(ceremony, "close")
    with unit_of_work():
        assert thank(office(), ceremony) == 0
