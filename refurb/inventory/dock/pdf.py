"""What the bordereau de prise en charge says: who gave what, when and where, what was refused, and that it is ours from then on.

A slip of the dock: it certifies neither the gift (attestation de don) nor the erasure (attestation d'effacement), and is no tax receipt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import force_locale

from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Facts, Heading, Paragraph, Signature, Signatures
from refurb.documents.models import Paper
from refurb.inventory.dock.words import SlipSigning
from refurb.inventory.donations.counts import Arrival
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.donations.models.refused_lots import RefusedLot
from refurb.inventory.donations.rules import GIFTS
from refurb.inventory.donations.words import ARRIVAL_REFUSALS, DRIVES_INSIDE, DrivesInside
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.pdf.wording import quantities
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.donations import LEGAL_ORIGINS
from refurb.kernel.deeds.access import Actor
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
        units = _n("%(num)s unité", "%(num)s unités", arrival.received)
        lead = _(
            "Le %(date)s, %(issuer)s a pris en charge les matériels remis par %(donor)s : %(units)s.",
            date=day(donation.received_on, "full"), issuer=issuer, donor=donation.donor.name, units=units,
        )  # fmt: skip
        blocks: list[Block] = [
            *_replacing(replaces),
            Facts(tuple(_facts(donation, on_the_dock, receiver))),
            Heading(_("Quantités annoncées, reçues et refusées")),
            *quantities(arrival),
            *_reasons(lots),
            Heading(_("Propriété, garde et données")),
            Paragraph(_ownership(donation, issuer, provisional=provisional)),
            Paragraph(_data(on_the_dock.drives)),
            Claim(_("Ce bordereau n'est ni une attestation de don, ni une attestation d'effacement, ni un reçu fiscal.")),
            Signatures(_signatures(on_the_dock, receiver, issuer)),
        ]
        return Draft(
            _("Bordereau de prise en charge"), lead, tuple(blocks), strong=(donation.donor.name, units), language=LANGUAGE,
            images=(on_the_dock.signature,) if on_the_dock.signature else (), search=(donation.donor.name, donation.reference),
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


def _replacing(replaced: Paper | None) -> list[Block]:
    if replaced is None:
        return []
    said = _(
        "Ce bordereau annule et remplace le bordereau %(reference)s du %(date)s.",
        reference=replaced.reference,
        date=day(replaced.issued_on),
    )
    return [Paragraph(said)]


def _reasons(lots: Sequence[RefusedLot]) -> list[Block]:
    """Why each lot was refused, without what was noted for the team."""
    if not lots:
        return []
    said = " ; ".join(f"{DEVICE_KINDS[lot.kind]}, {lot.count} : {ARRIVAL_REFUSALS[lot.reason]}" for lot in lots)
    return [Paragraph(_("Refusé à l'arrivée et resté au donateur : %(what)s.", what=said))]


def _ownership(donation: Donation, issuer: str, *, provisional: bool) -> str:
    if donation.legal_origin not in GIFTS:
        return _(
            "La garde des matériels reçus passe %(to_issuer)s à cette date. Ce qui est refusé n'est pas pris en charge.",
            to_issuer=to_name(issuer),
        )
    said = _(
        "Les matériels reçus sont remis à titre gratuit et sans contrepartie, en vue de leur réemploi. Leur propriété et leur garde "
        "passent %(to_issuer)s à cette date. Ce qui est refusé reste au donateur, sous sa responsabilité.",
        to_issuer=to_name(issuer),
    )  # fmt: skip
    if provisional:
        said += " " + _("L'acceptation est faite à titre conservatoire, dans l'attente de la décision qui accepte le don.")
    return said


def _data(drives: DrivesInside) -> str:
    if drives is DrivesInside.REMOVED:
        return _(
            "Le donateur déclare avoir retiré les supports de stockage. Ce sera vérifié machine par machine ; tout support trouvé sera "
            "effacé ou détruit avant toute remise."
        )
    return _(
        "Les supports de stockage trouvés dans ces matériels seront effacés ou détruits avant toute remise ; une attestation d'effacement "
        "les listera un par un. Jusque-là, les matériels ne quittent pas nos locaux, et le donateur reste responsable de traitement des "
        "données qu'ils portent."
    )


def _signatures(on_the_dock: OnTheDock, receiver: Actor, issuer: str) -> tuple[Signature, ...]:
    ours = Signature(_("Pour %(issuer)s", issuer=issuer), receiver.name, when=moment(now()))
    if on_the_dock.signing is SlipSigning.NONE:
        return (Signature(_("Pour le donateur"), note=_("Personne n'a signé pour le donateur à la prise en charge.")), ours)
    theirs = Signature(
        _("Pour le donateur"),
        on_the_dock.given_by or "",
        when=moment(now()) if on_the_dock.signing is SlipSigning.DRAWN else "",
        image_sha256=on_the_dock.signature,
        room=on_the_dock.signing is SlipSigning.PAPER,
    )
    return (theirs, ours)
