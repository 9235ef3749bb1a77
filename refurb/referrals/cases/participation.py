"""The participation that goes with a hand-over: noted while it is prepared, taken off, and receipted once the slip is signed."""

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from refurb.directory.queries import home
from refurb.documents.actions import Draft, issue
from refurb.documents.content import Facts, Paragraph
from refurb.documents.models import PaperKind
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid, Refusal
from refurb.kernel.speech.money import euros_said
from refurb.kernel.speech.words import _, day
from refurb.referrals.cases.lines import NothingToPrepare, lines_of, machines_of, open_lines, purchases_of
from refurb.referrals.cases.participation_policy import PARTICIPATION, ParticipationPolicy
from refurb.referrals.cases.states import allocation_machine, referral_machine
from refurb.referrals.cases.texts import PARTICIPATION_TEXT
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.paid import PAID_BY, Basis, PaidBy, Participation
from refurb.referrals.words import AllocationState

LANGUAGE = "fr"
FROM_PUBLIC = frozenset({LegalOrigin.OWN_STOCK, LegalOrigin.PUBLIC_BODY})


class NothingToPay(Refusal):
    """The territory asks nothing of whoever receives: no money is taken."""

    code = "participation.nothing_asked"


class FreelyCeded(Refusal):
    """A public body gave one of the machines for free: the law lets only an association of the kinds that it names ask for money."""

    code = "participation.freely_ceded"


class AskedOtherwise(Refusal):
    """What was noted is more than is asked for what is handed over now, or by another right: it is noted anew, or nothing is paid."""

    code = "participation.asked_otherwise"


class ShareNotNoted(Refusal):
    """Of something that is bought a share is the person's: what she pays is noted first."""

    code = "participation.share_not_noted"


class SwapIsFree(Refusal):
    """What stands in for another device is within the guarantee, and free."""

    code = "participation.swap"


def participation_of(allocation: Allocation) -> Participation | None:
    """What is paid towards what one hand-over gives, if anything."""
    return db.session.scalar(select(Participation).where(Participation.allocation_id == allocation.id))


def participations_of(referral: Referral) -> Sequence[Participation]:
    """What is paid, or will be, with the hand-overs of a referral."""
    query = select(Participation).join(Participation.allocation).where(Allocation.referral_id == referral.id)
    return db.session.scalars(query.where(Allocation.state != AllocationState.CANCELLED).order_by(Participation.id)).all()


def share_of(allocation: Allocation) -> int:
    """Cents of what is bought for a hand-over that whoever receives pays: no more, and no less."""
    return sum(each.share_cents for each in purchases_of(open_lines(allocation)))


def most_asked(allocation: Allocation) -> int:
    """Cents that may be asked for what is prepared now, the share of what is bought among them."""
    machines = PARTICIPATION.in_force().most_for(each.kind for each in machines_of(open_lines(allocation)))
    return 100 * machines + share_of(allocation)


def share_allowed(cents: int) -> int:
    """Cents of a price that whoever receives may be asked to pay, by the rule in force."""
    policy = PARTICIPATION.in_force()
    return cents * policy.bought_percent // 100 if policy.is_on and policy.bought_percent else 0


def may_be_asked(allocation: Allocation) -> bool:
    """Whether anything may be asked for what is prepared."""
    is_open = allocation.state is AllocationState.ACTIVE and not allocation.is_swap
    return is_open and PARTICIPATION.in_force().is_on and most_asked(allocation) > 0


def may_be_noted(allocation: Allocation) -> bool:
    """Whether there is something to say about money: what may be asked, or what was noted before the rule or the machines changed."""
    return may_be_asked(allocation) or (allocation.state is AllocationState.ACTIVE and participation_of(allocation) is not None)


def still_asked(allocation: Allocation) -> None:
    """What was noted is still asked of what leaves now. Raises `SwapIsFree`, `NothingToPay`, `FreelyCeded`, `AskedOtherwise`.

    Of what is bought the share is asked too, and noted before it leaves (`ShareNotNoted`).
    """
    found, share = participation_of(allocation), share_of(allocation)
    if found is None:
        if share:
            raise ShareNotNoted(sum=euros_said(share))
        return
    policy = _policy_for(allocation, found.cents)
    is_within = all(each.share_cents <= share_allowed(each.cents) for each in purchases_of(open_lines(allocation)))
    if found.basis is not policy.basis or not is_within or not share <= found.cents <= most_asked(allocation):
        raise AskedOtherwise(sum=euros_said(found.cents), most=euros_said(most_asked(allocation)))


