"""Consents on the JSON door: the record of ISO/IEC TS 27560, the same refusals as on the pages; guests corrected and forgotten."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.clock import today
from tests.support.story import families, gala, people


@pytest.fixture
def office(signed_in):
    """The coordinator's program: it sends the token of her pages."""
    client = signed_in(Role.COORDINATOR)
    return lambda method, path, told=None: getattr(client, method)(path, json=told or {}, headers={"X-CSRFToken": client.token()})


@pytest.fixture
def invited(app):
    with app.app_context():
        people.settle()
        ceremony = gala.planned(families.allocated())
        guest = gala.guest(ceremony)
        return f"/api/v1/ceremonies/{ceremony.id}", gala.family(ceremony).id, guest.id, today().isoformat()


def test_asked_signed_shown_and_withdrawn(invited, office):
    path, family, _guest, day = invited
    asked = office("post", f"{path}/invitations/{family}/consents", {"name": "Awa Diagne", "shown": ["photo:poster"]})
    assert (asked.status_code, asked.json["consent_state"], asked.json["voices"]) == (201, "requested", [1])
    consent = f"{path}/consents/{asked.json['id']}"
    use = {"what": "Affiche", "channel": "photo", "showing": "poster", "spot": "Vitrine", "keeper": "Samira", "published_on": day}
    assert office("post", f"{path}/uses", {**use, "consents": [asked.json["id"]]}).json["code"] == "consent.no_live_consent"
    drawn = {"way": "drawn", "signature": families.drawing(), "shown": asked.json["shown"]}
    assert office("post", f"{consent}/voices/1/yes", drawn).json["consent_state"] == "given"
    made = office("post", f"{path}/uses", {**use, "consents": [asked.json["id"]]})
    assert (made.status_code, made.json["due_on"]) == (201, None)
    assert office("post", f"{consent}/withdrawal", {}).json["consent_state"] == "terminated"
    assert office("post", f"{consent}/withdrawal", {}).json["code"] == "consent.nothing_to_withdraw"
    assert office("get", f"{path}/uses").json["uses"][0]["due_on"] is not None
    assert office("post", f"{path}/uses/1/taken-down").status_code == 200
    assert office("post", f"{path}/uses/1/still-shown").status_code == 200
    assert office("post", f"{consent}/restoration").json["consent_state"] == "given"
    assert office("post", f"{consent}/link-closed").status_code == 200
    assert office("post", f"{path}/invitations/{family}/shows-nothing").json["consents"][0]["consent_state"] == "terminated"


def test_words_are_corrected_and_answered(invited, office):
    path, family, _guest, day = invited
    asked = office("post", f"{path}/invitations/{family}/consents", {"name": "Awa Diagne", "shown": ["words:ceremony_report"]}).json
    consent = f"{path}/consents/{asked['id']}"
    office("post", f"{consent}/voices/1/yes", {"way": "drawn", "signature": families.drawing(), "shown": asked["shown"]})
    said = office("post", f"{consent}/testimonies", {"words": "Merci.", "said_on": day}).json
    words = f"{consent}/testimonies/{said['id']}"
    changed = office("put", words, {"words": "Merci à tous.", "said_on": day}).json
    assert office("post", f"{words}/answer", {"answer": "yes", "read": said["read"]}).json["code"] == "testimony.words_changed"
    assert office("post", f"{words}/answer", {"answer": "yes", "read": changed["read"]}).json["approved"] is True
    assert office("put", f"{path}/testimonies/{said['id']}/picked", {"is_picked": True}).json["picked"] is True
    assert office("put", f"{path}/next-steps", {"next_steps": "Lundi."}).json["code"] == "ceremony.not_over"


def test_a_channel_that_does_not_exist_is_refused_by_its_name(invited, office):
    path, family, _guest, _day = invited
    refused = office("post", f"{path}/invitations/{family}/consents", {"name": "Awa", "shown": ["hologram:site"]})
    assert (refused.status_code, refused.json["fields"]["shown"][0]["code"]) == (422, "consent.channel")


def test_a_guest_is_corrected_and_forgotten(invited, office):
    path, family, guest, _day = invited
    told = {"kind": "press", "name": "M. Paul Roy", "email": "roy@presse.example"}
    assert office("put", f"{path}/invitations/{guest}/guest", told).json["kind"] == "press"
    assert office("delete", f"{path}/invitations/{guest}/guest").json["code"] == "ceremony.still_invited"
    assert office("delete", f"{path}/invitations/{family}/guest").status_code == 404
    assert office("post", f"{path}/invitations/{guest}/withdraw").status_code == 200
    assert office("delete", f"{path}/invitations/{guest}/guest").status_code == 200
    assert office("put", f"{path}/invitations/{guest}/guest", told).status_code == 404
