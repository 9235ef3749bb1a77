"""What the attestation d'effacement says: one line for each medium, who erased it, with what, how it was verified, by which report.

Levels are named as NIST SP 800-88 Rev. 2 names them, and nothing is claimed that nobody certified.
"""

from flask_babel import force_locale

from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Heading, Paragraph, Signatures, Table
from refurb.documents.models import Paper, PaperKind
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, Erasure, ErasureReport
from refurb.inventory.papers.pdf.wording import date_of, facts_of, griffes, moment_of, not_established, replacing, signed_for
from refurb.inventory.papers.queries import DonationRecord, DriveOnRecord
from refurb.inventory.words.drives import MEDIA, Medium
from refurb.inventory.words.erasures import LEVELS
from refurb.inventory.words.techniques import DESTRUCTION_METHODS, REACHES_DESTROY, TECHNIQUE_LABELS
from refurb.kernel.deeds.access import ROLES, Actor
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.typography import WIDE
from refurb.kernel.speech.words import _, _n, day, size


def erasure_certificate(record: DonationRecord, signer: Actor, issuer: str, replaces: Paper | None) -> Draft:
    """The attestation d'effacement: one line for each drive with nothing left on it, and for each device that came without any.

    A device whose soldered memory the workshop says it reset has its line too. Drives still to be treated are counted and left out; a later
    attestation replaces this one.
    """
    with force_locale(LANGUAGE):
        donation, signature = record.donation, signed_for(issuer, signer, PaperKind.ERASURE)
        count = _n("%(num)s support de stockage", "%(num)s supports de stockage", len(record.done))
        said = {"issuer": issuer, "count": count, "donor": donation.donor.name, "date": day(donation.received_on, "full")}
        lead = _attested(len(record.done), said) if record.done else _no_drive_done(record, said)
        blocks: list[Block] = [
            *replacing(replaces),
            Facts((*facts_of(donation), *_tally(record))),
            Heading(_("Supports traités")),
            _drives(record),
            *_left(record),
            *_stated(record),
            Heading(_("Appareils et opérateurs")),
            _hands(record),
            *_reports(record),
            Heading(_("Comment lire ces tableaux")),
            Paragraph(
                _(
                    "Clear, Purge et Destroy sont les niveaux décrits par la publication NIST SP 800-88 Rev. 2 (septembre 2025). Réécrire "
                    "un support est du niveau Clear ; sur un SSD, la réserve interne n'est pas accessible à la réécriture. Le niveau "
                    "indiqué suit la technique et le type de support (IEEE 2883-2022), non le nom que l'outil lui donne. Une destruction "
                    "sans niveau indiqué est physique, sans désintégration ni fusion."
                )
            ),
            Claim(
                _(
                    "Attestation établie d'après les rapports des outils d'effacement, conservés, et les déclarations de l'atelier. Elle "
                    "ne vaut pas certification par un organisme tiers."
                )
            ),
            Signatures((signature,)),
        ]
        return Draft(
            _("Attestation d'effacement"), lead, tuple(blocks), strong=(donation.donor.name, count), images=griffes(signature),
            language=LANGUAGE, search=(donation.donor.name, donation.reference),
        )  # fmt: skip


def _attested(number: int, said: dict[str, str]) -> str:
    return _n(
        "%(issuer)s atteste que %(count)s, arrivé avec les matériels remis par %(donor)s et pris en charge le %(date)s, ne porte plus de "
        "données : il a été effacé et vérifié, ou détruit.",
        "%(issuer)s atteste que %(count)s, arrivés avec les matériels remis par %(donor)s et pris en charge le %(date)s, ne portent "
        "plus de données : chacun a été effacé et vérifié, ou détruit.",
        number,
        **said,
    )


def _no_drive_done(record: DonationRecord, said: dict[str, str]) -> str:
    """What is attested where no drive was treated: of a reset memory, that the workshop says so; no tool read it again."""
    if record.memory_reset and record.without_drive:
        return _(
            "%(issuer)s atteste, pour les matériels listés ci-dessous, remis par %(donor)s et pris en charge le %(date)s, que leur mémoire "
            "intégrée a été remise à zéro (réinitialisation d'usine), d'après les déclarations de l'atelier, ou qu'aucun support de "
            "stockage n'y a été trouvé.",
            **said,
        )
    if record.memory_reset:
        return _(
            "%(issuer)s atteste que la mémoire intégrée des matériels listés ci-dessous, remis par %(donor)s et pris en charge le "
            "%(date)s, a été remise à zéro (réinitialisation d'usine), d'après les déclarations de l'atelier.",
            **said,
        )
    return _(
        "%(issuer)s atteste qu'aucun support de stockage n'a été trouvé dans les matériels listés ci-dessous, remis par %(donor)s et "
        "pris en charge le %(date)s.",
        **said,
    )


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


