"""What the attestation d'effacement says: one line for each medium, who erased it, with what, how it was verified, by which report.

Machines go by the maker's serial and never by our label's code: a family carries the label out of the hall, and whoever gave the machine
would know it by the paper. The lines of both tables bear one number, which says what belongs together.
Levels are named as NIST SP 800-88 Rev. 2 names them, and nothing is claimed that nobody certified.
"""

from collections.abc import Iterable

from flask_babel import force_locale

from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Heading, Paragraph, Signatures, Table
from refurb.documents.models import Paper, PaperKind
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, Erasure, ErasureReport
from refurb.inventory.papers.pdf.wording import date_of, facts_of, griffes, moment_of, not_established, replacing, signed_for
from refurb.inventory.papers.queries import DonationRecord, DriveOnRecord
from refurb.inventory.papers.texts import ERASURE_TEXT
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.drives import MEDIA, Medium
from refurb.inventory.words.erasures import LEVELS
from refurb.inventory.words.techniques import DESTRUCTION_METHODS, REACHES_DESTROY, TECHNIQUE_LABELS
from refurb.kernel.deeds.access import ROLES, Actor
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.speech.typography import WIDE
from refurb.kernel.speech.words import _, _n, day, size


def erasure_certificate(record: DonationRecord, signer: Actor, issuer: str, replaces: Paper | None) -> Draft:
    """The attestation d'effacement: one line for each drive with nothing left on it, and for each device that came without any.

    A device whose soldered memory the workshop says it reset has its line too. Drives still to be treated are counted and left out; a later
    attestation replaces this one.
    """
    with force_locale(LANGUAGE):
        text = ERASURE_TEXT.in_force()
        donation, signature = record.donation, signed_for(issuer, signer, PaperKind.ERASURE)
        count = _n("%(num)s support de stockage", "%(num)s supports de stockage", len(record.done))
        said = {"issuer": issuer, "donor": donation.donor.name, "date": day(donation.received_on, "full")}
        lead = text.say_n("lead", len(record.done), units=count, **said) if record.done else text.say(_without(record), **said)
        blocks: list[Block] = [
            *replacing(text, replaces),
            Facts((*facts_of(donation), *_tally(record))),
            Heading(text.say("headings.drives")),
            _drives(record),
            *_left(text, record),
            *_stated(text, record),
            Heading(text.say("headings.hands")),
            _hands(record),
            *_reports(text, record),
            Heading(text.say("headings.reading")),
            Paragraph(text.say("levels")),
            Claim(text.say("no_certificate")),
            Signatures((signature,)),
        ]
        return Draft(
            text.say("title"), lead, tuple(blocks), strong=(donation.donor.name, count), images=griffes(signature),
            language=LANGUAGE, search=(donation.donor.name, donation.reference), wording=text.version,
        )  # fmt: skip


def _without(record: DonationRecord) -> str:
    """What is attested where no drive was treated: of a reset memory, that the workshop says so; no tool read it again."""
    if record.memory_reset:
        return "without.either" if record.without_drive else "without.reset"
    return "without.drives"


def _tally(record: DonationRecord) -> list[tuple[str, str]]:
    tally = [(_("Supports effacés et vérifiés"), str(record.erased)), (_("Supports détruits"), str(record.destroyed))]
    if record.without_drive:
        tally.append((_("Appareils sans support"), str(len(record.without_drive))))
    if record.memory_reset:
        tally.append((_("Mémoires intégrées remises à zéro"), str(len(record.memory_reset))))
    if record.waiting:
        tally.append((_("Supports relevés, à effacer ou à détruire"), str(record.waiting)))
    if record.unexamined:
        tally.append((_("Machines pas encore examinées"), str(record.unexamined)))
    return tally


def _left(text: Wording, record: DonationRecord) -> list[Block]:
    """What this paper does not attest: drives that wait, machines that nobody has looked into, and what is lost, scrapped or out."""
    waiting = [text.say_n("left.waiting", record.waiting, number=record.waiting)] if record.waiting else []
    return [Paragraph(each) for each in (*waiting, *not_established(text, "left", record))]


