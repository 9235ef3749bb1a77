"""A ceremony is called off: everybody who was invited is told, a family without a word of the others."""

from sqlalchemy import select

from refurb.ceremonies.guests.actions import MAIL_FAMILY, MAIL_GUEST
from refurb.ceremonies.guests.effects import mail_ceremony_family, mail_ceremony_guest
from refurb.ceremonies.guests.words import GuestAnswer
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from tests.support.story import families, gala


def newest(kind):
    return db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id.desc())).first()


def test_everybody_who_was_invited_is_told(context):
    ceremony = gala.planned(families.allocated(email="zoe@chez.example"))
    guest, silent = gala.guest(ceremony), gala.guest(ceremony, "M. Paul Roy")
    for each in (guest, gala.family(ceremony)):
        gala.answer(each, "send")
        gala.answer(each, "accept")

    gala.fire(ceremony, "cancel", reason="Salle en travaux.")

    assert (guest.state, silent.state, ceremony.taken) == (GuestAnswer.OFF, GuestAnswer.OFF, 0)
    letter = mail_ceremony_guest(**newest(MAIL_GUEST).facts)
    assert "annulée" in letter.subject
    assert b"STATUS:CANCELLED" in letter.enclosures[0].content
    family = mail_ceremony_family(**newest(MAIL_FAMILY).facts)
    assert (family.to, "vous reste réservé" in family.text) == ("zoe@chez.example", True)
    assert ceremony.turns == []
