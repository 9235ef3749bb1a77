"""How the life cycle of a donation is reached, and what its JSON says."""

from typing import Any

from refurb.inventory.devices.queries.devices import devices_of
from refurb.inventory.donations.counts import LineCount
from refurb.inventory.donations.queries.appointments import last_appointment, standing_appointment
from refurb.inventory.donations.queries.arrivals import arrival_of
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.donations.queries.proposals import proposal_of
from refurb.inventory.donations.queries.refused_lots import refused_lots
from refurb.inventory.donations.schemas.intake import offered_slots
from refurb.inventory.donations.slots import Slot
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.duplicates.queries import came_again_with
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.words import _
from refurb.kernel.web.doors import Doors, moves_json


def _appointment_json(donation: Donation) -> dict[str, Any] | None:
    held = standing_appointment(donation)
    if held is None:
        return None
    slot = Slot(held.day, held.half_day).key
    told = {
        "slot": slot,
        "way": held.way,
        "place": held.place,
        "starts_at": held.starts_at.isoformat(),
        "ends_at": held.ends_at.isoformat(),
    }
    return {**told, "sequence": held.sequence}


def _line_json(kind: DeviceKind, counted: LineCount) -> dict[str, Any]:
    """What was announced (before the donor's list too, where it says otherwise), what came and was kept, was refused, or did not come."""
    told = {"announced_first": counted.announced_first, "refused": counted.refused, "missing": counted.missing, "extra": counted.extra}
    return {"kind": kind, "announced": counted.announced, "received": counted.received, **told}


def donation_json(donation: Donation, actor: Actor) -> dict[str, Any]:
    """One donation as the API shows it: its lines with what was announced and received."""
    return {
        "reference": donation.reference,
        "state": donation.state,
        "donor": {"id": donation.donor_id, "name": donation.donor.name, "siren": donation.donor.siren},
        "legal_origin": donation.legal_origin,
        "announced_on": donation.announced_on.isoformat(),
        "scheduled_on": donation.scheduled_on.isoformat() if donation.scheduled_on else None,
        "received_on": donation.received_on.isoformat() if donation.received_on else None,
        "appointment": _appointment_json(donation),
        "data_impact": donation.data_impact,
        "least_level": donation.least_level,
        "accepted_by_act": donation.accepted_by_act,
        "act_kind": donation.act_kind,
        "with_conditions": donation.with_conditions,
        "site": donation.site_id,
        "refused": [{"kind": lot.kind, "count": lot.count, "reason": lot.reason} for lot in refused_lots(donation)],
        "lines": [_line_json(kind, counted) for kind, counted in arrival_of(donation).kinds],
        "devices": [each.code for each in devices_of(donation)],
        "came_again": list(came_again_with(donation)),
        "moves": moves_json(donation_machine.open_to(donation, actor)),
    }


def _way_chosen(donation: Donation) -> dict[str, Any]:
    """How it arrives: as was agreed last, else as its donor chose."""
    agreed, proposal = last_appointment(donation), proposal_of(donation)
    chosen = agreed or proposal
    return {"way": chosen.way} if chosen else {}


donation_doors = Doors(
    machine=donation_machine,
    path="/dons/<reference>",
    find=donation_by_reference,
    endpoint="inventory.donation",
    url=lambda donation: {"reference": donation.reference},
    title=lambda donation: _("Don %(reference)s", reference=donation.reference),
    dump=donation_json,
    custom=frozenset({"receive"}),
    offers=lambda donation: {"slot": offered_slots(donation.site_id)},
    begins=_way_chosen,
)
