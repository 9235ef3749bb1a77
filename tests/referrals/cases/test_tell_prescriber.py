import pytest
from sqlalchemy import select

from refurb.accounts.models import Account
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NobodyToWriteTo, Overtaken
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.cases.actions import cancel_allocation
from refurb.referrals.cases.effects import letter_to_partner, tell_prescriber
from refurb.referrals.cases.readers import reader_of
from refurb.referrals.models import Referral
from tests.support.story import families, people


def promised():
    """The letters that were promised, in their order."""
    return list(db.session.scalars(select(Effect).where(Effect.kind == "tell_prescriber").order_by(Effect.id)))


def test_what_concerns_the_prescriber_is_promised_to_her(context):
    families.allocated()

    (planned,) = db.session.scalars(select(Effect).where(Effect.kind == "tell_prescriber"))

    assert planned.facts["subject_kind"] == "referral"
    assert set(planned.facts) == {"subject_kind", "subject_id", "event"}


def test_the_mail_says_where_it_stands_and_names_nobody(app):
    with app.test_request_context():
        referral = families.allocated().referral

        letter = letter_to_partner(db.session.get_one(Referral, referral.id), reader_of(referral))

    assert letter.to == people.EMAIL[Role.PRESCRIBER]
    assert "Zoë" not in letter.text
    assert "Neil" not in letter.text
    assert "Appareil attribué" in letter.text
    assert "http://refurb.example/orientations/OR-" in letter.text


def test_each_piece_of_news_is_another_mail(app):
    with app.test_request_context():
        allocation = families.allocated()
        (planned,) = promised()
        first = tell_prescriber(**planned.facts).key
        with unit_of_work():
            cancel_allocation(people.actor(Role.COORDINATOR), allocation, reason="La famille a déménagé.")
        overtaken, later = promised()
        second = tell_prescriber(**later.facts).key
        with pytest.raises(Overtaken):
            tell_prescriber(**overtaken.facts)

    assert first != second


def test_the_partner_hears_of_the_hand_over_too(app):
    with app.test_request_context():
        referral = families.handed_over().allocation.referral

        letter = tell_prescriber(**promised()[-1].facts)

    assert letter.to == people.EMAIL[Role.PRESCRIBER]
    assert "Appareil remis" in letter.text
    assert "Zoë" not in letter.text
    assert referral.reference in letter.subject


def test_what_the_office_wrote_is_told_to_the_partner_or_said_to_be_told_to_nobody(app, signed_in):
    with app.test_request_context():
        referral = families.allocated().referral
        reference = referral.reference
        with unit_of_work():
            referral.prescriber_id = people.actor(Role.COORDINATOR).id
            referral.partner.email = "contact@ccas.example"
        assert reader_of(referral).address == "contact@ccas.example"
        with unit_of_work():
            referral.partner.email = None
        assert reader_of(referral).address == people.EMAIL[Role.PRESCRIBER], "a colleague there"
        with unit_of_work():
            db.session.get_one(Account, people.actor(Role.PRESCRIBER).id).is_active = False
        assert reader_of(referral) is None
        with pytest.raises(NobodyToWriteTo):
            tell_prescriber(**promised()[0].facts)
    assert "ni compte ni adresse de la structure" in signed_in(Role.COORDINATOR).get(f"/orientations/{reference}").text
