from sqlalchemy import select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.actions import cancel_allocation
from refurb.referrals.effects import letter_to_prescriber
from refurb.referrals.models import Referral
from tests.support.story import families, people


def test_what_concerns_the_prescriber_is_promised_to_her(context):
    families.allocated()

    (planned,) = db.session.scalars(select(Effect).where(Effect.kind == "tell_prescriber"))

    assert planned.facts["subject_kind"] == "referral"
    assert set(planned.facts) == {"subject_kind", "subject_id"}


def test_the_mail_says_where_it_stands_and_names_nobody(app):
    with app.test_request_context():
        referral = families.allocated().referral

        letter = letter_to_prescriber(db.session.get_one(Referral, referral.id), referral.prescriber)

    assert letter.to == people.EMAIL[Role.PRESCRIBER]
    assert "Zoë" not in letter.text
    assert "Neil" not in letter.text
    assert "Appareil attribué" in letter.text
    assert "http://refurb.example/orientations/OR-" in letter.text


def test_each_piece_of_news_is_another_mail(app):
    with app.test_request_context():
        allocation = families.allocated()
        first = letter_to_prescriber(allocation.referral, allocation.referral.prescriber).key
        with unit_of_work():
            cancel_allocation(people.actor(Role.COORDINATOR), allocation, reason="La famille a déménagé.")
        second = letter_to_prescriber(allocation.referral, allocation.referral.prescriber).key

    assert first != second
