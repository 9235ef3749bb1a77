"""What a referral says is corrected until its device is handed over."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from refurb.referrals.cases.actions import correct_contact_of, revise_referral
from refurb.referrals.cases.rules import Incomplete, NotOpen
from tests.support.story import families, people


def revise(referral, **changes):
    dates = {"eligibility_checked_on": referral.eligibility_checked_on, "notice_given_on": referral.notice_given_on}
    with unit_of_work():
        revise_referral(people.actor(Role.PRESCRIBER), referral, **{**families.FACTS, **dates, **changes})


def test_a_submitted_one_is_corrected_and_the_history_names_the_field_alone(context):
    referral = families.submitted()
    revise(referral, phone="+33549000002")
    assert referral.beneficiary.phone == "+33549000002"
    assert (last_event(referral).move, last_event(referral).facts) == ("revised", {"fields": ["phone"]})


def test_what_was_submitted_stays_complete(context):
    with pytest.raises(Incomplete):
        revise(families.submitted(), commune=None)


def test_not_after_it_was_withdrawn(context):
    referral = families.submitted()
    families.fire(referral, "withdraw", people.actor(Role.PRESCRIBER))
    with pytest.raises(NotOpen):
        revise(referral)


def test_not_once_it_left_on_paper(context):
    referral = families.left_unsigned().allocation.referral
    before = referral.beneficiary.name
    with pytest.raises(NotOpen):
        revise(referral, last_name="Autrement")
    assert referral.beneficiary.name == before


def test_no_page_offers_to_correct_what_left_on_paper(app, signed_in):
    with app.app_context():
        reference = families.left_unsigned().allocation.referral.reference
    assert f"/orientations/{reference}/modifier" not in signed_in(Role.PRESCRIBER).get(f"/orientations/{reference}").text


def test_its_prescriber_corrects_it_on_its_page(app, signed_in):
    with app.app_context():
        reference = families.submitted().reference
    client = signed_in(Role.PRESCRIBER)
    assert f"/orientations/{reference}/modifier" in client.get(f"/orientations/{reference}").text
    assert "Corriger l’orientation" in client.get(f"/orientations/{reference}/modifier").text


# --- how a person is reached, after the hand-over --------------------------------------------------------------------------


@pytest.mark.parametrize("chapter", [families.handed_over, families.left_unsigned])
def test_after_the_hand_over_the_number_is_corrected_and_nothing_else(context, chapter):
    referral = chapter().allocation.referral
    with unit_of_work():
        correct_contact_of(people.actor(Role.PRESCRIBER), referral, phone="+33549000077")
    assert (referral.beneficiary.phone, "0549000077" in referral.beneficiary.search) == ("+33549000077", True)
    assert (last_event(referral).move, last_event(referral).facts) == ("contact_corrected", {"fields": ["phone"]})


def test_what_is_still_written_is_corrected_there_and_not_by_who_may_not(context):
    draft, given = families.draft(), families.handed_over().allocation.referral
    for role, referral, refusal in ((Role.PRESCRIBER, draft, NotOpen), (Role.DESK, given, Forbidden)):
        with pytest.raises(refusal), unit_of_work():
            correct_contact_of(people.actor(role), referral, phone="+33549000077")


def test_the_page_and_the_json_door_correct_it(app, signed_in):
    with app.app_context():
        people.settle()
        reference = families.handed_over().allocation.referral.reference
    client, address = signed_in(Role.COORDINATOR), f"/orientations/{reference}/joindre"
    assert address in client.get(f"/orientations/{reference}").text
    refused = client.submit(address, {"channel": "phone", "phone": "12"})
    assert (refused.status_code, 'value="12"' in refused.text) == (422, True)
    assert client.submit(address, {"channel": "phone", "phone": "05 49 00 00 78"}).status_code == 303
    assert "05 49 00 00 78" in client.get(f"/orientations/{reference}").text.replace("\u202f", " ").replace("\u00a0", " ")
    head, told = {"X-CSRFToken": client.token()}, {"channel": "email", "email": "lea@example.org"}
    answer = client.put(f"/api/v1/referrals/{reference}/contact", json=told, headers=head)
    assert answer.status_code == 200
    assert client.put(f"/api/v1/referrals/{reference}/contact", json={"channel": "email"}, headers=head).status_code == 422
