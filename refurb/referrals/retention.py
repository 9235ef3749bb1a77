"""When the people who are referred are forgotten, what goes with their names, and what stays: what was done, for whom in numbers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import joinedload

from refurb.directory.durations import durations
from refurb.documents.erasing import erase_papers
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import let_go
from refurb.kernel.deeds.history import erase_notes, seen_since
from refurb.kernel.deeds.holds import frozen
from refurb.kernel.deeds.terms import ERASED, Term, ago
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.words import _l
from refurb.referrals.aftersales.erasing import erase_tickets, erase_tickets_of
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.bought import Purchase
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.committees.models import CommitteeLine, CommitteeRecusal
from refurb.referrals.committees.retention import MEMBERS_TERM
from refurb.referrals.connected import HomeConnection
from refurb.referrals.endowments.retention import ENDOWMENTS_TERM
from refurb.referrals.followup.actions import leave_all_of
from refurb.referrals.followup.models import NewsChoice
from refurb.referrals.given import HandoverLine
from refurb.referrals.handovers.models import HandoverInvitation
from refurb.referrals.households.hashes import HASHES_TERM, forget_hashes_of
from refurb.referrals.links.actions import HOLDERS_TERM
from refurb.referrals.models import Allocation, Beneficiary, Handover, Household, LikenessTold, Message, Referral
from refurb.referrals.quotas.policy import quotas
from refurb.referrals.words import AllocationState, Connection, Mobility, ReferralState

ENDED = (ReferralState.SERVED, ReferralState.REFUSED, ReferralState.WITHDRAWN)
_MOST = 200


def _has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether somebody has a referral of this sort."""
    return exists().where(Referral.beneficiary_id == Beneficiary.id, *conditions)


def _heard_of_since(instant: datetime) -> ColumnElement[bool]:
    """Whether anything was done for somebody since: a referral moved or was corrected, a device was chosen or handed over."""
    allocated = _has(Allocation.referral_id == Referral.id, seen_since(Allocation.KIND, Allocation.id, instant))
    handed = _has(
        Allocation.referral_id == Referral.id,
        Handover.allocation_id == Allocation.id,
        or_(Handover.handed_at >= instant, seen_since(Handover.KIND, Handover.id, instant)),
    )
    troubled = _has(Ticket.referral_id == Referral.id, seen_since(Ticket.KIND, Ticket.id, instant))
    return or_(_has(seen_since(Referral.KIND, Referral.id, instant)), allocated, handed, troubled)


def is_unsigned() -> ColumnElement[bool]:
    """Whether a device of a referral is out under a slip that nobody has signed: the one that stands in for another may be."""
    out = (Allocation.referral_id == Referral.id, Allocation.state == AllocationState.FULFILLED)
    return exists().where(*out, Handover.allocation_id == Allocation.id, Handover.paper_id.is_(None)).correlate(Referral)


def _quiet_since(instant: datetime) -> ColumnElement[bool]:
    return ~_has(Referral.state.not_in(ENDED)) & ~_has(is_unsigned()) & ~_heard_of_since(instant)


def _is_ticket_past() -> ColumnElement[bool]:
    """Closed before the term; or never closed, and nothing happened to it for as long."""
    since = ago(durations().tickets)
    return or_(Ticket.closed_at < since, and_(Ticket.closed_at.is_(None), ~seen_since(Ticket.KIND, Ticket.id, since)))


def _is_served() -> ColumnElement[bool]:
    return _has(Referral.state == ReferralState.SERVED)


def _was_sent() -> ColumnElement[bool]:
    return _has(Referral.submitted_at.is_not(None))


def _is_known() -> ColumnElement[bool]:
    return Beneficiary.forgotten_at.is_(None)


def _is_frozen() -> ColumnElement[bool]:
    return _has(Referral.id.in_(frozen(Referral.KIND)))


_OF_THE_HOUSEHOLD: dict[str, Any] = {
    "note": None, "address": None, "purposes": [], "household_size": None, "connection": Connection.UNKNOWN, "mobility": Mobility.UNKNOWN,
    "stop_id": None, "by_letter": False, "adaptations": [],
}  # fmt: skip
"""What a referral tells of a household beside what is counted, and what it is once nobody is named any more."""


