"""What the attestation de don says: who gave what, when, by which legal way; and that it is no tax receipt."""

from flask_babel import force_locale

from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Heading, Paragraph, Signature, Signatures, Table
from refurb.documents.models import Paper, PaperKind
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.pdf.wording import facts_of, griffes, not_established, quantities, replacing, signed_for, when
from refurb.inventory.papers.queries import DonationRecord
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.donations import LEGAL_ORIGINS
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.names import core_name, of_name
from refurb.kernel.speech.words import _, _n, day


def donation_certificate(record: DonationRecord, signer: Actor, issuer: str, erasure: Paper | None, replaces: Paper | None) -> Draft:
    """The attestation de don: who gave what, when, by which legal way; and that it is no tax receipt (CGI 200, 238 bis, 978; 1740 A)."""
    with force_locale(LANGUAGE):
        donation, signature = record.donation, signed_for(issuer, signer, PaperKind.DONATION)
        units = _n("%(num)s unité", "%(num)s unités", record.accepted)
        lead = _(
            "%(issuer)s atteste avoir reçu le %(date)s %(of_donor)s, à titre gratuit et sans contrepartie, en vue de leur réemploi, les "
            "matériels listés ci-dessous : %(units)s. La propriété et la garde sont transférées à la date de prise en charge.",
            issuer=issuer, date=day(donation.received_on, "full"), of_donor=of_name(donation.donor.name), units=units,
        )  # fmt: skip
        blocks: list[Block] = [
            *replacing(replaces),
            Facts((*facts_of(donation), (_("Origine juridique"), str(LEGAL_ORIGINS[donation.legal_origin])))),
            Heading(_("Quantités annoncées, reçues et refusées")),
            *quantities(record.arrival),
            *_refused(record),
            Heading(_("Matériels reçus")),
            _devices(record),
            Heading(_("Données")),
            Paragraph(_data(record, erasure)),
            Claim(_("La présente attestation ne constitue pas un reçu fiscal au sens des articles 200, 238 bis et 978 du CGI.")),
            Signatures((signature, *_acceptance(donation))),
        ]
        return Draft(
            _("Attestation de don"), lead, tuple(blocks), strong=(core_name(donation.donor.name), units), images=griffes(signature),
            language=LANGUAGE, search=(donation.donor.name, donation.reference),
        )  # fmt: skip


def _acceptance(donation: Donation) -> list[Signature]:
    if not donation.accepted_by_act:
        return []
    act = donation.accepted_by_act
    if donation.accepted_on:
        act = _("%(act)s, du %(date)s", act=act, date=day(donation.accepted_on))
    return [Signature(_("Acceptation du don"), note=act)]


def _refused(record: DonationRecord) -> list[Block]:
    if not record.refused:
        return []
    return [
        Paragraph(
            _n(
                "%(num)s appareil, refusé à l'arrivée, n'est pas compris dans cette attestation.",
                "%(num)s appareils, refusés à l'arrivée, ne sont pas compris dans cette attestation.",
                record.refused,
            )
        )
    ]


def _devices(record: DonationRecord) -> Table:
    return Table(
        _("Matériels reçus"),
        (Column(_("Code"), mono=True), Column(_("Type")), Column(_("Marque et modèle")), Column(_("N° de série"), mono=True)),
        tuple(
            (spell(device.code), str(DEVICE_KINDS[device.kind]), device.name or _("non relevé"), device.serial or "–")
            for device in record.devices
        ),
    )


def _data(record: DonationRecord, erasure: Paper | None) -> str:
    """What became of the data, and where it is proven; never more than is on record."""
    said = [*_memory(record), *_drives(record), *not_established(record)]
    if erasure is not None:
        reference, date = erasure.reference, day(erasure.issued_on)
        said.append(_("Voir l'attestation %(reference)s, établie le %(date)s.", reference=reference, date=date))
    return " ".join(said)


def _memory(record: DonationRecord) -> list[str]:
    if not record.memory_reset:
        return []
    return [
        _n(
            "La mémoire intégrée de %(num)s appareil a été remise à zéro (réinitialisation d'usine), déclaré par l'atelier %(when)s.",
            "La mémoire intégrée de %(num)s appareils a été remise à zéro (réinitialisation d'usine), déclaré par l'atelier %(when)s.",
            len(record.memory_reset),
            when=when(each.without_drive_since for each in record.memory_reset),
        )
    ]


def _drives(record: DonationRecord) -> list[str]:
    """Of the drives that are on record: « Le support de stockage a été effacé » only where there is no other, on record or not."""
    if not record.drives:
        if record.memory_reset:
            return [_("Aucun autre support de stockage n'a été relevé à ce jour.")]
        return [_("Aucun support de stockage n'a été relevé dans ces matériels à ce jour.")]
    said = [_done(record)] if record.done else []
    if record.waiting:
        said.append(
            _n(
                "%(num)s support de stockage relevé reste à effacer ou à détruire : il le sera avant toute remise.",
                "%(num)s supports de stockage relevés restent à effacer ou à détruire : ils le seront avant toute remise.",
                record.waiting,
            )
        )
    return said


def _done(record: DonationRecord) -> str:
    days = when((each.done_at for each in record.done), at_latest=any(each.is_dated_by_arrival for each in record.done))
    if not record.is_all_done:
        return _n(
            "%(num)s support de stockage a été effacé ou détruit %(when)s.",
            "%(num)s supports de stockage ont été effacés ou détruits %(when)s.",
            len(record.done),
            when=days,
        )
    return _n(
        "Le support de stockage a été effacé ou détruit %(when)s.",
        "Les %(num)s supports de stockage ont été effacés ou détruits %(when)s.",
        len(record.done),
        when=days,
    )
