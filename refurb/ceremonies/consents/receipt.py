"""A consent as a record for machines: the structure of ISO/IEC TS 27560:2023 (header, processing, parties, events).

The names of the fields are those of the standard, clause 6.3; what the standard leaves open stands in words of this house.
"""

from collections.abc import Iterator
from typing import Any

from refurb.ceremonies.consents.models import Consent, ConsentGrant
from refurb.ceremonies.consents.pdf import reached_said
from refurb.ceremonies.consents.words import ConsentChannel, ConsentStanding, VoiceRole
from refurb.directory.letters import page_address
from refurb.directory.queries import home
from refurb.kernel.speech.clock import local, today

SCHEMA_VERSION = "ISO/IEC TS 27560:2023"
CONTROLLER = "controller"
_STATES = {
    ConsentStanding.ASKED: "requested",
    ConsentStanding.GIVEN: "given",
    ConsentStanding.REFUSED: "refused",
    ConsentStanding.ENDED: "terminated",
}
_DATA = {
    ConsentChannel.PHOTO: "image",
    ConsentChannel.FILM: "image and voice",
    ConsentChannel.NAME: "name",
    ConsentChannel.WORDS: "statement",
}


def as_record(consent: Consent) -> dict[str, Any]:
    """The record of a consent; the person is known in it by her own number alone, and named among the parties."""
    card, reference = home(), consent.paper.reference if consent.paper else f"consent-{consent.id}"
    return {
        "schema_version": SCHEMA_VERSION,
        "record_id": reference,
        "pii_principal_id": f"principal-{consent.id}",
        "privacy_notice": page_address("/donnees-personnelles"),
        "language": "fr",
        "consent_state": _STATES[consent.standing],
        "consent_text": consent.sentence,
        "purposes": [_purpose(each) for each in consent.grants],
        "party_identification": [
            {
                "party_id": CONTROLLER,
                "party_role": "pii_controller",
                "party_name": card.full_name,
                "party_address": card.address or "",
                "party_email": card.email or "",
                "party_phone": card.phone or "",
            },
            *({"party_id": f"voice-{each.position}", "party_role": _role(each.role), "party_name": each.name} for each in consent.voices),
        ],
        "events": list(_events(consent)),
    }


def _role(role: VoiceRole) -> str:
    return "guardian" if role is VoiceRole.GUARDIAN else "pii_principal"


def _purpose(grant: ConsentGrant) -> dict[str, Any]:
    return {
        "purpose": f"show:{grant.channel.value}:{grant.showing.value}",
        "lawful_basis": "consent, GDPR article 6(1)(a)",
        "pii_information": [{"pii_type": _DATA[grant.channel], "pii_optional": True, "sensitive_pii_category": False}],
        "pii_controllers": [CONTROLLER],
        "collection_method": "given by the person at a ceremony",
        "processing_method": "publication at the place named by the purpose",
        "storage_locations": ["held by the controller, and at the place named by the purpose"],
        "retention_period": grant.until.isoformat(),
        "recipient_third_parties": [],
        "withdrawal_method": reached_said(),
        "privacy_rights": page_address("/donnees-personnelles"),
        "state": _state(grant),
    }


def _state(grant: ConsentGrant) -> str:
    if grant.withdrawn_at is not None:
        return "withdrawn"
    return "given" if grant.is_live else "expired" if grant.until < today() else "requested"


def _events(consent: Consent) -> Iterator[dict[str, Any]]:
    yield {"event_time": local(consent.asked_at).isoformat(), "event_type": "request", "event_state": "requested", "entity_id": CONTROLLER}
    for each in consent.voices:
        if each.answered_at is not None:
            yield {
                "event_time": local(each.answered_at).isoformat(),
                "event_type": "explicit",
                "event_state": "given" if each.said_yes else "refused",
                "entity_id": f"voice-{each.position}",
                "method": each.way.value if each.way else "said",
            }
    for grant in consent.grants:
        if grant.withdrawn_at is not None:
            yield {
                "event_time": local(grant.withdrawn_at).isoformat(),
                "event_type": "withdrawal",
                "event_state": "withdrawn",
                "purpose": f"show:{grant.channel.value}:{grant.showing.value}",
            }