def erase_beneficiaries(numbers: Sequence[int]) -> None:
    """Erase some people's names and contacts, every text and signature about them, and what the papers that name them say."""
    _keep_publics(numbers)
    for person in db.session.scalars(select(Beneficiary).where(Beneficiary.id.in_(numbers))):
        person.first_name, person.last_name = ERASED, ERASED
        person.birth_decade = person.birth_year - person.birth_year % 10 if person.birth_year else person.birth_decade
        person.birth_year = person.commune = person.phone = person.email = person.sms_refused_at = None
        person.search, person.forgotten_at = "", now()
    referrals = list(db.session.scalars(select(Referral.id).where(Referral.beneficiary_id.in_(numbers))))
    db.session.execute(update(Referral).where(Referral.id.in_(referrals)).values(_OF_THE_HOUSEHOLD))
    db.session.execute(update(Message).where(Message.referral_id.in_(referrals)).values(text=ERASED))
    _erase_committees(referrals)
    decided = db.session.scalars(
        select(Allocation).options(joinedload(Allocation.handover)).where(Allocation.referral_id.in_(referrals))
    ).all()
    for allocation in decided:
        allocation.reason = allocation.reason and ERASED
        allocation.cancelled_because = allocation.cancelled_because and ERASED
        if allocation.handover is not None:
            let_go([allocation.handover.signature_file])
            allocation.handover.place, allocation.handover.forgotten_at = ERASED, now()
            allocation.handover.fetched_by = None
    invited = update(HandoverInvitation).where(HandoverInvitation.allocation_id.in_([each.id for each in decided]))
    db.session.execute(invited.values(lift_words=None, address=None))
    _erase_bought([each.id for each in decided])
    db.session.execute(delete(HomeConnection).where(HomeConnection.allocation_id.in_([each.id for each in decided])))
    handed = [each.handover.id for each in decided if each.handover is not None]
    erase_papers(Handover.KIND, handed)
    for kind, ids in ((Referral.KIND, referrals), (Allocation.KIND, [each.id for each in decided]), (Handover.KIND, handed)):
        erase_notes(kind, ids)
    erase_tickets_of(referrals)
    leave_all_of(referrals)
    db.session.execute(delete(NewsChoice).where(NewsChoice.referral_id.in_(referrals)))
    _erase_households(numbers, referrals)


def _erase_bought(allocations: Sequence[int]) -> None:
    """Erase what was bought for some decisions, but what goes with, or left with, that of somebody else since."""
    stands = HandoverLine.closed_at.is_(None) | HandoverLine.handover_id.is_not(None) & (Allocation.state == AllocationState.FULFILLED)
    others = (
        select(HandoverLine.purchase_id)
        .join(Allocation, Allocation.id == HandoverLine.allocation_id)
        .where(HandoverLine.purchase_id.is_not(None), HandoverLine.allocation_id.not_in(allocations), stands)
    )
    theirs = select(HandoverLine.purchase_id).where(HandoverLine.allocation_id.in_(allocations))
    db.session.execute(update(Purchase).where(Purchase.id.in_(theirs), Purchase.id.not_in(others)).values(what=ERASED))


def _erase_committees(referrals: Sequence[int]) -> None:
    """Erase what was said of some files before committees; the decision and its reason from the list remain."""
    lines = db.session.scalars(select(CommitteeLine.id).where(CommitteeLine.referral_id.in_(referrals))).all()
    for name in ("note", "question", "added_because"):
        written = CommitteeLine.id.in_(lines), getattr(CommitteeLine, name).is_not(None)
        db.session.execute(update(CommitteeLine).where(*written).values({name: ERASED}))
    db.session.execute(update(CommitteeRecusal).where(CommitteeRecusal.line_id.in_(lines)).values(word=ERASED))


def _keep_publics(numbers: Sequence[int]) -> None:
    """Write down of which public the devices were that some people got before it was kept: without their age nobody knows."""
    made = quotas()
    decided = select(Allocation).join(Allocation.referral).where(Referral.beneficiary_id.in_(numbers), Allocation.public.is_(None))
    for each in db.session.scalars(decided):
        period = made.period_on(local(each.decided_at).date())
        each.public = made.public_of(each.referral, (period.starts_on if period else local(each.decided_at)).year).key
    db.session.flush()


def _erase_households(numbers: Sequence[int], referrals: Sequence[int]) -> None:
    """Erase what was written of their households; the hashes of whoever was helped have a term of their own, those of the others go now."""
    db.session.execute(update(LikenessTold).where(LikenessTold.referral_id.in_(referrals)).values(word=None))
    people = select(Beneficiary.household_id).where(Beneficiary.id.in_(numbers))
    erase_notes(Household.KIND, db.session.scalars(people).all())
    forget_hashes_of(db.session.scalars(people.where(~_is_served())).all())


