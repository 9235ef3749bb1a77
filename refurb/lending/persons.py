"""What we know of somebody who borrows, told to that person; what binds; and the erasure before the term."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from refurb.directory.durations import durations
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.persons import KnownFact, KnownPart, PersonFile, PersonKind, Texted, Tie
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.codes import find_code, spell
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, _l, day
from refurb.lending.borrowers.sms import refuse_sms
from refurb.lending.guarantees.queries import certificates_of, deposits_of
from refurb.lending.guarantees.words import CERTIFICATE_KINDS
from refurb.lending.loans.pdf import deposit_said
from refurb.lending.machines.models import MachineSlot, Qualification
from refurb.lending.machines.words import TO_COME as SLOTS_TO_COME
from refurb.lending.models import Borrower, Debt, Loan
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.words import TO_COME
from refurb.lending.retention import erase_whole, is_bound
from refurb.lending.suspensions.models import Suspension
from refurb.lending.words import LoanState


def _file(who: Borrower | None) -> PersonFile | None:
    return PersonFile(Borrower.KIND, who.id, spell(who.code), who.name, f"/emprunteurs/{who.code}") if who is not None else None


def _find(typed: str) -> PersonFile | None:
    code = find_code(typed)
    return _file(db.session.scalar(select(Borrower).where(Borrower.code == code))) if code else None


def _open(number: int) -> PersonFile | None:
    return _file(db.session.get(Borrower, number))


def _of(kind: type, number: int) -> Sequence[object]:
    return db.session.scalars(select(kind).where(kind.borrower_id == number).order_by(kind.id)).all()  # type: ignore[attr-defined]  # those that are a borrower's


def _last_day(who: Borrower, loans: Sequence[Loan]) -> date:
    days = [local(who.created_at).date()]
    for loan in loans:
        days += [local(line.back_at or loan.started_at).date() for line in loan.lines]
    return max(days)


def _known(number: int) -> Sequence[KnownPart]:
    who = db.session.get_one(Borrower, number)
    loans = db.session.scalars(select(Loan).where(Loan.borrower_id == number).order_by(Loan.id)).all()
    is_tied = bool(db.session.scalar(select(Borrower.id).where(Borrower.id == number, is_bound())))
    until = None if is_tied else durations().borrower.after(_last_day(who, loans))
    source, correct = _("La carte, %(day)s", day=day(who.created_at)), f"/emprunteurs/{who.code}/corriger"
    written = (
        (_l("Nom"), who.name),
        (_l("Structure"), who.organisation.name if who.organisation else None),
        (_l("Téléphone"), spell_phone(who.phone)),
        (_l("Courriel"), who.email),
        (_l("Ne veut pas de SMS depuis le"), day(who.sms_refused_at) if who.sms_refused_at else None),
    )
    facts = [KnownFact(label, value, source, until, correct) for label, value in written if value]
    lent = []
    for loan in loans:
        back = max((local(line.back_at).date() for line in loan.lines if line.back_at), default=None)
        ends = durations().returned.after(back) if back and loan.state is LoanState.CLOSED else None
        paper = loan.paper.reference if loan.paper else ""
        things = ", ".join(line.item.name for line in loan.lines)
        lent.append(KnownFact(_("Prêt du %(day)s", day=day(loan.started_at)), things, paper or loan.reference, ends))
    booked = [
        KnownFact(_l("Réservation"), " · ".join(filter(None, (day(each.from_on), each.purpose, each.word))), each.reference, until)
        for each in db.session.scalars(select(Reservation).where(Reservation.borrower_id == number).order_by(Reservation.id))
    ]
    shown = [
        KnownFact(_l("Initiation à une machine"), " · ".join(filter(None, (each.machine.name, each.minor))), day(each.granted_on), until)
        for each in db.session.scalars(select(Qualification).where(Qualification.borrower_id == number).order_by(Qualification.id))
    ]
    shown += [
        KnownFact(CERTIFICATE_KINDS[each.kind], each.said or "–", day(each.valid_on), each.until_on)
        for each in certificates_of(who)
        if each.borrower_id == number
    ]
    shown += [KnownFact(_l("Caution"), deposit_said(each), day(each.left_on), until) for each in deposits_of(who)]
    parts = (
        KnownPart(_l("Ce qui est écrit"), facts),
        KnownPart(_l("Prêts"), lent),
        KnownPart(_l("Réservations"), booked),
        KnownPart(_l("Initiations, justificatifs, cautions"), shown),
    )
    return [each for each in parts if each.facts]


def _ties(number: int) -> Sequence[Tie]:
    ties = []
    for loan in db.session.scalars(select(Loan).where(Loan.borrower_id == number, Loan.state == LoanState.OPEN).order_by(Loan.id)):
        out = [line for line in loan.lines if line.back_at is None]
        things = ", ".join(line.item.name for line in out)
        ties.append(Tie(_("%(things)s : pas encore rendu.", things=things), max((line.due_on for line in out), default=None)))
    if db.session.scalar(select(Debt.id).where(Debt.borrower_id == number, Debt.settled_at.is_(None)).limit(1)):
        ties.append(Tie(_("Quelque chose reste dû : cela se règle, ou s'abandonne, d'abord.")))
    if db.session.scalar(select(Suspension.id).where(Suspension.borrower_id == number, Suspension.ended_at.is_(None)).limit(1)):
        ties.append(Tie(_("Ses prêts sont suspendus : la suspension se lève d'abord.")))
    if deposits_of(db.session.get_one(Borrower, number)):
        ties.append(Tie(_("Une caution est encore chez nous : elle se rend d'abord.")))
    coming = select(Reservation).where(Reservation.borrower_id == number, Reservation.state.in_(TO_COME))
    ties += [
        Tie(_("La réservation %(reference)s est à venir : elle s'annule d'abord.", reference=each.reference), each.to_on)
        for each in db.session.scalars(coming.order_by(Reservation.id))
    ]
    slots = select(MachineSlot.day).where(MachineSlot.borrower_id == number, MachineSlot.state.in_(SLOTS_TO_COME))
    ties += [Tie(_("Un créneau de machine est réservé : il s'annule d'abord."), each) for each in db.session.scalars(slots.limit(1))]
    return ties


def _erase(number: int) -> None:
    erase_whole([number])


def _sms_refused_at(number: int) -> datetime | None:
    return db.session.scalar(select(Borrower.sms_refused_at).where(Borrower.id == number))


def _is_silenced(phone: str) -> bool:
    said = select(Borrower.id).where(Borrower.phone == phone, Borrower.sms_refused_at.is_not(None))
    return db.session.scalar(said.limit(1)) is not None


BORROWING = PersonKind(
    kind=Borrower.KIND, label=_l("Emprunteur"), find=_find, open=_open, known=_known, ties=_ties, erase=_erase,
    texted=Texted(_sms_refused_at, refuse_sms, _is_silenced),
)  # fmt: skip
