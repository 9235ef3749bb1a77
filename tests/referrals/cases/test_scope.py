import re

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.cases.queries.allocations import allocation_for, allocation_numbered
from refurb.referrals.cases.queries.referrals import referral_for
from tests.support.client import checking
from tests.support.story import families, people

PAGES = (
    "/orientations/{}",
    "/orientations/{}/modifier",
    "/orientations/{}/transmettre",
    "/orientations/{}/repondre",
    "/orientations/{}/retirer-l-orientation",
    "/remises/{}/bon.pdf",
)


@pytest.fixture
def stranger(app):
    with app.app_context():
        people.other_prescriber()
    client = checking(app)
    client.sign_in("autre@refurb.example")
    return client


@pytest.mark.parametrize("begun", [families.draft, families.submitted, families.waiting, families.allocated, families.handed_over])
def test_another_organisation_finds_nothing_on_any_page(app, stranger, begun):
    with app.app_context():
        made = begun()
        made = getattr(made, "allocation", made)
        reference = getattr(made, "referral", made).reference

    for path in PAGES:
        assert stranger.get(path.format(reference)).status_code == 404, path
    for path in PAGES[1:5]:
        assert stranger.submit(path.format(reference), families.form_facts(answer="x")).status_code == 404, path
    assert reference not in stranger.get("/orientations").text


def test_another_organisation_finds_nothing_through_the_api(app, stranger):
    with app.app_context():
        reference = families.submitted().reference
    headers = {"X-CSRFToken": stranger.token()}

    assert stranger.get(f"/api/v1/referrals/{reference}").status_code == 404
    assert stranger.put(f"/api/v1/referrals/{reference}", json={}, headers=headers).status_code == 404
    for move in ("submit", "answer", "withdraw"):
        assert stranger.post(f"/api/v1/referrals/{reference}/{move}", json={"answer": "x"}, headers=headers).status_code == 404
    assert stranger.get("/api/v1/referrals").json["total"] == 0


ABSENT = "OR-1999-0001"


def test_what_is_not_there_answers_like_what_is_not_hers(app, stranger):
    with app.app_context():
        reference = families.submitted().reference

    # The token of a page's forms tells when it was signed.
    hidden, none = (
        re.sub(r'(?<=name="csrf_token" value=")[^"]+', "", stranger.get(f"/orientations/{each}").text) for each in (reference, ABSENT)
    )
    assert hidden.replace(reference, "") == none.replace(ABSENT, "")


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.DESK, Role.OBSERVER])
def test_whoever_reads_no_referral_sees_no_page_of_one(app, signed_in, role):
    with app.app_context():
        reference = families.handed_over().allocation.referral.reference
    client = signed_in(role)

    for path in (*PAGES[:1], "/remises/{}/bon.pdf"):
        assert client.get(path.format(reference)).status_code == 403
    for path in ("/orientations", "/attente"):
        assert client.get(path).status_code == 403
    if role is Role.DESK:  # It hands over what is fetched that day, and finds nothing else.
        assert client.get(f"/remises/{reference}").status_code == 404
        assert reference not in client.get("/remises").text
    else:
        assert {client.get(path).status_code for path in ("/remises", f"/remises/{reference}")} == {403}


def test_the_prescriber_sees_neither_the_waiting_list_nor_the_hand_overs(signed_in):
    client = signed_in(Role.PRESCRIBER)

    for path in ("/attente", "/remises", "/api/v1/waiting-list", "/api/v1/allocations", "/api/v1/handovers"):
        assert client.get(path).status_code == 403


def test_the_office_does_not_see_what_a_partner_has_not_sent(context):
    coordinator = people.actor(Role.COORDINATOR)
    draft, sent = families.draft(), families.submitted()

    assert referral_for(coordinator, sent.reference) is sent
    with pytest.raises(NotFound):
        referral_for(coordinator, draft.reference)


def test_allocations_are_found_through_their_referral(context):
    allocation = families.allocated()
    stranger = people.other_prescriber()

    assert allocation_numbered(people.actor(Role.PRESCRIBER), allocation.id) is allocation
    with pytest.raises(NotFound):
        allocation_for(stranger, allocation.referral.reference)
    with pytest.raises(NotFound):
        allocation_numbered(people.actor(Role.TECHNICIAN), allocation.id)


def test_the_waiting_list_and_the_hand_overs_bear_no_name(app, signed_in):
    with app.app_context():
        families.handed_over()
        families.allocated()
        families.waiting()
    client = signed_in(Role.COORDINATOR)

    for path in (
        "/attente?besoin=monitor",
        "/remises",
        "/orientations",
        "/api/v1/waiting-list",
        "/api/v1/allocations",
        "/api/v1/referrals",
    ):
        told = client.get(path).get_data(as_text=True)
        assert "OR-" in told
        assert "Zoë" not in told
        assert "Neil" not in told
