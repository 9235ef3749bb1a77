"""What the papers of a donation say alike: their language, who gave what and when, what is replaced, who signs, days and hours."""

from collections.abc import Iterable
from datetime import date, datetime

from refurb.directory.letterhead.queries import signatory_of
from refurb.documents.content import Block, Column, Paragraph, Signature, Table
from refurb.documents.models import Paper, PaperKind
from refurb.inventory.donations.counts import Arrival
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.queries import DonationRecord
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.typography import NARROW
from refurb.kernel.speech.words import _, day


def grouped_siren(number: str) -> str:
    """Its nine digits in groups of three."""
    return NARROW.join((number[:3], number[3:6], number[6:9]))


def facts_of(donation: Donation) -> list[tuple[str, str]]:
    """The donor, the donation and the day it was taken over."""
    donor = donation.donor
    facts = [(_("Donateur"), ", ".join(part for part in (donor.name, donor.postal_address) if part))]
    if donor.siren:
        facts.append((_("SIREN"), grouped_siren(donor.siren)))
    return [*facts, (_("Don"), donation.reference), (_("Prise en charge"), day(donation.received_on))]


def replacing(text: Wording, replaced: Paper | None) -> list[Block]:
    """The sentence that annuls the paper in force, where there is one."""
    if replaced is None:
        return []
    return [Paragraph(text.say("replaces", reference=replaced.reference, date=day(replaced.issued_on)))]


def quantities_of(arrival: Arrival) -> Table:
    """What was announced, received and refused, kind by kind."""
    rows = [(str(DEVICE_KINDS[kind]), each.announced, each.received or 0, each.refused, each.gap) for kind, each in arrival.kinds]
    total = (_("Total"), arrival.announced, arrival.received, arrival.refused, arrival.gap)
    return Table(
        _("Quantités annoncées, reçues et refusées"),
        (Column(_("Type")), Column(_("Annoncé"), "end"), Column(_("Reçu"), "end"), Column(_("Refusé"), "end"), Column(_("Écart"), "end")),
        tuple(_figures(*row) for row in rows),
        _figures(*total),
    )


def quantities(text: Wording, arrival: Arrival) -> list[Block]:
    """The same; and what was announced before the donor's list, where it says otherwise."""
    table = quantities_of(arrival)
    first = " ; ".join(f"{DEVICE_KINDS[kind]}, {count}" for kind, count in arrival.announced_first)
    return [table, Paragraph(text.say("announced_first", first=first))] if first else [table]


def _figures(label: str, announced: int, received: int, refused: int, gap: int) -> tuple[str, ...]:
    return label, str(announced), str(received), str(refused), f"{gap:+d}".replace("-", "\N{MINUS SIGN}") if gap else "0"


def not_established(text: Wording, part: str, record: DonationRecord) -> list[str]:
    """What is not known of the data, a sentence each: machines that nobody has looked into, and those that are lost, scrapped or out.

    `part` names the passages of the text in which that is worded.
    """
    counts = (("unexamined", record.unexamined), ("unproven", record.unproven_outside))
    return [text.say_n(f"{part}.{name}", count, number=count) for name, count in counts if count]


def signed_for(issuer: str, signer: Actor, kind: PaperKind) -> Signature:
    """The signature for the issuer: of who is named to sign papers of this kind today, with the griffe, else of whoever issues."""
    label, named = _("Pour %(issuer)s", issuer=issuer), signatory_of(kind.value, today())
    if named is None:
        return Signature(label, signer.name)
    return Signature(label, f"{named.name}, {named.function}", image_sha256=named.griffe)


def griffes(*signatures: Signature) -> tuple[str, ...]:
    """The pictures that these signatures bear, as `Draft.images` wants them."""
    return tuple(each.image_sha256 for each in signatures if each.image_sha256)


def when(instants: Iterable[datetime | None], *, at_latest: bool = False) -> str:
    """« le 3 mars 2026 », or « entre le 3 et le 5 mars 2026 »; `at_latest` where a wrong clock leaves the last day alone for sure."""
    days = sorted(date_of(each) for each in instants if each)
    if at_latest:
        return _("au plus tard le %(date)s", date=day(days[-1]))
    if days[0] == days[-1]:
        return _("le %(date)s", date=day(days[0]))
    return _("entre le %(first)s et le %(last)s", first=day(days[0]), last=day(days[-1]))


def date_of(instant: datetime) -> date:
    """The day on the territory's wall."""
    return local(instant).date()


def moment_of(instant: datetime) -> str:
    """The day and the hour on the territory's wall: 03/03/2026 14 h 05."""
    return f"{day(date_of(instant), 'dd/MM/yyyy')} {_hour(instant)}"


def _hour(instant: datetime) -> str:
    there = local(instant)
    return _("%(hour)s h %(minute)s", hour=there.hour, minute=f"{there.minute:02d}")
