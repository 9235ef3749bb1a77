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
from refurb.kernel.speech.words import _, day, moment
from refurb.referrals.cases.texts import HANDOVER_TEXT
from refurb.referrals.models import Allocation, Handover
from refurb.referrals.words import ACCESSORIES, Accessory

LANGUAGE = "fr"


def is_reconditioned(device: Device) -> bool:
    """Whether the regulated word may be used (décret 2022-190): the tests and the erasure are on record."""
    try:
        every_drive_is_clean(device)
        checks_passed(device)
    except Refusal:
        return False
    return True


def words_to_sign(allocation: Allocation) -> Draft:
    """What the person reads before signing: the slip, less its accessories, number and signatures."""
    return _draft(allocation, now(), _body(allocation, None))


def slip(handover: Handover, agent: str) -> Draft:
    """The slip of a hand-over, to be signed by whoever receives."""
    allocation = handover.allocation
    with force_locale(LANGUAGE):
        received = Signature(label=_("La personne qui reçoit"), name=allocation.referral.beneficiary.name, room=True)
        gave = Signature(label=_("Pour %(organisation)s", organisation=home().full_name), name=agent, when=moment(handover.handed_at))
    accessories = [Accessory(each) for each in handover.accessories]
    return _draft(allocation, handover.handed_at, (*_body(allocation, accessories, handover.place), Signatures((received, gave))))


def _draft(allocation: Allocation, at: datetime, blocks: tuple[Block, ...]) -> Draft:
    person = allocation.referral.beneficiary.name
    with force_locale(LANGUAGE):
        text = HANDOVER_TEXT.in_force()
        lead = text.say("lead", date=day(at), issuer=home().full_name, person=person)
        return Draft(title=_("Bon de remise"), lead=lead, blocks=blocks, strong=(person,), language=LANGUAGE, wording=text.version)


def _body(allocation: Allocation, accessories: Sequence[Accessory] | None, place: str | None = None) -> tuple[Block, ...]:
    device = allocation.device
    with force_locale(LANGUAGE):
        what = Table(
            caption=_("Appareil remis"),
            columns=(Column(_("Code"), mono=True, width=30), Column(_("Appareil")), Column(_("Modèle"))),
            rows=((spell(device.code), str(DEVICE_KINDS[device.kind]), device.name or _("modèle non relevé")),),
        )
        facts = [(_("Orientation"), allocation.referral.reference), (_("Structure"), allocation.referral.partner.name)]
        if accessories is not None:
            facts.insert(0, (_("Accessoires"), _list_of(accessories)))
        if place is not None:
            facts.append((_("Lieu de la remise"), place))
        text = HANDOVER_TEXT.in_force()
        return (what, Facts(tuple(facts)), Paragraph(_state_of(text, device)), Paragraph(text.say("theirs")), Claim(text.say("free")))


def _list_of(accessories: Sequence[Accessory]) -> str:
    return ", ".join(str(ACCESSORIES[each]) for each in accessories) or _("aucun")


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
