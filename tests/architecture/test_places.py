"""A role for one place is asked its place of everything that has a history: what is at no place stands here, with the reason."""

from refurb.kernel.deeds.database import Base

PERSON = "a person, or what she says of herself: she may come to any desk"
HOUSE = "of the house as a whole, or written by the coordination, whose role is for no place"
DONOR = "a donor's affair: the coordination answers"
PROOF = "evidence is read and judged wherever a drive is; the drive, and the device, have their place"
CEREMONY = "asked of its ceremony, or of the invitation, by the deed"
ROTA = "the round of a vehicle through many places"
MODEL = "a kind of thing, and no thing: each has its place"
AT_NO_PLACE = {
    "account": HOUSE, "address_change": HOUSE, "invitation": HOUSE, "password_link": HOUSE, "token": HOUSE,
    "accessibility_declaration": HOUSE, "letterhead": HOUSE, "mail_setting": HOUSE, "sms_setting": HOUSE, "sms_sending": HOUSE,
    "contact": HOUSE, "organisation": HOUSE, "convention": HOUSE, "site": HOUSE, "calendar_feed": HOUSE, "paper": HOUSE,
    "certificate_choice": HOUSE, "grant": HOUSE, "cost": HOUSE, "fiscal_basis": HOUSE, "receipt_declaration": HOUSE,
    "exchange_file": "a table that waits: each of its rows asks for itself", "label_run": "fresh labels belong to nothing yet",
    "effect": HOUSE, "heartbeat": HOUSE, "hold": HOUSE, "keeping_run": HOUSE, "policy_draft": HOUSE, "policy_version": HOUSE,
    "retention_run": HOUSE, "work": HOUSE, "person_request": HOUSE,
    "rota": ROTA, "rota_closure": ROTA,
    "proposal": DONOR, "release": DONOR, "donor_year": DONOR, "endowment": DONOR,
    "destruction": PROOF, "erasure": PROOF, "erasure_report": PROOF, "erasure_statement": PROOF, "hardware_report": PROOF,
    "rejudgement": PROOF, "device_target": "a price that is computed, by nobody at a place",
    "part": "the shelf of parts is one for all", "waste": "what is collected comes from all places at once",
    "ceremony_consent_grant": CEREMONY, "ceremony_consent_voice": CEREMONY,
    "ceremony_guest": PERSON,
    "beneficiary": PERSON, "borrower": PERSON, "household": PERSON, "likeness": PERSON, "referral": PERSON, "news_choice": PERSON,
    "followup": PERSON, "asking_link": PERSON, "committee": "a sitting decides for all places", "committee_line": "as its committee",
    "online_request": "a link that its reservation, which has a place, answers to",
    "product": MODEL, "supply": MODEL, "upkeep_plan": MODEL, "activity_sheet": MODEL, "workshop_draft": "a plan: its reservations have one",
}  # fmt: skip


def _kinds() -> dict[str, type]:
    return {kind: each.class_ for each in Base.registry.mappers if (kind := getattr(each.class_, "KIND", None)) is not None}


def test_whatever_has_a_history_is_at_a_place_or_stands_here(app):
    placed = {kind for kind, model in _kinds().items() if hasattr(model, "site_id") or hasattr(model, "STANDS_WITH")}
    assert _kinds().keys() - placed - AT_NO_PLACE.keys() == set(), "say where it is (`place_of`), or why it is nowhere"
    assert AT_NO_PLACE.keys() & placed == set()
    assert AT_NO_PLACE.keys() - _kinds().keys() == set()


def test_what_it_stands_with_is_one_of_its_own():
    for kind, model in _kinds().items():
        beside = getattr(model, "STANDS_WITH", None)
        assert beside is None or hasattr(model, beside), kind
