"""What a prescriber reads once, and what the coordination reads side by side; by the pages and by JSON."""

from sqlalchemy import func, select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind
from refurb.referrals.models import HouseholdLikeness, LikenessTold, Referral
from refurb.referrals.words import ReferralState
from tests.support.story import families, people

TWICE = {"first_name": "Zoe", "last_name": "O’NEIL", "commune": "Lusignan", "channel": "prescriber", "phone": None}


def logged(kind):
    return db.session.scalar(select(func.count()).where(SecurityEvent.kind == kind))


def test_a_prescriber_is_told_that_a_request_exists_and_nothing_of_it(app, signed_in):
    with app.app_context():
        known = families.waiting(people.other_prescriber())
        told_of = (known.reference, "Mission locale", known.beneficiary.first_name)
    client = signed_in(Role.PRESCRIBER)

    page = client.submit("/orientations/nouvelle", families.form_facts(**TWICE), follow_redirects=True)

    assert "Une demande existe déjà pour un foyer qui lui ressemble" in page.text
    assert not [each for each in told_of if each in page.text]
    with app.app_context():
        referral = db.session.scalars(select(Referral).order_by(Referral.id.desc())).first()
        address = f"/orientations/{referral.reference}/foyer"
        assert (referral.state, logged(SecurityKind.HOUSEHOLD_LOOKED_UP)) == (ReferralState.DRAFT, 1)
    assert address in client.get(f"/orientations/{referral.reference}").text, "it is found again from the draft"
    unsaid = client.submit(address, {"word": "elle a une sœur"})
    assert (unsaid.status_code, "elle a une sœur" in unsaid.text) == (422, True)
    assert client.submit(address, {"answer": "unknown", "word": "elle a une sœur"}).status_code == 303
    assert client.get(address).status_code == 404, "told once"
    with app.app_context():
        assert db.session.scalars(select(LikenessTold)).one().word == "elle a une sœur"
        assert db.session.scalars(select(HouseholdLikeness)).one().verdict is None


def test_the_coordination_compares_settles_and_takes_apart(app, signed_in):
    with app.app_context():
        older, newer = families.waiting(people.other_prescriber()).reference, families.submitted(first_name="Zoe", phone=None).reference
        number = db.session.scalars(select(HouseholdLikeness)).one().id
    client = signed_in(Role.COORDINATOR)
    assert "/attente/a-rapprocher" in client.get("/attente").text
    listed = client.get("/attente/a-rapprocher").text
    assert older in listed
    assert newer in listed
    assert "O&#39;Neil" not in listed, "no name in the list"

    address = f"/attente/a-rapprocher/{number}"
    shown = client.get(address).text
    for said in ("O&#39;Neil", "Le même, écrit autrement", "Mission locale", "Réunir se défait"):
        assert said in shown
    unsaid = client.submit(address, {"settlement": "one", "reason": ""})
    assert (unsaid.status_code, 'value="one" checked' in unsaid.text) == (422, True)
    assert client.submit(address, {"settlement": "one", "reason": "même personne au guichet"}).status_code == 303
    assert "Les autres demandes de ce foyer" in client.get(f"/orientations/{newer}").text
    refused = client.submit(address, {"settlement": "two", "reason": "je me ravise"})
    assert (refused.status_code, "a déjà tranché" in refused.text) == (409, True)
    apart = f"/orientations/{newer}/separer"
    assert older in client.get(apart).text
    assert client.submit(apart, {"reason": "deux cousines"}).status_code == 303
    assert client.submit(apart, {"reason": "deux cousines"}).status_code == 409
    assert "C’est un seul foyer" not in client.get(address).text


def test_by_json_too(app, signed_in):
    with app.app_context():
        families.waiting(people.other_prescriber())
    her = signed_in(Role.PRESCRIBER)
    sent = {"headers": {"X-CSRFToken": her.token()}}
    facts = families.form_facts(**TWICE, has_no_computer=True)
    reference = her.post("/api/v1/referrals", json=facts, **sent).json["reference"]
    at = f"/api/v1/referrals/{reference}/household"
    assert her.put(at, json={"answer": "same"}, **sent).status_code == 404, "nothing was told"
    assert her.post(f"{at}/look-up", json={}, **sent).json == {"reference": reference, "request_exists": True}
    assert her.put(at, json={"answer": "same"}, **sent).json["answer"] == "same"
    assert her.put(at, json={"answer": "same"}, **sent).json["code"] == "likeness.answered"
    assert her.post(f"/api/v1/referrals/{reference}/submit", json={}, **sent).status_code == 200
    assert her.post(f"{at}/look-up", json={}, **sent).status_code == 409
    assert her.get("/api/v1/likenesses").status_code == 403

    coordinator = signed_in(Role.COORDINATOR)
    sent = {"headers": {"X-CSRFToken": coordinator.token()}}
    (likeness,) = coordinator.get("/api/v1/likenesses").json["items"]
    assert (likeness["newest"], likeness["alike_by"]) == (reference, ["name", "sound"])
    settled = coordinator.post(f"/api/v1/likenesses/{likeness['id']}/settle", json={"settlement": "one", "reason": "vue"}, **sent)
    assert settled.json["verdict"] == "one"
    household = coordinator.get(f"/api/v1/referrals/{reference}").json["household"]
    assert (len(household["others"]), household["helped"], household["likeness"]) == (1, [], None)
    assert coordinator.post(f"/api/v1/referrals/{reference}/separate", json={"reason": "non"}, **sent).status_code == 200
    assert coordinator.post(f"/api/v1/referrals/{reference}/separate", json={"reason": "non"}, **sent).json["code"] == "household.alone"
