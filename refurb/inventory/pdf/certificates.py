"""What the papers of a donation say: the attestation de don and the attestation d'effacement.

Contents follow the practice of the field; levels of erasure are named as NIST SP 800-88 Rev. 2 names them, and nothing is claimed that
nobody certified.
"""

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import force_locale

from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Heading, Paragraph, Signature, Signatures, Table
from refurb.documents.models import Paper
from refurb.inventory.models import Device, Donation, DonationLine, Drive, Erasure
from refurb.inventory.queries.donation_record import DonationRecord, DriveOnRecord
from refurb.inventory.words import DEVICE_KINDS, LEGAL_ORIGINS, MEDIA, Medium
from refurb.kernel.access import Actor
from refurb.kernel.clock import local
from refurb.kernel.codes import spell
from refurb.kernel.typography import NARROW, WIDE
from refurb.kernel.words import _, _n, day, size

LANGUAGE = "fr"
"""Papers are issued in the language of the administration, whatever language the screen of whoever issues them speaks."""

_LEVELS = {"clear": "Clear", "purge": "Purge", "destroy": "Destroy"}


def donation_certificate(record: DonationRecord, signer: Actor, issuer: str, erasure: Paper | None, replaces: Paper | None) -> Draft:
    """The attestation de don: who gave what, when, by which legal way; and that it is no tax receipt (CGI 200, 238 bis, 978; 1740 A)."""
    with force_locale(LANGUAGE):
        donation = record.donation
        units = _n("%(num)s unité", "%(num)s unités", record.accepted)
        lead = _(
            "%(issuer)s atteste avoir reçu le %(date)s de %(donor)s, à titre gratuit et sans contrepartie, en vue de leur réemploi, les "
            "matériels listés ci-dessous : %(units)s. La propriété et la garde sont transférées à la date de prise en charge.",
            issuer=issuer, date=day(donation.received_on, "full"), donor=donation.donor.name, units=units,
        )  # fmt: skip
        blocks: list[Block] = [
            *_replacing(replaces),
            Facts((*_facts_of(donation), (_("Origine juridique"), str(LEGAL_ORIGINS[donation.legal_origin])))),
            Heading(_("Quantités annoncées et reçues")),
            _quantities(donation.lines),
            *_refused(record),
            Heading(_("Matériels reçus")),
            _devices(record),
            Heading(_("Données")),
            Paragraph(_data(record, erasure)),
            Claim(_("La présente attestation ne constitue pas un reçu fiscal au sens des articles 200, 238 bis et 978 du CGI.")),
            Signatures((_signed_for(issuer, signer), *_acceptance(donation))),
        ]
        return Draft(
            _("Attestation de don"), lead, tuple(blocks), strong=(donation.donor.name, units), language=LANGUAGE,
            search=(donation.donor.name, donation.reference),
        )  # fmt: skip


def erasure_certificate(record: DonationRecord, signer: Actor, issuer: str, replaces: Paper | None) -> Draft:
    """The attestation d'effacement: one line for each drive with nothing left on it, and for each device that came without any.

    A device whose soldered memory the workshop says it reset has its line too. Drives still to be treated are counted and left out; a later
    attestation replaces this one.
    """
    with force_locale(LANGUAGE):
        donation = record.donation
        count = _n("%(num)s support de stockage", "%(num)s supports de stockage", len(record.done))
        said = {"issuer": issuer, "count": count, "donor": donation.donor.name, "date": day(donation.received_on, "full")}
        lead = _attested(said) if record.done else _no_drive_done(record, said)
        blocks: list[Block] = [
            *_replacing(replaces),
            Facts((*_facts_of(donation), *_tally(record))),
            Heading(_("Supports traités")),
            _drives(record),
            *_left(record),
            *_reports(record),
            Heading(_("Comment lire ce tableau")),
            Paragraph(
                _(
                    "Clear, Purge et Destroy sont les niveaux décrits par la publication NIST SP 800-88 Rev. 2 (septembre 2025). Réécrire "
                    "un support est du niveau Clear ; sur un SSD, la réserve interne n'est pas accessible à la réécriture."
                )
            ),
            Claim(
                _(
                    "Attestation établie d'après les rapports des outils d'effacement, conservés, et les déclarations de l'atelier. Elle "
                    "ne vaut pas certification par un organisme tiers."
                )
            ),
            Signatures((_signed_for(issuer, signer),)),
        ]
        return Draft(
            _("Attestation d'effacement"), lead, tuple(blocks), strong=(donation.donor.name, count), language=LANGUAGE,
            search=(donation.donor.name, donation.reference),
        )  # fmt: skip