def _policy_for(allocation: Allocation, cents: int) -> ParticipationPolicy:
    """The rule by which so much is asked of an allocation. Raises where it may not be: what was bought nobody ceded."""
    policy = PARTICIPATION.in_force()
    if allocation.is_swap:
        raise SwapIsFree
    if not policy.is_on:
        raise NothingToPay
    machines = machines_of(open_lines(allocation)) if cents > share_of(allocation) else []
    if policy.basis is Basis.REGIE and any(each.donation.legal_origin in FROM_PUBLIC for each in machines):
        raise FreelyCeded
    return policy


def note_participation(actor: Actor, allocation: Allocation, *, cents: int, paid_by: PaidBy) -> Participation:
    """Say what is paid at the hand-over, no more than the policy asks. Raises `NothingToPay`, `FreelyCeded`, `SwapIsFree`, `Invalid`."""
    check(actor, Permission.HANDOVER_WRITE)
    lock(allocation)
    if allocation.state is not AllocationState.ACTIVE:
        raise NothingToPrepare
    policy = _policy_for(allocation, cents)
    least, most = share_of(allocation), most_asked(allocation)
    if cents < least:
        raise Invalid({"euros": [Fault("participation.share", least=euros_said(least))]})
    if not 0 < cents <= most:
        raise Invalid({"euros": [Fault("participation.amount", most=euros_said(most))]})
    found = participation_of(allocation) or Participation(allocation=allocation)
    found.cents, found.paid_by, found.basis, found.noted_at = cents, paid_by, policy.basis, now()
    found.regie = policy.regie if policy.basis is Basis.REGIE else None
    db.session.add(found)
    db.session.flush()
    record(allocation, "participation_noted", actor, cents=cents, paid_by=paid_by)
    return found


def drop_participation(actor: Actor, allocation: Allocation) -> None:
    """Nothing is paid after all. A second press changes nothing."""
    check(actor, Permission.HANDOVER_WRITE)
    lock(allocation)
    if allocation.state is not AllocationState.ACTIVE:
        raise NothingToPrepare
    _drop(allocation, actor)


def _drop(allocation: Allocation, actor: Actor) -> None:
    found = participation_of(allocation)
    if found is not None:
        record(allocation, "participation_dropped", actor)
        db.session.delete(found)
        db.session.flush()


@allocation_machine.does("cancel")
@allocation_machine.does("lapse")
@allocation_machine.does("come_back")
def _nothing_given(allocation: Allocation, actor: Actor, _facts: dict[str, Any]) -> None:
    """Nothing is given by it after all, and nothing is paid."""
    _drop(allocation, actor)


def participation_said(found: Participation) -> str:
    """An amount, how it is paid and who takes it."""
    how = str(PAID_BY[found.paid_by]).lower()
    if found.regie:
        return _("%(sum)s, %(how)s. Qui reçoit : %(regie)s", sum=euros_said(found.cents), how=how, regie=found.regie)
    return _("%(sum)s, %(how)s", sum=euros_said(found.cents), how=how)


def dump_participation(allocation: Allocation) -> dict[str, Any] | None:
    """What is paid, as the JSON door shows it."""
    found = participation_of(allocation)
    if found is None:
        return None
    return {"cents": found.cents, "paid_by": found.paid_by, "regie": found.regie, "paper": found.paper and found.paper.reference}


@referral_machine.does("serve")
def _receipt(referral: Referral, actor: Actor, _facts: dict[str, Any]) -> None:
    """Once the slip is signed, what was paid with it is receipted: never before, since a hand-over may still come to nothing."""
    query = select(Participation).join(Participation.allocation).join(Handover, Handover.allocation_id == Allocation.id)
    # A slip that is drawn on the screen is signed within the hand-over: its allocation is not fulfilled yet.
    given = (Allocation.referral_id == referral.id, Allocation.state != AllocationState.CANCELLED)
    found = db.session.scalar(query.where(*given, Participation.paper_id.is_(None)))
    if found is None or found.allocation.handover is None:
        return
    found.paper = issue(actor, PaperKind.PARTICIPATION, found.allocation.handover, receipt(found, found.allocation.handover))


def receipt(found: Participation, handover: Handover) -> Draft:
    """The receipt of what was paid at a hand-over."""
    referral = found.allocation.referral
    person = handover.fetched_by or referral.beneficiary.name
    with force_locale(LANGUAGE):
        text = PARTICIPATION_TEXT.in_force()
        lead = text.say("lead", date=day(handover.handed_at), issuer=home().full_name, person=person)
        lines = lines_of(handover)
        kinds = ", ".join(
            [*(str(DEVICE_KINDS[each.kind]).lower() for each in machines_of(lines)), *(each.what for each in purchases_of(lines))]
        )
        paid = (_("Participation"), participation_said(found))
        facts = Facts(((_("Orientation"), referral.reference), paid, (_("Pour quels appareils"), kinds)))
        return Draft(title=text.say("title"), lead=lead, blocks=(facts, Paragraph(text.say("note"))), strong=(person,), language=LANGUAGE,
                     wording=text.version)  # fmt: skip
