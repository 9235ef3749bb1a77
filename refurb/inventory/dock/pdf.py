"""What the bordereau de prise en charge says: who gave what, when and where, what was refused, and that it is ours from then on.

A slip of the dock: it certifies neither the gift (attestation de don) nor the erasure (attestation d'effacement), and is no tax receipt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import force_locale

from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Facts, Heading, Paragraph, Signature, Signatures
from refurb.documents.models import Paper
from refurb.inventory.dock.texts import INTAKE_TEXT
from refurb.inventory.dock.words import SlipSigning
from refurb.inventory.donations.counts import Arrival
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.donations.models.refused_lots import RefusedLot
from refurb.inventory.donations.rules import GIFTS
from refurb.inventory.donations.words import ARRIVAL_REFUSALS, DRIVES_INSIDE, DrivesInside
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.pdf.wording import quantities, replacing
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.donations import LEGAL_ORIGINS
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.names import to_name
from refurb.kernel.speech.typography import NARROW
from refurb.kernel.speech.words import _, _n, day, moment


@dataclass(frozen=True)
class OnTheDock:
    """What is told when the slip is made: where, what the donor says of the drives, who gave, and how it is signed.

    `signature` is the SHA-256 of the stored drawing.
    """

    place: str
    drives: DrivesInside
    given_by: str | None
    signing: SlipSigning
    signature: str | None = None


def intake_slip(
    donation: Donation,
    arrival: Arrival,
    lots: Sequence[RefusedLot],
    on_the_dock: OnTheDock,
    receiver: Actor,
    issuer: str,
    *,
    provisional: bool,
    replaces: Paper | None,
) -> Draft:
    """The slip. `provisional` where a public body has not named the act by which it accepts the gift (CGCT L.2242-4)."""
    with force_locale(LANGUAGE):
        text = INTAKE_TEXT.in_force()
        units = _n("%(num)s unité", "%(num)s unités", arrival.received)
        lead = text.say("lead", date=day(donation.received_on, "full"), issuer=issuer, donor=donation.donor.name, units=units)
        blocks: list[Block] = [
            *replacing(text, replaces),
            Facts(tuple(_facts(donation, on_the_dock, receiver))),
            Heading(text.say("headings.quantities")),
            *quantities(text, arrival),
            *_reasons(text, lots),
            Heading(text.say("headings.ownership")),
            Paragraph(_ownership(text, donation, issuer, provisional=provisional)),
            Paragraph(text.say("data.removed" if on_the_dock.drives is DrivesInside.REMOVED else "data.inside")),
            Claim(text.say("no_certificate")),
            Signatures(_signatures(text, on_the_dock, receiver, issuer)),
        ]
        return Draft(
            text.say("title"), lead, tuple(blocks), strong=(donation.donor.name, units), language=LANGUAGE,
            images=(on_the_dock.signature,) if on_the_dock.signature else (), search=(donation.donor.name, donation.reference),
            wording=text.version,
        )  # fmt: skip


def _facts(donation: Donation, on_the_dock: OnTheDock, receiver: Actor) -> list[tuple[str, str]]:
    donor = donation.donor
    siren = NARROW.join((donor.siren[:3], donor.siren[3:6], donor.siren[6:])) if donor.siren else ""
    who = [donor.name, donor.postal_address, _("SIREN %(siren)s", siren=siren) if siren else ""]
    facts = [
        (_("Donateur"), ", ".join(part for part in who if part)),
        (_("Don"), ", ".join((donation.reference, str(LEGAL_ORIGINS[donation.legal_origin])))),
        (_("Lieu de la prise en charge"), on_the_dock.place),
    ]
    if on_the_dock.drives is not DrivesInside.UNKNOWN:  # What nobody said is no fact of the paper.
        facts.append((_("Disques, d'après le donateur"), str(DRIVES_INSIDE[on_the_dock.drives])))
    if on_the_dock.given_by:
        facts.append((_("Remis par, reçu par"), _("%(giver)s, %(receiver)s", giver=on_the_dock.given_by, receiver=receiver.name)))
    return facts


def _reasons(text: Wording, lots: Sequence[RefusedLot]) -> list[Block]:
    """Why each lot was refused, without what was noted for the team."""
    said = " ; ".join(f"{DEVICE_KINDS[lot.kind]}, {lot.count} : {ARRIVAL_REFUSALS[lot.reason]}" for lot in lots)
    return [Paragraph(text.say("refused", what=said))] if lots else []


def _ownership(text: Wording, donation: Donation, issuer: str, *, provisional: bool) -> str:
    if donation.legal_origin not in GIFTS:
        return text.say("ownership.custody", to_issuer=to_name(issuer))
    given = text.say("ownership.given", to_issuer=to_name(issuer))
    return f"{given} {text.say('ownership.provisional')}" if provisional else given


def _signatures(text: Wording, on_the_dock: OnTheDock, receiver: Actor, issuer: str) -> tuple[Signature, ...]:
    ours = Signature(_("Pour %(issuer)s", issuer=issuer), receiver.name, when=moment(now()))
    if on_the_dock.signing is SlipSigning.NONE:
        return (Signature(_("Pour le donateur"), note=text.say("unsigned")), ours)
    theirs = Signature(
        _("Pour le donateur"),
        on_the_dock.given_by or "",
        when=moment(now()) if on_the_dock.signing is SlipSigning.DRAWN else "",
        image_sha256=on_the_dock.signature,
        room=on_the_dock.signing is SlipSigning.PAPER,
    )
    return (theirs, ours)
