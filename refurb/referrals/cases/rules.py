"""What must hold before a referral or an allocation moves; each rule raises the refusal that says what is missing."""

from refurb.directory.organisations.rules import may_refer
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.history import begun_by
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _l
from refurb.referrals.households.queries import is_to_answer
from refurb.referrals.households.rules import Unanswered
from refurb.referrals.models import Allocation, Referral


class Incomplete(Refusal):
    """Something that a referral needs was not written yet."""

    code = "referral.incomplete"


class OtherKind(Refusal):
    """The device is not of the kind that was asked for."""

    code = "referral.other_kind"


class OutOfOrder(Refusal):
    """Others come first by the rule, and nobody has said, with a reason, that it is departed from."""

    code = "referral.out_of_order"


class NotOpen(Refusal):
    """Its facts cannot be changed any more."""

    code = "referral.not_open"


class PersonForgotten(Refusal):
    """What was known of the person was erased at its term: nothing is written of her any more."""

    code = "referral.forgotten"


class OwnReferral(Refusal):
    """Nobody decides on a referral that she wrote herself, whatever her roles."""

    code = "referral.own"


class ThreadClosed(Refusal):
    """Nothing is written in the thread of a draft, nor of what is over."""

    code = "referral.thread_closed"


class NeverJoined(Refusal):
    """Its partner withdrew it: only what was joined to another request goes on by itself again."""

    code = "referral.never_joined"


class SwapWaits(Refusal):
    """A device that stands in for another one waits for its family without an end."""

    code = "allocation.swap_waits"


class NobodyToAsk(Refusal):
    """Neither of two like requests is where something can be asked about it."""

    code = "likeness.nobody_to_ask"


NEEDED = (
    ("first_name", _l("Prénom")),
    ("last_name", _l("Nom")),
    ("commune", _l("Commune")),
    ("usage", _l("Pour quoi faire ?")),
    ("situation", _l("Situation")),
    ("eligibility_checked_on", _l("Éligibilité vérifiée le")),
    ("notice_given_on", _l("Notice d'information remise le")),
)


def is_complete(referral: Referral) -> None:
    """Who it is for, what it is for, that the conditions were checked and the person informed (GDPR art. 14)."""
    person = referral.beneficiary
    missing = [label for name, label in NEEDED if not getattr(person if hasattr(person, name) else referral, name)]
    if referral.needs_an_address and not referral.address:
        missing.append(_l("Adresse postale"))
    if missing:
        raise Incomplete(count=len(missing), missing=", ".join(str(label).strip(" ?\u202f") for label in missing))


def partner_may_refer(referral: Referral) -> None:
    """A draft that was begun in time is new all the same when it is submitted: its partner's convention is in force, or it has none."""
    may_refer(referral.partner)


def has_answered(referral: Referral) -> None:
    """Who was told that a request for a like household exists has said what she knows of it."""
    if is_to_answer(referral):
        raise Unanswered


def is_anothers(referral: Referral, actor: Actor) -> None:
    """Who decides is not who wrote it, nor who answers for it now."""
    refuse_own(referral, actor, begun_by(referral))


def refuse_own(referral: Referral, actor: Actor, author: int | None) -> None:
    """The same where it is known already who wrote it."""
    if actor.id is not None and actor.id in {referral.prescriber_id, author}:
        raise OwnReferral(reference=referral.reference)


def was_joined(referral: Referral) -> None:
    """It was closed because its household asked by another one."""
    if not referral.is_joined:
        raise NeverJoined(reference=referral.reference)


def waits_for_a_day(allocation: Allocation) -> None:
    """Its reservation has an end; a device that stands in for one that the family brought back waits without one."""
    if allocation.is_swap:
        raise SwapWaits


def is_of_the_kind(referral: Referral, device: Device) -> None:
    """The device is what was asked for."""
    if device.kind is not referral.device_kind:
        raise OtherKind(wanted=DEVICE_KINDS[referral.device_kind], kind=DEVICE_KINDS[device.kind])


def follows_the_order(rank: int, *, override: bool, reason: str | None) -> None:
    """Nobody comes first by the rule, or a person departs from it openly, with a written reason."""
    if rank > 1 and not (override and reason):
        raise OutOfOrder(ahead=rank - 1)