def let_drafts_lapse() -> int:
    """Withdraw the drafts that nobody came back to, so that the night forgets for whom they were; how many. Done by the worker."""
    old = (
        select(Referral)
        .where(Referral.state == ReferralState.DRAFT, ~seen_since(Referral.KIND, Referral.id, now() - durations().drafts))
        .where(Referral.id.not_in(frozen(Referral.KIND)))
    )
    found = db.session.scalars(old.order_by(Referral.id).limit(_MOST)).all()
    for each in found:
        referral_machine.fire(each, "withdraw", SERVICE)
    return len(found)


def count_known() -> int:
    """How many people are known by name."""
    return db.session.scalar(select(func.count()).where(_is_known())) or 0


_COVERS = (
    "beneficiaries",
    "referrals",
    "allocations",
    "handovers",
    "handover_lines",
    "home_connections",
    "participations",
    "purchases",
    "purchase_funders",
    "handover_invitations",
    "likenesses_told",
    "referral_messages",
    "news_choices",
    "followups",
    "committee_lines",
    "committee_recusals",
)

TERMS = (
    Term(
        key="referrals.served",
        who=_l("Personne qui a reçu un ordinateur"),
        what=_l("nom, moyen de contact, commune, année de naissance, messages, remise signée ; l'adresse postale dès la remise"),
        remains=_l(
            "L'appareil, le mois, la décennie de naissance, la situation, le besoin, le quartier prioritaire oui ou non ; "
            "d'une connexion remise, par quoi, qui payait et jusqu'à quand, sans l'opérateur ; "
            "d'un matériel acheté, son prix et qui l'a payé"
        ),
        lasts=lambda: durations().served,
        since=_l("le dernier contact"),
        model=Beneficiary,
        past=lambda: _quiet_since(ago(durations().served)),
        rest=lambda: _is_known() & _is_served(),
        held=_is_frozen,
        forget=erase_beneficiaries,
        covers=_COVERS,
    ),
    Term(
        key="referrals.unserved",
        who=_l("Personne adressée par un partenaire, demande refusée ou retirée"),
        what=_l(
            "nom, moyen de contact, commune, année de naissance, messages, et les empreintes chiffrées du foyer ; "
            "l'adresse postale dès la décision"
        ),
        remains=_l("Le compte par motif"),
        lasts=lambda: durations().unserved,
        since=_l("la décision"),
        model=Beneficiary,
        past=lambda: _quiet_since(ago(durations().unserved)),
        rest=lambda: _is_known() & ~_is_served() & _was_sent(),
        held=_is_frozen,
        forget=erase_beneficiaries,
        covers=_COVERS,
    ),
    # A draft lapses first (`let_drafts_lapse`); one that was withdrawn by hand was never more than a draft.
    Term(
        key="referrals.drafts",
        who=_l("Personne pour qui un brouillon a été écrit, jamais transmis"),
        what=_l("ce qui a été saisi, et les empreintes chiffrées du foyer"),
        remains=_l("Qu'un brouillon a été écrit"),
        lasts=lambda: durations().drafts,
        since=_l("la dernière visite"),
        model=Beneficiary,
        past=lambda: ~_has(Referral.state.not_in(ENDED)),
        rest=lambda: _is_known() & ~_was_sent(),
        held=_is_frozen,
        forget=erase_beneficiaries,
        covers=_COVERS,
    ),
    HASHES_TERM,
    MEMBERS_TERM,
    Term(
        key="referrals.tickets",
        who=_l("Personne qui a signalé une panne"),
        what=_l("ses mots, son téléphone, sa photo, les échanges notés"),
        remains=_l("L'appareil, ce qui n'allait pas, la cause trouvée, les dates"),
        lasts=lambda: durations().tickets,
        since=_l("la fin de la panne ou, si personne ne la clôt, la dernière chose notée"),
        model=Ticket,
        past=_is_ticket_past,
        rest=lambda: Ticket.forgotten_at.is_(None),
        held=lambda: Ticket.referral_id.is_not(None) & Ticket.referral_id.in_(frozen(Referral.KIND)),
        forget=erase_tickets,
        covers=("tickets",),
    ),
    HOLDERS_TERM,
    ENDOWMENTS_TERM,
)
