"""What the papers of a donor's year say: the bilan, the attestation de réemploi, the REEN report. No person, and no fate of one machine."""

from collections.abc import Sequence
from datetime import date

from flask_babel import force_locale, format_decimal

from refurb.directory.queries import home
from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Heading, Paragraph, Signatures, Table
from refurb.documents.models import Paper, PaperKind
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.models.devices import Device
from refurb.inventory.papers.carbon import CARBON
from refurb.inventory.papers.pdf.wording import griffes, grouped_siren, quantities_of, replacing, signed_for
from refurb.inventory.papers.queries import DonationRecord
from refurb.inventory.papers.years.queries import SCREENS, Reen, YearRecord, target
from refurb.inventory.papers.years.texts import BILAN_TEXT, REEN_TEXT, REUSE_TEXT
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.speech.names import core_name, of_name
from refurb.kernel.speech.words import _, _l, _n, _p, day

_SERIAL = 2
"""The column of an attestation de réemploi in which the serials stand."""

FATES_SAID = {
    "given": _l("Remises à des foyers ou à des structures"),
    "ready": _l("Prêtes ou attribuées"),
    "lent": _l("Mises au prêt"),
    "parts": _l("Gardées pour leurs pièces"),
    "waste": _l("Mises au rebut, pour être recyclées"),
}


def _draft(actor: Actor, known: YearRecord, text: Wording, lead: str, blocks: Sequence[Block], strong: Sequence[str] = ()) -> Draft:
    donor = known.year.donor
    signature = signed_for(home().full_name, actor, PaperKind.DONATION)  # Whoever signs for gifts signs for their year.
    return Draft(
        f"{text.say('title')} {known.year.year}", lead, (*blocks, Signatures((signature,))), strong=(core_name(donor.name), *strong),
        images=griffes(signature), language=LANGUAGE, search=(donor.name, *(each.reference for each in known.donations)),
        wording=text.version,
    )  # fmt: skip


def _named(known: YearRecord) -> str:
    return ", ".join(each.reference for each in known.donations)


def bilan(actor: Actor, known: YearRecord, replaces: Paper | None) -> Draft:
    """What came in a year, what was erased, and what became of it as the donor may be told."""
    with force_locale(LANGUAGE):
        text, year = BILAN_TEXT.in_force(), known.year
        units = _n("%(num)s unité", "%(num)s unités", known.arrival.received)
        lead = text.say(
            "lead", issuer=home().full_name, of_donor=of_name(year.donor.name), year=year.year, units=units, donations=_named(known)
        )
        blocks: list[Block] = [
            *replacing(text, replaces),
            Heading(text.say("headings.quantities")),
            quantities_of(known.arrival),
            Heading(text.say("headings.data")),
            Facts(_data(known.records)),
            Heading(text.say("headings.fates")),
            *_fates(text, known),
            *_carbon(text, known),
            Claim(text.say("no_promise")),
        ]
        return _draft(actor, known, text, lead, blocks, (units,))


def _data(records: Sequence[DonationRecord]) -> tuple[tuple[str, str], ...]:
    counts = (
        (_("Supports relevés"), sum(len(each.drives) for each in records)),
        (_("Effacés et vérifiés"), sum(each.erased for each in records)),
        (_("Détruits"), sum(each.destroyed for each in records)),
        (_("Appareils arrivés sans support"), sum(len(each.without_drive) for each in records)),
        (_("Mémoires remises à zéro"), sum(len(each.memory_reset) for each in records)),
    )
    return tuple((label, format_decimal(count)) for label, count in counts)


def _fates(text: Wording, known: YearRecord) -> list[Block]:
    told = known.told
    if not told:
        return [Paragraph(text.say("no_fates"))]
    counted = max(each.last.counted_on for each in known.fates if each.last)
    found: list[Block] = [
        Facts(tuple((str(FATES_SAID[name]), _("%(count)s au moins", count=format_decimal(count))) for name, count in told.items())),
        Paragraph(text.say("fates", date=day(counted))),
    ]
    if known.months:
        rows = tuple((day(month, "MMMM yyyy"), _("%(count)s au moins", count=format_decimal(count))) for month, count in known.months)
        columns = (Column(_p("paper", "Mois")), Column(_("Remises"), "end"))
        found += [Heading(text.say("headings.months")), Table(_("Remises, mois par mois"), columns, rows)]
    return found


def _carbon(text: Wording, known: YearRecord) -> list[Block]:
    carbon, laptops = CARBON.in_force(), known.laptops
    if not laptops:
        return []
    said = text.say(
        "carbon", laptops=format_decimal(laptops), kg=carbon.laptop_kg_a_year, years=carbon.years,
        total=format_decimal(carbon.avoided(laptops)), source=carbon.source, date=day(carbon.read_on),
    )  # fmt: skip
    return [Heading(text.say("headings.carbon")), Paragraph(said)]