def _attested(said: dict[str, str]) -> str:
    return _(
        "%(issuer)s atteste que %(count)s, arrivés avec les matériels remis par %(donor)s et pris en charge le %(date)s, ne portent "
        "plus de données : chacun a été effacé puis relu, ou détruit.",
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


def _siren(number: str) -> str:
    return NARROW.join((number[:3], number[3:6], number[6:9]))


def _facts_of(donation: Donation) -> list[tuple[str, str]]:
    donor = donation.donor
    facts = [(_("Donateur"), ", ".join(part for part in (donor.name, donor.address or donor.place) if part))]
    if donor.siren:
        facts.append((_("SIREN"), _siren(donor.siren)))
    return [*facts, (_("Don"), donation.reference), (_("Prise en charge"), day(donation.received_on))]


def _replacing(replaced: Paper | None) -> list[Block]:
    if replaced is None:
        return []
    return [
        Paragraph(
            _("Cette attestation annule et remplace l'attestation %(reference)s du %(date)s.", reference=replaced.reference,
              date=day(replaced.issued_on))
        )
    ]  # fmt: skip


def _signed_for(issuer: str, signer: Actor) -> Signature:
    return Signature(_("Pour %(issuer)s", issuer=issuer), signer.name)


def _acceptance(donation: Donation) -> list[Signature]:
    if not donation.accepted_by_act:
        return []
    act = donation.accepted_by_act
    if donation.accepted_on:
        act = _("%(act)s, du %(date)s", act=act, date=day(donation.accepted_on))
    return [Signature(_("Acceptation du don"), note=act)]


def _quantities(lines: list[DonationLine]) -> Table:
    announced, received = sum(line.announced for line in lines), sum(line.received or 0 for line in lines)
    return Table(
        _("Quantités annoncées et reçues"),
        (Column(_("Type")), Column(_("Annoncé"), "end"), Column(_("Reçu"), "end"), Column(_("Écart"), "end")),
        tuple(
            (str(DEVICE_KINDS[line.kind]), str(line.announced), str(line.received or 0), _difference(line.announced, line.received or 0))
            for line in lines
        ),
        (_("Total"), str(announced), str(received), _difference(announced, received)),
    )


def _difference(announced: int, received: int) -> str:
    return f"{received - announced:+d}".replace("-", "\N{MINUS SIGN}") if received != announced else "0"


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
    return " ".join((*_memory(record), _data_of_drives(record, erasure)))


def _memory(record: DonationRecord) -> list[str]:
    if not record.memory_reset:
        return []
    return [
        _n(
            "La mémoire intégrée de %(num)s appareil a été remise à zéro (réinitialisation d'usine), déclaré par l'atelier %(when)s.",
            "La mémoire intégrée de %(num)s appareils a été remise à zéro (réinitialisation d'usine), déclaré par l'atelier %(when)s.",
            len(record.memory_reset),
            when=_when(each.without_drive_since for each in record.memory_reset),
        )
    ]


def _data_of_drives(record: DonationRecord, erasure: Paper | None) -> str:
    if not record.drives and record.memory_reset:
        return _("Aucun autre support de stockage n'a été relevé à ce jour. Tout support trouvé sera effacé ou détruit avant la remise.")
    if not record.drives:
        return _(
            "Aucun support de stockage n'a été relevé dans ces matériels à ce jour. Tout support trouvé sera effacé ou détruit avant la "
            "remise."
        )
    if not record.done:
        return _("Les supports de stockage seront effacés ou détruits avant toute remise.")
    if record.waiting:
        said = _n(
            "%(num)s support de stockage sur %(total)s est effacé ou détruit ; le reste le sera avant toute remise.",
            "%(num)s supports de stockage sur %(total)s sont effacés ou détruits ; le reste le sera avant toute remise.",
            len(record.done),
            total=len(record.drives),
        )
    else:
        said = _n(
            "Le support de stockage a été effacé ou détruit %(when)s.",
            "Les %(num)s supports de stockage ont été effacés ou détruits %(when)s.",
            len(record.done),
            when=_when(each.done_at for each in record.done),
        )
    if erasure is None:
        return said
    return said + " " + _("Voir l'attestation %(reference)s.", reference=erasure.reference)


def _when(instants: Iterable[datetime | None]) -> str:
    days = sorted(_date(each) for each in instants if each)
    if days[0] == days[-1]:
        return _("le %(date)s", date=day(days[0]))
    return _("entre le %(first)s et le %(last)s", first=day(days[0]), last=day(days[-1]))


def _date(instant: datetime) -> date:
    return local(instant).date()


def _tally(record: DonationRecord) -> list[tuple[str, str]]:
    tally = [(_("Supports effacés et relus"), str(record.erased)), (_("Supports détruits"), str(record.destroyed))]
    if record.without_drive:
        tally.append((_("Appareils sans support"), str(len(record.without_drive))))
    if record.memory_reset:
        tally.append((_("Mémoires intégrées remises à zéro"), str(len(record.memory_reset))))
    return tally


def _left(record: DonationRecord) -> list[Block]:
    if not record.waiting:
        return []
    return [
        Paragraph(
            _n(
                "%(num)s autre support de ce don reste à effacer ou à détruire : il n'est pas compris dans cette attestation.",
                "%(num)s autres supports de ce don restent à effacer ou à détruire : ils ne sont pas compris dans cette attestation.",
                record.waiting,
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
    rows += [_memory_row(device, device.without_drive_since) for device in record.memory_reset if device.without_drive_since]
    return Table(_("Supports traités"), columns, tuple(rows))


def _drive_row(each: DriveOnRecord) -> tuple[str, ...]:
    drive, host = each.drive, spell(each.device.code)
    what, serial = _drive_name(drive), drive.serial or _("illisible")
    if drive.destroyed_at is not None:
        how = _("Destroy : %(note)s", note=drive.destruction_note or _("destruction physique"))
        return (host, what, serial, how, "–", _moment(drive.destroyed_at), _("détruit"))
    proof = each.proof
    assert proof is not None
    return (host, what, serial, _method(proof), _verification(proof), _times(proof), _("effacé et relu"))


def _memory_row(device: Device, declared_at: datetime) -> tuple[str, ...]:
    said = _("mémoire intégrée remise à zéro (réinitialisation d'usine), déclaré par l'atelier le %(date)s", date=day(_date(declared_at)))
    return (spell(device.code), "–", "–", "–", "–", "–", said)


def _drive_name(drive: Drive) -> str:
    maker = " ".join(part for part in (drive.manufacturer, drive.model) if part)
    medium = str(MEDIA[drive.medium]) if drive.medium != Medium.UNKNOWN else ""
    return ", ".join(part for part in (maker, medium, size(drive.size_bytes) if drive.size_bytes else "") if part) or _("Support")


def _method(proof: Erasure) -> str:
    tool = WIDE.join(part for part in (proof.report.tool, proof.report.tool_version) if part)
    passes = _n("%(num)s passe", "%(num)s passes", proof.rounds).replace(" ", WIDE) if proof.rounds else ""
    return ", ".join(part for part in (proof.method, passes, _LEVELS.get(proof.level or "", ""), tool) if part)


def _verification(proof: Erasure) -> str:
    return {"all": _("toutes les passes relues"), "last": _("dernière passe relue")}.get(proof.verification, "–")


def _times(proof: Erasure) -> str:
    assert proof.ended_at is not None
    if proof.started_at is None:
        return _moment(proof.ended_at)
    if _date(proof.started_at) == _date(proof.ended_at):
        return _("%(start)s à %(end)s", start=_moment(proof.started_at), end=_hour(proof.ended_at))
    return _("%(start)s au %(end)s", start=_moment(proof.started_at), end=_moment(proof.ended_at))


def _moment(instant: datetime) -> str:
    return f"{day(_date(instant), 'dd/MM/yyyy')} {_hour(instant)}"


def _hour(instant: datetime) -> str:
    there = local(instant)
    return _("%(hour)s h %(minute)s", hour=there.hour, minute=f"{there.minute:02d}")


def _reports(record: DonationRecord) -> list[Block]:
    """The raw reports by their sums: whoever is shown one can tell whether it is the one this paper speaks of."""
    reports = {each.proof.report.id: each.proof.report for each in record.done if each.proof and each.drive.destroyed_at is None}
    if not reports:
        return []
    return [
        Heading(_("Rapports d'effacement conservés")),
        Table(
            _("Rapports d'effacement conservés"),
            (Column(_("Outil")), Column(_("Déposé le")), Column(_("Empreinte SHA-256 du rapport"), mono=True)),
            tuple(
                (
                    " ".join(part for part in (report.tool, report.tool_version) if part),
                    day(_date(report.received_at), "dd/MM/yyyy"),
                    report.file,
                )
                for report in sorted(reports.values(), key=lambda each: each.id)
            ),
        ),
    ]
