import datetime as dt

import pytest
from sqlalchemy import select

from refurb.directory.organisations.rules import NoLongerDealtWith
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.referrals.cases.actions import write_referral
from refurb.referrals.models import Beneficiary, Referral
from refurb.referrals.words import ReferralState
from tests.support.story import families, people


def only(app):
    with app.app_context():
        return db.session.scalars(select(Referral)).one()


def test_one_page_is_enough_to_submit(app, signed_in):
    client = signed_in(Role.PRESCRIBER)
    blank = client.get("/orientations/nouvelle").text
    answer = client.submit("/orientations/nouvelle", families.form_facts())

    assert answer.status_code == 303
    with app.app_context():
        assert blank.count(f'value="{today()}"') == 2, "what is verified and told is verified and told today, unless one says otherwise"
        referral = db.session.scalars(select(Referral)).one()
        assert answer.headers["Location"].endswith(f"/orientations/{referral.reference}")
        assert referral.state is ReferralState.SUBMITTED
        assert referral.beneficiary.name == families.NAME
        assert referral.partner.name == "CCAS de Poitiers"


def test_a_name_with_an_apostrophe_and_an_emoji_is_shown_as_it_was_typed(app, signed_in):
    client = signed_in(Role.PRESCRIBER)
    page = client.submit("/orientations/nouvelle", families.form_facts(), follow_redirects=True)

    assert "Zoë O&#39;Neil 🙂" in page.text
    assert "Zoë O&#39;Neil 🙂" in client.get("/orientations").text


def test_what_is_not_finished_is_kept_as_a_draft(app, signed_in):
    client = signed_in(Role.PRESCRIBER)
    client.submit("/orientations/nouvelle", {"first_name": "Zoë", "later": "1"})

    assert only(app).state is ReferralState.DRAFT
    page = client.get(f"/orientations/{only(app).reference}/modifier")
    assert 'value="Zoë"' in page.text


def test_a_draft_without_a_name_is_no_erased_one(signed_in):
    client = signed_in(Role.PRESCRIBER)
    client.submit("/orientations/nouvelle", {"later": "1"})
    listed = client.get("/orientations").text
    assert "sans nom encore" in listed
    assert "effacé" not in listed


def test_a_draft_is_completed_and_submitted(app, signed_in):
    client = signed_in(Role.PRESCRIBER)
    client.submit("/orientations/nouvelle", {"first_name": "Zoë", "later": "1"})

    answer = client.submit(f"/orientations/{only(app).reference}/modifier", families.form_facts())

    assert answer.status_code == 303
    assert only(app).state is ReferralState.SUBMITTED


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"first_name": None}, "f-first_name-e"),
        ({"phone": None}, "f-phone-e"),
        ({"channel": "email"}, "f-email-e"),
        ({"notice_given_on": "1900-01-01"}, "f-notice_given_on-e"),
        ({"eligibility_checked_on": (now() + dt.timedelta(days=3)).date().isoformat()}, "f-eligibility_checked_on-e"),
        ({"birth_year": "2091"}, "f-birth_year-e"),
        ({"birth_year": "1901"}, "f-birth_year-e"),
        ({"birth_year": str(now().year - 2)}, "f-birth_year-e"),
        ({"eligibility_checked_on": "2019-05-04"}, "f-eligibility_checked_on-e"),
        ({"notice_given_on": (now() - dt.timedelta(days=400)).date().isoformat()}, "f-notice_given_on-e"),
        ({"situation": "riche"}, "f-situation-e"),
        ({"school_children": "-2"}, "f-school_children-e"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(app, signed_in, changes, told):
    answer = signed_in(Role.PRESCRIBER).submit("/orientations/nouvelle", families.form_facts(**changes))

    assert answer.status_code == 422
    assert f'id="{told}"' in answer.text
    assert "O&#39;Neil 🙂" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Referral)).all() == []
        assert db.session.scalars(select(Beneficiary)).all() == []


def test_a_draft_takes_no_nonsense_either(app, signed_in):
    answer = signed_in(Role.PRESCRIBER).submit("/orientations/nouvelle", {"notice_given_on": "1900-01-01", "later": "1"})

    assert answer.status_code == 422


def test_only_the_chosen_way_to_reach_the_person_is_kept(app, signed_in):
    signed_in(Role.PRESCRIBER).submit("/orientations/nouvelle", families.form_facts(channel="prescriber", email="zoe@famille.example"))

    with app.app_context():
        person = db.session.scalars(select(Beneficiary)).one()
        assert (person.phone, person.email) == (None, None)


def test_a_prescriber_writes_for_her_own_organisation_whatever_she_sends(app, signed_in):
    with app.app_context():
        other = people.organisation("Mission locale").id
    signed_in(Role.PRESCRIBER).submit("/orientations/nouvelle", families.form_facts(partner_id=str(other)))

    with app.app_context():
        assert db.session.scalars(select(Referral)).one().partner.name == "CCAS de Poitiers"


def test_the_office_says_for_which_partner(app, signed_in):
    with app.app_context():
        other = people.organisation("Mission locale").id
    client = signed_in(Role.COORDINATOR)

    assert client.submit("/orientations/nouvelle", families.form_facts()).status_code == 422
    assert client.submit("/orientations/nouvelle", families.form_facts(partner_id=str(other))).status_code == 303


def test_a_withdrawn_referral_is_no_longer_rewritten(app, signed_in):
    with app.app_context():
        referral = families.submitted()
        families.fire(referral, "withdraw", people.actor(Role.PRESCRIBER))
        reference = referral.reference

    answer = signed_in(Role.PRESCRIBER).submit(f"/orientations/{reference}/modifier", families.form_facts(commune="Buxerolles"))

    assert answer.status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Beneficiary)).one().commune == "Poitiers"


def test_a_technician_refers_nobody(app, signed_in):
    assert signed_in(Role.TECHNICIAN).submit("/orientations/nouvelle", families.form_facts()).status_code == 403


def test_a_partner_with_whom_we_no_longer_deal_is_said_to_its_prescriber(context):
    writer = people.actor(Role.PRESCRIBER)
    with unit_of_work():
        people.organisation("CCAS").archived_at = now()
    with pytest.raises(NoLongerDealtWith), unit_of_work():
        write_referral(writer)
