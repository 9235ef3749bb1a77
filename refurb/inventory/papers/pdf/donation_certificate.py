"""What the attestation de don says: who gave what, when, by which legal way; and that it is no tax receipt."""

from flask_babel import force_locale

from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Heading, Paragraph, Signature, Signatures, Table
from refurb.documents.models import Paper, PaperKind
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.pdf.wording import facts_of, griffes, not_established, quantities, replacing, signed_for, when
from refurb.inventory.papers.queries import DonationRecord
from refurb.inventory.papers.texts import DONATION_TEXT
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.donations import LEGAL_ORIGINS
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.speech.names import core_name, of_name
from refurb.kernel.speech.words import _, _n, day


def donation_certificate(record: DonationRecord, signer: Actor, issuer: str, erasure: Paper | None, replaces: Paper | None) -> Draft:
    """The attestation de don: who gave what, when, by which legal way; and that it is no tax receipt (CGI 200, 238 bis, 978; 1740 A)."""
    with force_locale(LANGUAGE):
        text = DONATION_TEXT.in_force()
        donation, signature = record.donation, signed_for(issuer, signer, PaperKind.DONATION)
        units = _n("%(num)s unité", "%(num)s unités", record.accepted)
        lead = text.say("lead", issuer=issuer, date=day(donation.received_on, "full"), of_donor=of_name(donation.donor.name), units=units)
        blocks: list[Block] = [
            *replacing(text, replaces),
            Facts((*facts_of(donation), (_("Origine juridique"), str(LEGAL_ORIGINS[donation.legal_origin])))),
            Heading(text.say("headings.quantities")),
            *quantities(text, record.arrival),
            *_refused(text, record),
            Heading(text.say("headings.devices")),
            _devices(record),
            Heading(text.say("headings.data")),
            Paragraph(_data(text, record, erasure)),
            Claim(text.say("no_tax_receipt")),
            Signatures((signature, *_acceptance(donation))),
        ]
        return Draft(
            text.say("title"), lead, tuple(blocks), strong=(core_name(donation.donor.name), units), images=griffes(signature),
            language=LANGUAGE, search=(donation.donor.name, donation.reference), wording=text.version,
        )  # fmt: skip


def _acceptance(donation: Donation) -> list[Signature]:
    if not donation.accepted_by_act:
        return []
    act = donation.accepted_by_act
    if donation.accepted_on:
        act = _("%(act)s, du %(date)s", act=act, date=day(donation.accepted_on))
    return [Signature(_("Acceptation du don"), note=act)]


def _refused(text: Wording, record: DonationRecord) -> list[Block]:
    return [Paragraph(text.say_n("refused", record.refused, number=record.refused))] if record.refused else []


def _devices(record: DonationRecord) -> Table:
    """By the maker's serials and not by our codes, for the reason that the attestation d'effacement gives."""
    return Table(
        _("Matériels reçus"),
        (Column(_("Type")), Column(_("Marque et modèle")), Column(_("N° de série"), mono=True)),
        tuple((str(DEVICE_KINDS[device.kind]), device.name or _("non relevé"), device.serial or "–") for device in record.devices),
    )


def _data(text: Wording, record: DonationRecord, erasure: Paper | None) -> str:
    """What became of the data, and where it is proven; never more than is on record."""
    said = [*_memory(text, record), *_drives(text, record), *not_established(text, "data", record)]
    if erasure is not None:
        said.append(text.say("see_erasure", reference=erasure.reference, date=day(erasure.issued_on)))
    return " ".join(said)


def _memory(text: Wording, record: DonationRecord) -> list[str]:
    if not record.memory_reset:
        return []
    count = len(record.memory_reset)
    return [text.say_n("data.reset", count, number=count, when=when(each.without_drive_since for each in record.memory_reset))]


def _drives(text: Wording, record: DonationRecord) -> list[str]:
    """Of the drives that are on record: « Le support de stockage a été effacé » only where there is no other, on record or not."""
    if not record.drives:
        return [text.say("data.none.other" if record.memory_reset else "data.none.any")]
    said = [_done(text, record)] if record.done else []
    if record.waiting:
        said.append(text.say_n("data.waiting", record.waiting, number=record.waiting))
    return said


def _done(text: Wording, record: DonationRecord) -> str:
    days = when((each.done_at for each in record.done), at_latest=any(each.is_dated_by_arrival for each in record.done))
    count = len(record.done)
    return text.say_n("data.all_done" if record.is_all_done else "data.done", count, number=count, when=days)