def _stated(text: Wording, record: DonationRecord) -> list[Block]:
    """What no tool has logged is said as such."""
    stated = sum(1 for each in record.done if each.proof is not None and each.proof.statement and each.drive.destroyed_at is None)
    stated += sum(1 for device in record.memory_reset if device.id in record.resets)
    return [Paragraph(text.say_n("stated", stated, number=stated))] if stated else []


def _drives(record: DonationRecord) -> Table:
    columns = (
        Column(_("N°"), "end"), Column(_("Support")), Column(_("N° de série"), mono=True), Column(_("Méthode et niveau")),
        Column(_("Vérification")), Column(_("Début et fin")), Column(_("Résultat")),
    )  # fmt: skip
    rows = [_drive_row(each) for each in record.done]
    rows += [("–", "–", "–", "–", "–", _("aucun support reçu"))] * len(record.without_drive)
    rows += [_memory_row(record, device) for device in record.memory_reset]
    return Table(_("Supports traités"), columns, _numbered(rows))


def _numbered(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(number), *row) for number, row in enumerate(rows, start=1))


def _drive_row(each: DriveOnRecord) -> tuple[str, ...]:
    drive = each.drive
    what, serial = _drive_name(drive), drive.serial or _("illisible")
    if drive.destroyed_at is not None:
        return (what, serial, _destruction(each), "–", moment_of(drive.destroyed_at), _("détruit"))
    proof = each.proof
    assert proof is not None
    result = _("effacé, déclaré et confirmé") if proof.statement else _("effacé et relu")
    return (what, serial, _method(proof), _verification(proof), _times(proof), result)


def _destruction(each: DriveOnRecord) -> str:
    """How it was destroyed, with the level where the method reaches it, and under which waste slip."""
    note = each.drive.destruction_note or _("destruction physique")
    if each.destruction is None:  # Noted before methods were asked for.
        said = note
    else:
        level = f", {LEVELS['destroy']}" if each.destruction.method in REACHES_DESTROY else ""
        said = f"{DESTRUCTION_METHODS[each.destruction.method]}{level}, {note}"
    slip = each.drive.destruction_slip
    return said + " " + _("(bordereau %(slip)s)", slip=slip) if slip else said


def _memory_row(record: DonationRecord, device: Device) -> tuple[str, ...]:
    assert device.without_drive_since is not None
    stated = record.resets.get(device.id)
    said = _(
        "mémoire intégrée remise à zéro (réinitialisation d'usine), déclaré par l'atelier le %(date)s",
        date=day(date_of(stated.ended_at if stated else device.without_drive_since)),
    )
    if stated is None:
        return ("–", "–", "–", "–", "–", said)
    tool = WIDE.join(part for part in (stated.tool, stated.tool_version) if part)
    method = ", ".join((str(TECHNIQUE_LABELS[stated.technique]), LEVELS[stated.level], tool))
    screen = _("écran de premier démarrage vu")
    return (str(MEDIA[Medium.EMMC]), "–", method, screen, moment_of(stated.ended_at), said)


def _drive_name(drive: Drive) -> str:
    maker, model = drive.manufacturer or "", drive.model or ""
    name = model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}".strip()
    medium = str(MEDIA[drive.medium]) if drive.medium != Medium.UNKNOWN else ""
    known = (name, medium, (drive.interface or "").upper(), size(drive.size_bytes) if drive.size_bytes else "")
    return ", ".join(part for part in known if part) or _("Support")


def _method(proof: Erasure) -> str:
    said = proof.statement
    names = (said.tool, said.tool_version) if said else (proof.report.tool, proof.report.tool_version)
    passes = _n("%(num)s passe", "%(num)s passes", proof.rounds).replace(" ", WIDE) if proof.rounds else ""
    tool = WIDE.join(part for part in names if part)
    return ", ".join(part for part in (proof.method, passes, LEVELS.get(proof.level or "", ""), tool) if part)


