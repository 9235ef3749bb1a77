"""What the attestation d'effacement says: a block for each medium, who erased it, with what, how it was verified, by which report.

Machines go by the maker's serial and never by our label's code: a family carries the label out of the hall, and whoever gave the machine
would know it by the paper. All that is said of one medium stands together; one medium alone has a page of its own form.
Levels are named as NIST SP 800-88 Rev. 2 names them, and nothing is claimed that nobody certified.
"""

from flask_babel import force_locale

from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Heading, Listed, Paragraph, Sides, Signature, Signatures, Table
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
    """The attestation d'effacement: a block for each drive with nothing left on it, and the devices that came without any.

    A device whose soldered memory the workshop says it reset has its block too. Drives still to be treated are counted and left out; a
    later attestation replaces this one.
    """
    with force_locale(LANGUAGE):
        text = ERASURE_TEXT.in_force()
        donation, signature = record.donation, signed_for(issuer, signer, PaperKind.ERASURE)
        count = _n("%(num)s support de stockage", "%(num)s supports de stockage", len(record.done))
        said = {"issuer": issuer, "donor": donation.donor.name, "date": day(donation.received_on, "full")}
        lead = text.say_n("lead", len(record.done), units=count, **said) if record.done else text.say(_without(record), **said)
        alone = len(record.done) == 1 and record.is_all_done and not (record.without_drive or record.memory_reset)
        body = _of_one(text, record, record.done[0]) if alone else _of_many(text, record)
        blocks: list[Block] = [
            *replacing(text, replaces),
            *body,
            Claim(text.say("no_certificate")),
            Signatures((*(_hands(record, record.done[0]) if alone else ()), signature)),
        ]
        return Draft(
            text.say("title"), lead, tuple(blocks), strong=(donation.donor.name, count), images=griffes(signature),
            language=LANGUAGE, search=(donation.donor.name, donation.reference), wording=text.version,
        )  # fmt: skip


def _of_many(text: Wording, record: DonationRecord) -> list[Block]:
    """The count, then a block for each medium, those without any in a table, the raw reports, and how to read all that."""
    numbers = {report.id: number for number, report in enumerate(_kept(record), start=1)}
    blocks: list[Block] = [Facts((*facts_of(record.donation), *_tally(record)))]
    if record.done or record.memory_reset:
        treated = [_drive_block(record, each, at, numbers) for at, each in enumerate(record.done, start=1)]
        treated += [_memory_block(record, each, at) for at, each in enumerate(record.memory_reset, start=len(treated) + 1)]
        blocks += [Heading(text.say("headings.drives")), *treated]
    if record.without_drive:
        blocks += [Heading(text.say("headings.without")), _empty(record)]
    blocks += [*_left(text, record), *_stated(text, record), *_reports(text, record)]
    return [*blocks, Heading(text.say("headings.reading")), Paragraph(text.say("levels"))]


def _of_one(text: Wording, record: DonationRecord, each: DriveOnRecord) -> list[Block]:
    """The page of a donation with one medium: what it is, what it came in, what was done to it, and the proof."""
    drive, donation = each.drive, record.donation
    medium = str(MEDIA[drive.medium]) if drive.medium != Medium.UNKNOWN else ""
    kind = ", ".join(part for part in (medium, (drive.interface or "").upper()) if part)
    size_told = size(drive.size_bytes) if drive.size_bytes else ""
    support = ((_("Type"), kind), (_("Modèle"), _model(drive)), (_("N° de série"), _serial(drive)), (_("Capacité"), size_told))
    machine = [(_("Modèle"), _machine(each.device)), (_("N° de série"), _device_serial(each.device))]
    machine += [(_("Origine"), _("don %(reference)s", reference=donation.reference)), (_("Prise en charge"), day(donation.received_on))]
    blocks: list[Block] = [
        Sides(Listed(_("Le support"), tuple(item for item in support if item[1])), Listed(_("La machine"), tuple(machine))),
        Heading(_("La destruction") if drive.destroyed_at is not None else _("L'effacement")),
        Facts(tuple(_deed(each, in_full=True)), small=True),
    ]
    report = None if drive.destroyed_at is not None or each.proof is None else each.proof.report
    said = _stated(text, record)
    if report is not None:
        told = {"size": size(report.size), "sum": report.file}
        kept = _("Rapport de l'outil gardé en entier : %(size)s, empreinte SHA-256 %(sum)s.", **told)
        if each.proof is not None and each.proof.statement:
            kept = _("Déclaration gardée en entier : %(size)s, empreinte SHA-256 %(sum)s.", **told)
        return [*blocks, Heading(_("La preuve")), Paragraph(kept), *said]
    return [*blocks, *said]


def _hands(record: DonationRecord, each: DriveOnRecord) -> list[Signature]:
    """Who did it, and who confirmed it, named beside the signature; nobody who is not on record."""
    first, second = _two(each)
    if first not in record.people:
        return []
    label = _("Détruit par") if each.drive.destroyed_at is not None else _("Effacé par")
    if second not in record.people:
        return [Signature(label, note=_who(record, first))]
    note = _("%(first)s ; confirmé par %(second)s", first=_who(record, first), second=_who(record, second))
    return [Signature(label, note=note)]


def _two(each: DriveOnRecord) -> tuple[int | None, int | None]:
    """The accounts of who treated a medium, and of who confirmed it where a person did."""
    if each.drive.destroyed_at is not None:
        done = each.destruction
        return (done.declared_by, done.confirmed_by) if done else (None, None)
    assert each.proof is not None
    said = each.proof.statement
    return (said.entered_by, said.confirmed_by) if said else (each.proof.report.actor_id, None)


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