def _left(record: DonationRecord) -> list[Block]:
    """What this paper does not attest: drives that wait, machines that nobody has looked into, and what is lost, scrapped or out."""
    said = not_established(record)
    if record.waiting:
        said.insert(
            0,
            _n(
                "%(num)s autre support de ce don reste à effacer ou à détruire : il n'est pas compris dans cette attestation.",
                "%(num)s autres supports de ce don restent à effacer ou à détruire : ils ne sont pas compris dans cette attestation.",
                record.waiting,
            ),
        )
    return [Paragraph(each) for each in said]


def _stated(record: DonationRecord) -> list[Block]:
    """What no tool has logged is said as such."""
    stated = sum(1 for each in record.done if each.proof is not None and each.proof.statement and each.drive.destroyed_at is None)
    stated += sum(1 for device in record.memory_reset if device.id in record.resets)
    if not stated:
        return []
    return [
        Paragraph(
            _n(
                "%(num)s effacement a été fait avec un outil qui n'écrit pas de rapport : il est établi sur déclaration de l'opérateur, "
                "confirmée par une seconde personne.",
                "%(num)s effacements ont été faits avec un outil qui n'écrit pas de rapport : ils sont établis sur déclaration de "
                "l'opérateur, confirmée par une seconde personne.",
                stated,
            )
        )
    ]


def _drives(record: DonationRecord) -> Table:
    columns = (
        Column(_("Appareil"), mono=True), Column(_("Support")), Column(_("N° de série"), mono=True), Column(_("Méthode et niveau")),
        Column(_("Vérification")), Column(_("Début et fin")), Column(_("Résultat")),
    )  # fmt: skip
    rows = [_drive_row(each) for each in record.done]
    rows += [(spell(device.code), "–", "–", "–", "–", "–", _("aucun support reçu")) for device in record.without_drive]
    rows += [_memory_row(record, device) for device in record.memory_reset]
    return Table(_("Supports traités"), columns, tuple(rows))


def _drive_row(each: DriveOnRecord) -> tuple[str, ...]:
    drive, host = each.drive, spell(each.device.code)
    what, serial = _drive_name(drive), drive.serial or _("illisible")
    if drive.destroyed_at is not None:
        return (host, what, serial, _destruction(each), "–", moment_of(drive.destroyed_at), _("détruit"))
    proof = each.proof
    assert proof is not None
    result = _("effacé, déclaré et confirmé") if proof.statement else _("effacé et relu")
    return (host, what, serial, _method(proof), _verification(proof), _times(proof), result)


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
        return (spell(device.code), "–", "–", "–", "–", "–", said)
    tool = WIDE.join(part for part in (stated.tool, stated.tool_version) if part)
    method = ", ".join((str(TECHNIQUE_LABELS[stated.technique]), LEVELS[stated.level], tool))
    screen = _("écran de premier démarrage vu")
    return (spell(device.code), str(MEDIA[Medium.EMMC]), "–", method, screen, moment_of(stated.ended_at), said)


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
        Column(_("Appareil"), mono=True), Column(_("Marque, modèle et n° de série")), Column(_("Support"), mono=True),
        Column(_("Opérateur")), Column(_("Vérificateur")), Column(_("Destination")), Column(_("Rapport"), "end"),
    )  # fmt: skip
    rows = [_hand_row(record, each, numbers) for each in record.done]
    for device in (*record.without_drive, *record.memory_reset):
        stated = record.resets.get(device.id)
        first, second = (stated.entered_by, stated.confirmed_by) if stated else (None, None)
        rows.append((spell(device.code), _host(device), "–", _who(record, first), _who(record, second), "–", "–"))
    return Table(_("Appareils et opérateurs"), columns, tuple(rows))


def _hand_row(record: DonationRecord, each: DriveOnRecord, numbers: dict[int, int]) -> tuple[str, ...]:
    host = (spell(each.device.code), _host(each.device), each.drive.serial or _("illisible"))
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
    return ", ".join(part for part in (device.name, device.serial) if part) or _("non relevé")


def _who(record: DonationRecord, account_id: int | None) -> str:
    """Somebody's name and function; a dash where nobody is on record."""
    known = record.people.get(account_id or 0)
    return "–" if known is None else _("%(name)s (%(role)s)", name=known[0], role=str(ROLES[known[1]]))


def _kept(record: DonationRecord) -> list[ErasureReport]:
    reports = {each.proof.report.id: each.proof.report for each in record.done if each.proof and each.drive.destroyed_at is None}
    return [reports[number] for number in sorted(reports)]


def _reports(record: DonationRecord) -> list[Block]:
    """The raw reports by their sums: whoever is shown one can tell whether it is the one this paper speaks of."""
    reports = _kept(record)
    if not reports:
        return []
    return [
        Heading(_("Rapports d'effacement conservés")),
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
