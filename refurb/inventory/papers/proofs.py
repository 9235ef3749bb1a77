"""Why an attestation may say what it says: for each of its parts, the rows and files that prove it, numbered as beside its preview."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from refurb.directory.letterhead.queries import signatory_of
from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Facts, Heading, Paragraph, Sides, Signatures, Table
from refurb.documents.models import Paper, PaperKind
from refurb.documents.queries import in_force
from refurb.inventory.models.devices import Device
from refurb.inventory.papers.pdf.wording import date_of
from refurb.inventory.papers.queries import DonationRecord, DriveOnRecord
from refurb.inventory.papers.texts import DONATION_TEXT, ERASURE_TEXT
from refurb.inventory.words.donations import LEGAL_ORIGINS
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _n, day, moment


@dataclass(frozen=True)
class Proof:
    """What proves a part of the paper, in words; and where it is `seen`: on the page of a `donation`, `device` or `paper`, and of which.

    `waits`: the wording is the cautious one until a fact comes.
    """

    title: str
    text: str = ""
    seen: tuple[str, str] = ("", "")
    waits: bool = False


@dataclass
class Proven:
    """The proofs in their order, and the numbers, from 1, of those at the lead and at each block, by its place."""

    proofs: list[Proof] = field(default_factory=list)
    lead: list[int] = field(default_factory=list)
    blocks: dict[int, list[int]] = field(default_factory=dict)

    def add(self, proofs: Iterable[Proof]) -> list[int]:
        """Number proofs; one that is there already keeps its number."""
        numbers = []
        for each in proofs:
            if each not in self.proofs:
                self.proofs.append(each)
            numbers.append(self.proofs.index(each) + 1)
        return numbers


def proven(kind: PaperKind, draft: Draft, record: DonationRecord, papers: list[Paper], signer: Actor) -> Proven:
    """The proofs of an attestation as it would be issued now."""
    found, prover = Proven(), _Prover(kind, record, papers, signer)
    found.lead = found.add([_received(record), _donor(record), *([_counted(record)] if kind is PaperKind.DONATION else _done(record))])
    for at, (part, block) in enumerate(_parts(kind, draft)):
        numbers = found.add(prover.of(part, block))
        if numbers:
            found.blocks[at] = numbers
    return found


def _parts(kind: PaperKind, draft: Draft) -> Iterator[tuple[str, Block]]:
    """Each block with the name of the heading that it stands under, as its text names it; "" before the first."""
    text = (DONATION_TEXT if kind is PaperKind.DONATION else ERASURE_TEXT).in_force()
    names = ("quantities", "devices", "data") if kind is PaperKind.DONATION else ("drives", "without", "reports", "reading")
    named: Mapping[str, str] = {text.say(f"headings.{name}"): name for name in names}
    part = ""
    for block in draft.blocks:
        if isinstance(block, Heading):
            part = named.get(block.text, "proof")
        yield part, block


class _Prover:
    """What proves a block of an attestation, by the kind of block and the heading that it stands under."""

    def __init__(self, kind: PaperKind, record: DonationRecord, papers: list[Paper], signer: Actor) -> None:
        self._is_gift, self._kind = kind is PaperKind.DONATION, kind
        self._record, self._papers, self._signer = record, papers, signer
        # One block for each medium, in the order in which the attestation has them.
        self._media = iter([*map(_drive, record.done), *(_memory(record, each) for each in record.memory_reset)])

    def of(self, part: str, block: Block) -> list[Proof]:
        """The proofs of a block; none of a heading."""
        match block:
            case Signatures(items):
                hands = [_hands(self._record)] if not self._is_gift and len(items) > 1 else []
                return [*hands, _signatory(self._kind, self._signer), *(_acceptance(self._record) if self._is_gift else [])]
            case Sides():
                return [next(self._media)]
            case Facts():
                return self._facts(part)
            case Claim() | Paragraph() | Table():
                return self._said(part, block)
        return []

    def _facts(self, part: str) -> list[Proof]:
        if part == "proof":  # What was done to the one medium, which stands above.
            return list(map(_drive, self._record.done))
        return [_donor(self._record), *([_origin(self._record)] if self._is_gift else _done(self._record))]

    def _said(self, part: str, block: Claim | Paragraph | Table) -> list[Proof]:
        replaced = in_force(self._papers, self._kind)
        if isinstance(block, Claim) or part == "reading":
            return [_locked()]
        if not part and replaced and isinstance(block, Paragraph) and replaced.reference in block.text:
            return [_replaces(replaced)]
        if self._is_gift:
            return self._of_data() if part == "data" else [_counted(self._record)]
        return [_reports(self._record)] if part in {"reports", "proof"} else [*_empty(self._record), *_cautious(self._record)]

    def _of_data(self) -> list[Proof]:
        erasure = in_force(self._papers, PaperKind.ERASURE)
        none = [] if self._record.drives or self._record.memory_reset else [_unread(self._record)]
        return [*none, *_done(self._record), *_cautious(self._record), *([_see(erasure)] if erasure else [])]


def _there(record: DonationRecord) -> tuple[str, str]:
    return "donation", record.donation.reference


def _at(device: Device) -> tuple[str, str]:
    return "device", device.code


def _received(record: DonationRecord) -> Proof:
    title = _("Reçu le %(day)s", day=day(record.donation.received_on))
    return Proof(title, _("La réception enregistrée sur le don, et son historique."), _there(record))


def _donor(record: DonationRecord) -> Proof:
    return Proof(
        _("Le donateur"), _("Le nom et l'adresse de la fiche du don %(reference)s.", reference=record.donation.reference), _there(record)
    )


def _origin(record: DonationRecord) -> Proof:
    return Proof(str(LEGAL_ORIGINS[record.donation.legal_origin]), _("L'origine juridique choisie sur la fiche du don."), _there(record))


def _counted(record: DonationRecord) -> Proof:
    units = _n("%(num)s unité", "%(num)s unités", record.accepted)
    told = _("%(announced)s annoncées, %(refused)s refusées à l'arrivée.", announced=record.announced, refused=record.refused)
    entered = _n("%(num)s appareil a sa fiche", "%(num)s appareils ont leur fiche", len(record.devices))
    return Proof(units, f"{told} {entered}.", _there(record))


def _done(record: DonationRecord) -> list[Proof]:
    """What bears out « ont été effacés »."""
    found = []
    if record.done:
        title = _n("%(num)s support effacé ou détruit", "%(num)s supports effacés ou détruits", len(record.done))
        found.append(
            Proof(title, _("Autant d'effacements acceptés et vérifiés, ou de destructions enregistrées : %(erased)s et %(destroyed)s.",
                           erased=record.erased, destroyed=record.destroyed))
        )  # fmt: skip
    if record.memory_reset:
        count = len(record.memory_reset)
        found.append(Proof(_n("%(num)s mémoire remise à zéro", "%(num)s mémoires remises à zéro", count), _("Déclaré par l'atelier.")))
    return found


def _unread(record: DonationRecord) -> Proof:
    return Proof(_("Aucun support relevé"), _("Aucun n'est enregistré sur les fiches des machines de ce don."), _there(record))


def _cautious(record: DonationRecord) -> list[Proof]:
    """Where the paper says less: what would have to be there before it said more."""
    counts = (
        (record.waiting, _n("%(num)s support attend", "%(num)s supports attendent", record.waiting),
         _("« Seront effacés » : aucun effacement vérifié pour l'instant. Émise ensuite, l'attestation dira plus.")),
        (record.unexamined, _n("%(num)s machine pas examinée", "%(num)s machines pas examinées", record.unexamined),
         _("Personne n'a encore relevé ce qu'elle contient : rien n'en est attesté.")),
        (record.unproven_outside, _n("%(num)s machine sans preuve", "%(num)s machines sans preuve", record.unproven_outside),
         _("Perdue, au rebut ou sortie sans effacement enregistré : le document le dit.")),
    )  # fmt: skip
    return [Proof(title, text, _there(record), waits=True) for count, title, text in counts if count]


def _empty(record: DonationRecord) -> list[Proof]:
    count = len(record.without_drive)
    said = _("Quelqu'un a ouvert la machine et n'en a trouvé aucun : c'est enregistré sur sa fiche.")
    return [Proof(_n("%(num)s appareil sans support", "%(num)s appareils sans support", count), said, _there(record))] if count else []


def _drive(each: DriveOnRecord) -> Proof:
    """One medium: the report that counts, its sum, and when; or its destruction."""
    title = each.drive.serial or _("Support au numéro illisible")
    if each.drive.destroyed_at is not None:
        return Proof(title, _("Destruction enregistrée le %(when)s.", when=moment(each.drive.destroyed_at)), _at(each.device))
    assert each.proof is not None
    said = _("Déclaration de deux personnes") if each.proof.statement else _("Rapport accepté, reconnu par le numéro de série")
    report = each.proof.report
    text = _("%(said)s, déposé le %(when)s, empreinte %(sum)s…", said=said, when=moment(report.received_at), sum=report.file[:12])
    return Proof(title, text, _at(each.device))


def _memory(record: DonationRecord, device: Device) -> Proof:
    assert device.without_drive_since is not None
    stated = record.resets.get(device.id)
    text = _("Déclaration de deux personnes") if stated else _("Déclaré par l'atelier.")
    return Proof(device.serial or device.name or device.code, f"{text} {day(date_of(device.without_drive_since))}", _at(device))


def _hands(record: DonationRecord) -> Proof:
    return Proof(_("Qui l'a fait"), _("Les comptes de qui a déposé et confirmé la preuve."), _at(record.done[0].device))


def _reports(record: DonationRecord) -> Proof:
    count = len({each.proof.report.file for each in record.done if each.proof is not None})
    title = _n("%(num)s rapport gardé en entier", "%(num)s rapports gardés en entier", count)
    return Proof(title, _("Chaque fichier est rangé sous son empreinte : changé, il ne serait plus trouvé."))


def _see(erasure: Paper) -> Proof:
    text = _("Émise le %(day)s, en vigueur.", day=day(erasure.issued_on))
    return Proof(erasure.reference, text, ("paper", erasure.reference))


def _replaces(paper: Paper) -> Proof:
    text = _("En vigueur jusqu'ici ; elle restera lisible, marquée « annulée ».")
    return Proof(_("%(reference)s est annulée et remplacée", reference=paper.reference), text, ("paper", paper.reference))


def _locked() -> Proof:
    return Proof(_("Phrase verrouillée"), _("Le texte du modèle ne peut pas l'enlever : la raison est donnée là où il se change."))


def _signatory(kind: PaperKind, signer: Actor) -> Proof:
    named = signatory_of(kind.value, today())
    if named is None:
        return Proof(_("%(name)s signe", name=signer.name), _("Personne n'est nommé pour signer ces documents : c'est qui l'émet."))
    return Proof(_("%(name)s peut signer", name=named.name), _("Signataire nommé pour ces documents, et c'est encore vrai aujourd'hui."))


def _acceptance(record: DonationRecord) -> list[Proof]:
    if not record.donation.accepted_by_act:
        return []
    return [Proof(_("Don accepté"), record.donation.accepted_by_act, _there(record))]