def _drive_block(record: DonationRecord, each: DriveOnRecord, at: int, reports: dict[int, int]) -> Sides:
    """One medium and its machine at the left, what was done to it at the right."""
    first, second = _two(each)
    left = [
        (_("N° de série"), _serial(each.drive)),
        (_("Machine"), _machine(each.device)),
        (_("N° de la machine"), _device_serial(each.device)),
        (_("Opérateur"), _who(record, first)),
    ]
    if second is not None:
        left.append((_("Confirmé par"), _who(record, second)))
    if each.drive.destroyed_at is None and each.proof is not None:
        left.append((_("Rapport"), _("n° %(number)s", number=reports[each.proof.report_id])))
    return Sides(Listed("", tuple(left)), Listed("", tuple(_deed(each))), title=f"{at}. {_drive_name(each.drive)}")


def _deed(each: DriveOnRecord, *, in_full: bool = False) -> list[tuple[str, str]]:
    """What was done to a medium: how, which level that reaches, when, what came of it. `in_full` the level tells whose word it is."""

    def level_told(level: str) -> str:
        return _("%(level)s (terminologie NIST SP 800-88 Rev. 2, IEEE 2883-2022)", level=LEVELS[level]) if in_full else LEVELS[level]

    if each.drive.destroyed_at is not None:
        reached = each.destruction is not None and each.destruction.method in REACHES_DESTROY
        level = [(_("Niveau"), level_told("destroy"))] if reached else []
        told = [(_("Technique"), _destruction(each)), (_("Date"), moment_of(each.drive.destroyed_at)), (_("Résultat"), _("détruit"))]
        return [*level, *told]
    proof = each.proof
    assert proof is not None
    result = _("effacé, déclaré et confirmé") if proof.statement else _("effacé et relu")
    facts = (
        (_("Niveau"), level_told(proof.level) if proof.level in LEVELS else ""),
        (_("Technique"), _method(proof)),
        (_("Outil"), _tool(proof)),
        (_("Début et fin"), _times(proof)),
        (_("Vérification"), _verification(proof)),
        (_("Résultat"), result),
    )
    return [fact for fact in facts if fact[1]]


def _empty(record: DonationRecord) -> Table:
    columns = (Column(_("Type")), Column(_("Marque et modèle")), Column(_("N° de série"), mono=True), Column(_("Résultat")))
    rows = tuple(
        (str(DEVICE_KINDS[each.kind]), each.name or _("non relevé"), each.serial or "–", _("aucun support reçu"))
        for each in record.without_drive
    )
    return Table(_("Appareils arrivés sans support de stockage"), columns, rows)


def _serial(drive: Drive) -> str:
    return drive.serial or _("illisible")


def _machine(device: Device) -> str:
    return device.name or str(DEVICE_KINDS[device.kind])


def _device_serial(device: Device) -> str:
    return device.serial or _("non relevé")


def _destruction(each: DriveOnRecord) -> str:
    """How it was destroyed, and under which waste slip."""
    note = each.drive.destruction_note or _("destruction physique")
    # Without a method it was noted before methods were asked for.
    said = note if each.destruction is None else f"{DESTRUCTION_METHODS[each.destruction.method]}, {note}"
    slip = each.drive.destruction_slip
    return said + " " + _("(bordereau %(slip)s)", slip=slip) if slip else said


def _memory_block(record: DonationRecord, device: Device, at: int) -> Sides:
    """A soldered memory: what two people stated, or what one declared."""
    assert device.without_drive_since is not None
    stated = record.resets.get(device.id)
    said = _(
        "mémoire intégrée remise à zéro (réinitialisation d'usine), déclaré par l'atelier le %(date)s",
        date=day(date_of(stated.ended_at if stated else device.without_drive_since)),
    )
    left = [(_("Machine"), _machine(device)), (_("N° de la machine"), _device_serial(device))]
    right = [(_("Résultat"), said)]
    if stated is not None:
        left += [(_("Opérateur"), _who(record, stated.entered_by)), (_("Confirmé par"), _who(record, stated.confirmed_by))]
        right = [
            (_("Niveau"), LEVELS[stated.level]),
            (_("Technique"), str(TECHNIQUE_LABELS[stated.technique])),
            (_("Outil"), WIDE.join(part for part in (stated.tool, stated.tool_version) if part)),
            (_("Fin"), moment_of(stated.ended_at)),
            (_("Vérification"), _("écran de premier démarrage vu")),
            *right,
        ]
    name = str(MEDIA[Medium.EMMC]) if stated is not None else _("Mémoire intégrée")
    return Sides(Listed("", tuple(left)), Listed("", tuple(right)), title=f"{at}. {name}")


def _model(drive: Drive) -> str:
    maker, model = drive.manufacturer or "", drive.model or ""
    return model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}".strip()


def _drive_name(drive: Drive) -> str:
    medium = str(MEDIA[drive.medium]) if drive.medium != Medium.UNKNOWN else ""
    known = (_model(drive), medium, (drive.interface or "").upper(), size(drive.size_bytes) if drive.size_bytes else "")
    return ", ".join(part for part in known if part) or _("Support")


def _method(proof: Erasure) -> str:
    passes = _n("%(num)s passe", "%(num)s passes", proof.rounds).replace(" ", WIDE) if proof.rounds else ""
    return ", ".join(part for part in (proof.method, passes) if part)


def _tool(proof: Erasure) -> str:
    said = proof.statement
    names = (said.tool, said.tool_version) if said else (proof.report.tool, proof.report.tool_version)
    return WIDE.join(part for part in names if part)


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