def _verification(proof: Erasure) -> str:
    read = {
        "all": _("toutes les passes relues"),
        "last": _("dernière passe relue"),
        "sample": _("quelques secteurs relus"),
        "device": _("état rendu par le support lui-même"),
    }.get(proof.verification, "–")
    return _("%(read)s ; ni HPA ni DCO", read=read) if proof.hidden_sectors is False else read


def _times(proof: Erasure) -> str:
    assert proof.ended_at is not None
    if proof.clock is not None:
        # The clock of the machine was wrong: all that is known is that it was over when its log came in.
        return _("au plus tard le %(end)s (horloge de la machine fausse)", end=moment_of(proof.ended_at))
    if proof.started_at is None:
        return moment_of(proof.ended_at)
    ended = moment_of(proof.ended_at)
    if date_of(proof.started_at) == date_of(proof.ended_at):
        return _("%(start)s à %(end)s", start=moment_of(proof.started_at), end=ended.partition(" ")[2])
    return _("%(start)s au %(end)s", start=moment_of(proof.started_at), end=ended)


def _hands(record: DonationRecord) -> Table:
    """In the order of the drives: in which device each came, who treated it, who verified, where it goes, by which report."""
    numbers = {report.id: number for number, report in enumerate(_kept(record), start=1)}
    columns = (
        Column(_("N°"), "end"), Column(_("Marque, modèle et n° de série")), Column(_("Support"), mono=True),
        Column(_("Opérateur")), Column(_("Vérificateur")), Column(_("Destination")), Column(_("Rapport"), "end"),
    )  # fmt: skip
    rows = [_hand_row(record, each, numbers) for each in record.done]
    for device in (*record.without_drive, *record.memory_reset):
        stated = record.resets.get(device.id)
        first, second = (stated.entered_by, stated.confirmed_by) if stated else (None, None)
        rows.append((_host(device), "–", _who(record, first), _who(record, second), "–", "–"))
    return Table(_("Appareils et opérateurs"), columns, _numbered(rows))


def _hand_row(record: DonationRecord, each: DriveOnRecord, numbers: dict[int, int]) -> tuple[str, ...]:
    host = (_host(each.device), each.drive.serial or _("illisible"))
    if each.drive.destroyed_at is not None:
        done = each.destruction
        first, second = (done.declared_by, done.confirmed_by) if done else (None, None)
        return (*host, _who(record, first), _who(record, second), _("destruction"), "–")
    proof = each.proof
    assert proof is not None
    said = proof.statement
    first = said.entered_by if said else proof.report.actor_id
    verifier = _who(record, said.confirmed_by) if said else _("relu par l'outil")
    return (*host, _who(record, first), verifier, _("réemploi"), str(numbers[proof.report_id]))


def _host(device: Device) -> str:
    return ", ".join((device.name or str(DEVICE_KINDS[device.kind]), device.serial or _("n° de série non relevé")))


def _who(record: DonationRecord, account_id: int | None) -> str:
    """Somebody's name and function; a dash where nobody is on record."""
    known = record.people.get(account_id or 0)
    return "–" if known is None else _("%(name)s (%(role)s)", name=known[0], role=str(ROLES[known[1]]))


def _kept(record: DonationRecord) -> list[ErasureReport]:
    reports = {each.proof.report.id: each.proof.report for each in record.done if each.proof and each.drive.destroyed_at is None}
    return [reports[number] for number in sorted(reports)]


def _reports(text: Wording, record: DonationRecord) -> list[Block]:
    """The raw reports by their sums: whoever is shown one can tell whether it is the one this paper speaks of."""
    reports = _kept(record)
    if not reports:
        return []
    return [
        Heading(text.say("headings.reports")),
        Table(
            _("Rapports d'effacement conservés"),
            (Column(_("N°"), "end"), Column(_("Outil")), Column(_("Déposé le")), Column(_("Empreinte SHA-256 du rapport"), mono=True)),
            tuple(
                (
                    str(number),
                    " ".join(part for part in (report.tool, report.tool_version) if part),
                    day(date_of(report.received_at), "dd/MM/yyyy"),
                    report.file,
                )
                for number, report in enumerate(reports, start=1)
            ),
        ),
    ]