def months_said(first: str, last: str) -> str:
    """« novembre 2026 », or « de septembre à novembre 2026 »."""
    one, other = date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01")
    if one == other:
        return day(one, "MMMM yyyy")
    return _("de %(first)s à %(last)s", first=day(one, "MMMM" if one.year == other.year else "MMMM yyyy"), last=day(other, "MMMM yyyy"))


def reuse(actor: Actor, known: YearRecord, replaces: Paper | None) -> Draft:
    """Which machines are in use again, by the maker's serial and the month, and nothing of who has them."""
    with force_locale(LANGUAGE):
        text, year = REUSE_TEXT.in_force(), known.year
        count = len(known.reused)
        units = _n("%(num)s appareil", "%(num)s appareils", count)
        lead = text.say_n("lead", count, issuer=home().full_name, units=units, of_donor=of_name(year.donor.name), year=year.year)
        rows = tuple(
            (
                str(DEVICE_KINDS[row.kind]),
                " ".join(part for part in (row.manufacturer, row.model) if part) or _("non relevé"),
                row.serial or "–",
                months_said(row.first_month, row.last_month),
            )
            for row in known.reused
        )
        columns = (Column(_("Type")), Column(_("Marque et modèle")), Column(_("N° de série"), mono=True), Column(_p("paper", "Mois")))
        blocks: list[Block] = [
            *replacing(text, replaces),
            Heading(text.say("headings.devices")),
            Table(_("Machines réemployées"), columns, rows),
            Paragraph(text.say("groups")),
            Claim(text.say("no_person")),
        ]
        return _draft(actor, known, text, lead, blocks, (units,))


def serials_in(paper: Paper) -> frozenset[str]:
    """The serials that an issued attestation de réemploi lists, whatever could be told since."""
    tables = (block for block in paper.content.get("blocks", ()) if block["type"] == "table")
    return frozenset(row[_SERIAL] for table in tables for row in table["rows"])


def reen_report(actor: Actor, known: YearRecord, replaces: Paper | None, *, proof: Paper | None, devices: Sequence[Device]) -> Draft:
    """A ÷ B × 100 by category (décret n° 2023-266), with the serials of what was received."""
    with force_locale(LANGUAGE):
        text, year, donor = REEN_TEXT.in_force(), known.year, known.year.donor
        lead = text.say(
            "lead",
            issuer=home().full_name,
            donor=donor.name,
            siren=grouped_siren(donor.siren or ""),
            year=year.year,
            donations=_named(known),
        )
        assert known.reen is not None
        stock = text.say("stock", year=year.year, date=day(year.told_on), too_old=year.too_old, is_protected=year.is_protected)
        blocks: list[Block] = [
            *replacing(text, replaces),
            Heading(text.say("headings.share")),
            _shares(known.reen, year.year),
            Paragraph(stock),
            Paragraph(text.say("reused")),
            Paragraph(text.say("proof", reference=proof.reference) if proof else text.say("no_proof")),
            Heading(text.say("headings.devices")),
            _received(devices, {each.id: each.received_on for each in known.donations}),
            Claim(text.say("no_promise")),
        ]
        return _draft(actor, known, text, lead, blocks)


def _shares(reen: tuple[Reen, Reen], year: int) -> Table:
    screens, small = reen
    both = Reen(screens.a + small.a, screens.b + small.b)
    columns = (
        Column(_("Catégorie (C. env. R.543-172, II)")),
        Column(_("B : réformés en stock au 01/01"), "end"),
        Column(_("A : vers le réemploi"), "end"),
        Column(_("A ÷ B"), "end"),
    )

    def row(label: str, each: Reen) -> tuple[str, ...]:
        return (
            label,
            format_decimal(each.b),
            format_decimal(each.a),
            "–" if each.share is None else _("%(share)s %%", share=format_decimal(round(each.share, 1))),
        )

    return Table(
        _("Part orientée vers le réemploi"),
        columns,
        (
            row(_("2° Écrans, et équipements à écran de plus de 100 cm²"), screens),
            row(_("6° Petits équipements informatiques et de télécommunication"), small),
        ),
        row(_("Ensemble, objectif %(year)s : %(target)s %%", year=year, target=target(year)), both),
    )


def _received(devices: Sequence[Device], days: dict[int, date | None]) -> Table:
    columns = (Column(_("Catégorie")), Column(_("Type")), Column(_("N° de série"), mono=True), Column(_("Reçu le")))
    rows = tuple(
        (
            "2°" if each.kind in SCREENS else "6°",
            str(DEVICE_KINDS[each.kind]),
            each.serial or "–",
            day(days[each.donation_id], "dd/MM/yyyy"),
        )
        for each in devices
    )
    return Table(_("Équipements reçus"), columns, rows)
