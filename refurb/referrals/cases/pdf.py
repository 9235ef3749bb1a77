"""What the hand-over slip says: one paper for the person who receives, with the label's code and never a serial or a donor."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Paragraph, Signature, Signatures, Table
from refurb.inventory.devices.queries.drives import drives_ever_in
from refurb.inventory.devices.rules import checks_passed, every_drive_is_clean
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DEVICE_KINDS, SOLDERED
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _, _n, _p, day, moment
from refurb.referrals.cases.connections import connection_said, own_connection_of
from refurb.referrals.cases.lines import lines_of, machines_of, open_lines, purchases_of
from refurb.referrals.cases.participation import participation_of, participation_said
from refurb.referrals.cases.purchases import funding_said
from refurb.referrals.cases.texts import HANDOVER_TEXT
from refurb.referrals.cases.translations import beside_for, translation_in
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Handover
from refurb.referrals.words import ACCESSORIES, NoticeLanguage

LANGUAGE = "fr"


def is_reconditioned(device: Device) -> bool:
    """Whether the regulated word may be used (décret 2022-190): the tests and the erasure are on record."""
    try:
        every_drive_is_clean(device)
        checks_passed(device)
    except Refusal:
        return False
    return True


def words_to_sign(allocation: Allocation, beside: NoticeLanguage | None = None) -> Draft:
    """What the person reads before signing: the slip, less its accessories, number and signatures.

    `beside` is its other language, where that is not the one of her notice.
    """
    lines = open_lines(allocation)
    return _draft(allocation, now(), lines, _body(allocation, lines, None, beside or beside_for(allocation.referral)))


def slip(handover: Handover, agent: str) -> Draft:
    """The slip of a hand-over, to be signed by whoever receives."""
    allocation, lines = handover.allocation, lines_of(handover)
    person = allocation.referral.beneficiary.name
    with force_locale(LANGUAGE):
        who = _("%(fetcher)s, pour %(person)s", fetcher=handover.fetched_by, person=person) if handover.fetched_by else person
        received = Signature(label=_("La personne qui reçoit"), name=who, room=True)
        gave = Signature(label=_("Pour %(organisation)s", organisation=home().full_name), name=agent, when=moment(handover.handed_at))
    blocks = _body(allocation, lines, handover, handover.beside or NoticeLanguage.FRENCH)
    return _draft(allocation, handover.handed_at, lines, (*blocks, Signatures((received, gave))))


def _draft(allocation: Allocation, at: datetime, lines: Sequence[HandoverLine], blocks: tuple[Block, ...]) -> Draft:
    person = allocation.referral.beneficiary.name
    with force_locale(LANGUAGE):
        text = HANDOVER_TEXT.in_force()
        passage = "lead_paid" if _is_paid(allocation, text) else _passage(text, "lead", lines)
        lead = text.say(passage, date=day(at), issuer=home().full_name, person=person)
        return Draft(title=text.say("title"), lead=lead, blocks=blocks, strong=(person,), language=LANGUAGE, wording=text.version)


def _passage(text: Wording, name: str, lines: Sequence[HandoverLine]) -> str:
    """A passage, or how it is worded for several machines, where the text in force says so."""
    several = f"{name}_several"
    return several if len(machines_of(lines)) > 1 and several in text.passages else name


def _body(allocation: Allocation, lines: Sequence[HandoverLine], handover: Handover | None, beside: NoticeLanguage) -> tuple[Block, ...]:
    machines, connection = machines_of(lines), own_connection_of(allocation)
    with force_locale(LANGUAGE):
        what = Table(
            caption=_n("Appareil remis", "Appareils remis", len(machines)),
            columns=(Column(_("Code"), mono=True, width=30), Column(_("Appareil")), Column(_("Modèle"))),
            rows=tuple((spell(each.code), str(DEVICE_KINDS[each.kind]), each.name or _("modèle non relevé")) for each in machines),
        )
        facts = [(_("Orientation"), allocation.referral.reference), (_("Structure"), allocation.referral.partner.name)]
        if connection is not None:
            facts.append((_("Connexion"), connection_said(connection)))
        if handover is not None:
            facts.insert(0, (_("Accessoires"), _list_of(lines)))
            facts.append((_("Lieu de la remise"), handover.place))
            if handover.fetched_by:
                facts.append((_("Retiré par"), handover.fetched_by))
        text = HANDOVER_TEXT.in_force()
        theirs = text.say(_passage(text, "theirs", lines))
        said: list[Block] = [*states_of(text, machines), Paragraph(theirs), *translation_in(beside), _asked_in_return(allocation, text)]
        return (what, *bought_of(lines), Facts(tuple(facts)), *said)


def bought_of(lines: Sequence[HandoverLine]) -> list[Table]:
    """What was bought new and goes with the machines, and who paid for it."""
    rows = tuple((each.what, funding_said(each)) for each in purchases_of(lines))
    columns = Column(_("Matériel")), Column(_p("purchase", "Financé par"))
    return [Table(caption=_("Matériel acheté neuf, remis avec"), columns=columns, rows=rows)] if rows else []


def _is_paid(allocation: Allocation, text: Wording) -> bool:
    return "lead_paid" in text.passages and "paid" in text.passages and participation_of(allocation) is not None


def _asked_in_return(allocation: Allocation, text: Wording) -> Claim:
    """That nothing is asked for it, or what is paid."""
    found = participation_of(allocation)
    if found is None or not _is_paid(allocation, text):
        return Claim(text.say("free"))
    return Claim(text.say("paid", sum=participation_said(found)))


def states_of(text: Wording, machines: Sequence[Device]) -> list[Paragraph]:
    """What became of the data of each machine: said once where it is the same of all, else with the codes of those that it is said of."""
    said: dict[str, list[str]] = {}
    for each in machines:
        said.setdefault(_state_of(text, each), []).append(spell(each.code))
    if len(machines) == 1:
        return [Paragraph(state) for state in said]
    if len(said) == 1:
        return [Paragraph(_("Pour chacun des appareils : %(state)s", state=state)) for state in said]
    return [Paragraph(_("%(codes)s : %(state)s", codes=", ".join(codes), state=state)) for state, codes in said.items()]


def _list_of(lines: Sequence[HandoverLine]) -> str:
    return ", ".join(accessory_said(each) for each in lines if each.accessory is not None) or _("aucun")


def accessory_said(line: HandoverLine) -> str:
    """An accessory as papers and pages name it, with how many there are of it."""
    word = str(ACCESSORIES[line.accessory]) if line.accessory else ""
    return word if line.number == 1 else _("%(thing)s (%(number)s)", thing=word, number=line.number)


def _state_of(text: Wording, device: Device) -> str:
    """What became of the data of all the drives it ever held here, as the records tell it, and of a memory that cannot be taken out."""
    if not is_reconditioned(device):
        return text.say("device.used")
    drives = drives_ever_in(device)
    destroyed = sum(1 for drive in drives if drive.destroyed_at is not None)
    if destroyed and destroyed < len(drives):
        return text.say("device.partly")
    if destroyed:
        return text.say_n("device.destroyed", destroyed)
    if drives:
        return text.say("device.erased")
    if device.kind in SOLDERED and device.without_drive_since is not None:
        return text.say("device.reset", date=day(device.without_drive_since))
    return text.say("device.empty")
