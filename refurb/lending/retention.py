"""When the people who borrow are forgotten, what goes with their names, and what of each loan goes sooner."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select, update

from refurb.directory.durations import durations
from refurb.documents.erasing import erase_papers
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import let_go
from refurb.kernel.deeds.history import erase_notes, seen_since
from refurb.kernel.deeds.holds import frozen
from refurb.kernel.deeds.terms import ERASED, Kept, Term, ago, day_ago
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l
from refurb.lending.borrowers.erasing import erase_borrowers
from refurb.lending.guarantees.models import IS_HERE, Certificate, Deposit
from refurb.lending.machines.models import MachineSeat, MachineSlot, Qualification
from refurb.lending.machines.words import TO_COME as SLOTS_TO_COME
from refurb.lending.machines.words import SlotState
from refurb.lending.models import Borrower, ComponentCount, Damage, Debt, Loan, LoanLine
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.words import TO_COME, ReservationState
from refurb.lending.supplies.models import SupplyMove
from refurb.lending.suspensions.models import Suspension
from refurb.lending.waits.models import Wait
from refurb.lending.waits.words import WaitState
from refurb.lending.words import LoanState


def _of(kind: type, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a borrower has something of this sort."""
    return exists().where(kind.borrower_id == Borrower.id, *conditions)  # type: ignore[attr-defined]  # those that are a borrower's


def is_bound() -> ColumnElement[bool]:
    """Whether something binds a borrower to us whatever the day: a loan, a debt, a suspension, a place that is kept."""
    return or_(
        _of(Loan, Loan.state == LoanState.OPEN),
        _of(Debt, Debt.settled_at.is_(None)),
        _of(Suspension, Suspension.ended_at.is_(None)),
        _of(Deposit, IS_HERE),
        _of(Reservation, Reservation.state.in_((*TO_COME, ReservationState.OUT))),
        _of(MachineSlot, MachineSlot.state.in_((*SLOTS_TO_COME, SlotState.RUNNING))),
        _of(Wait, Wait.state.in_((WaitState.WAITING, WaitState.OFFERED))),
    )


def _seen_since(instant: datetime, day: date) -> ColumnElement[bool]:
    """Whether a borrower had something to do with us since."""
    return or_(
        Borrower.created_at >= instant,
        seen_since(Borrower.KIND, Borrower.id, instant),
        _of(Loan, Loan.started_at >= instant),
        _of(Loan, LoanLine.loan_id == Loan.id, LoanLine.back_at >= instant),
        _of(Debt, Debt.settled_at >= instant),
        _of(Suspension, Suspension.ended_at >= instant),
        _of(Reservation, or_(Reservation.to_on >= day, Reservation.made_at >= instant)),
        _of(Wait, Wait.asked_at >= instant),
        _of(MachineSlot, MachineSlot.day >= day),
        _of(MachineSeat, MachineSeat.made_at >= instant),
        _of(Qualification, Qualification.granted_on >= day),
        _of(Certificate, Certificate.noted_at >= instant),
        _of(Deposit, Deposit.given_back_on >= day),
    )


def _is_past() -> ColumnElement[bool]:
    span = durations().borrower
    return ~is_bound() & ~_seen_since(ago(span), day_ago(span))


def erase_loans(numbers: Sequence[int]) -> None:
    """Erase what some loans left of words, signatures and pictures, and what their agreements say; what was lent, and when, stays."""
    loans = db.session.scalars(select(Loan).where(Loan.id.in_(numbers), Loan.forgotten_at.is_(None))).all()
    for loan in loans:
        let_go([loan.signature_file])
        loan.forgotten_at = now()
    lines = list(db.session.scalars(select(LoanLine).where(LoanLine.loan_id.in_(numbers))))
    let_go([each.back_signature for each in lines])
    for line in lines:
        line.note = line.back_signature = None
    ids = [each.id for each in lines]
    db.session.execute(update(ComponentCount).where(ComponentCount.line_id.in_(ids)).values(note_out=None, note_back=None))
    mended = select(Damage).where(Damage.line_id.in_(ids), Damage.ended_at.is_not(None))
    for damage in db.session.scalars(mended):
        let_go([damage.photo])
        damage.note = damage.photo = None
    erase_papers(Loan.KIND, numbers)
    erase_notes(Loan.KIND, numbers)


def erase_whole(numbers: Sequence[int]) -> None:
    """Erase some borrowers, and all that names them elsewhere."""
    erase_borrowers(numbers)
    own = Reservation.borrower_id.in_(numbers)
    erase_reservations(list(db.session.scalars(select(Reservation.id).where(own))))
    erase_loans(list(db.session.scalars(select(Loan.id).where(Loan.borrower_id.in_(numbers)))))
    erase_certificates(list(db.session.scalars(select(Certificate.id).where(Certificate.borrower_id.in_(numbers)))))
    _erase_minors(MachineSlot.borrower_id.in_(numbers))
    _erase_qualified(Qualification.borrower_id.in_(numbers))
    for kind in (MachineSlot, Suspension, Wait):
        held = getattr(kind, "KIND", None)
        if held:
            erase_notes(held, list(db.session.scalars(select(kind.id).where(kind.borrower_id.in_(numbers)))))


def erase_reservations(numbers: Sequence[int]) -> None:
    """Erase what was written freely with some reservations."""
    db.session.execute(update(Reservation).where(Reservation.id.in_(numbers)).values(word=None, purpose=None))
    erase_notes(Reservation.KIND, numbers)


def erase_certificates(numbers: Sequence[int]) -> None:
    """Erase some certificates, with their files: what was lent under them says so in its agreement."""
    let_go(list(db.session.scalars(select(Certificate.file).where(Certificate.id.in_(numbers)))))
    db.session.execute(delete(Certificate).where(Certificate.id.in_(numbers)))


def erase_reasons(numbers: Sequence[int]) -> None:
    """Erase why some supplies came or went; how many, and when, stays."""
    db.session.execute(update(SupplyMove).where(SupplyMove.id.in_(numbers)).values(reason=ERASED))


def _erase_minors(condition: ColumnElement[bool]) -> None:
    named = MachineSlot.minor.is_not(None) & (MachineSlot.minor != ERASED)
    db.session.execute(update(MachineSlot).where(condition, named).values(minor=ERASED))


def _erase_qualified(condition: ColumnElement[bool]) -> None:
    named = Qualification.minor.is_not(None) & (Qualification.minor != ERASED)
    db.session.execute(update(Qualification).where(condition, named).values(minor=ERASED))


def _owes() -> ColumnElement[bool]:
    return exists().where(Debt.line_id == LoanLine.id, LoanLine.loan_id == Loan.id, Debt.settled_at.is_(None))


def _back_since(instant: datetime) -> ColumnElement[bool]:
    return exists().where(LoanLine.loan_id == Loan.id, or_(LoanLine.back_at.is_(None), LoanLine.back_at >= instant))


# What goes sooner comes first: then the trial tells of each sort what its night does.
TERMS = (
    Term(
        key="lending.loans",
        who=_l("Emprunteur ou emprunteuse, pour un prêt rendu et dont rien n'est dû"),
        what=_l("convention signée, signatures, notes et photos du prêt"),
        remains=_l("Ce qui a été prêté, à quelle carte, et quand"),
        lasts=lambda: durations().returned,
        since=_l("le retour"),
        model=Loan,
        past=lambda: (Loan.state == LoanState.CLOSED) & ~_back_since(ago(durations().returned)) & ~_owes(),
        rest=lambda: Loan.forgotten_at.is_(None),
        held=lambda: Loan.borrower_id.in_(frozen(Borrower.KIND)),
        forget=erase_loans,
        covers=("loans", "loan_lines", "component_counts", "damages", "reminder_lines", "due_changes", "recalls"),
    ),
    Term(
        key="lending.reservations",
        who=_l("Personne qui a réservé"),
        what=_l("ce qu'elle a écrit avec sa réservation"),
        remains=_l("Ce qui était réservé, et pour quels jours"),
        lasts=lambda: durations().returned,
        since=_l("le dernier jour réservé"),
        model=Reservation,
        past=lambda: (Reservation.to_on < day_ago(durations().returned)) & Reservation.state.not_in((*TO_COME, ReservationState.OUT)),
        rest=lambda: or_(Reservation.word.is_not(None), Reservation.purpose.is_not(None)),
        held=lambda: Reservation.borrower_id.in_(frozen(Borrower.KIND)),
        forget=erase_reservations,
        covers=("reservations",),
    ),
    Term(
        key="lending.minors",
        who=_l("Mineur accompagné sur une machine"),
        what=_l("nom"),
        remains=_l("La séance, et l'âge"),
        lasts=lambda: durations().returned,
        since=_l("la séance"),
        model=MachineSlot,
        past=lambda: (MachineSlot.day < day_ago(durations().returned)) & MachineSlot.state.not_in((*SLOTS_TO_COME, SlotState.RUNNING)),
        rest=lambda: MachineSlot.minor.is_not(None) & (MachineSlot.minor != ERASED),
        held=lambda: MachineSlot.borrower_id.in_(frozen(Borrower.KIND)),
        forget=lambda numbers: _erase_minors(MachineSlot.id.in_(numbers)),
        covers=("machine_slots",),
    ),
    Term(
        key="lending.qualified",
        who=_l("Mineur formé à une machine"),
        what=_l("nom"),
        remains=_l("La formation, et ses dates"),
        lasts=lambda: durations().returned,
        since=_l("la fin de validité de la formation"),
        model=Qualification,
        past=lambda: Qualification.until_on < day_ago(durations().returned),
        rest=lambda: Qualification.minor.is_not(None) & (Qualification.minor != ERASED),
        held=lambda: Qualification.borrower_id.in_(frozen(Borrower.KIND)),
        forget=lambda numbers: _erase_qualified(Qualification.id.in_(numbers)),
        covers=("machine_qualifications",),
    ),
    Term(
        key="lending.certificates",
        who=_l("Emprunteur ou emprunteuse, et structure, qui a présenté une assurance ou une formation"),
        what=_l("l'attestation, son document, qui l'a établie"),
        remains=_l("Ce que dit la convention du prêt"),
        lasts=lambda: durations().returned,
        since=_l("la fin de validité, ou le retrait"),
        model=Certificate,
        past=lambda: or_(Certificate.until_on < day_ago(durations().returned), Certificate.withdrawn_at < ago(durations().returned)),
        # An organisation's is nobody's: NULL is in no list, and not in none either.
        held=lambda: Certificate.borrower_id.is_not(None) & Certificate.borrower_id.in_(frozen(Borrower.KIND)),
        forget=erase_certificates,
        covers=("certificates",),
    ),
    Term(
        key="lending.supplies",
        who=_l("Personne nommée dans la raison d'une sortie de consommable"),
        what=_l("la raison écrite"),
        remains=_l("Ce qui est entré et sorti, et quand"),
        lasts=lambda: durations().returned,
        since=_l("l'entrée ou la sortie"),
        model=SupplyMove,
        past=lambda: SupplyMove.at < ago(durations().returned),
        rest=lambda: SupplyMove.reason.is_not(None) & (SupplyMove.reason != ERASED),
        forget=erase_reasons,
        covers=("supply_moves.reason",),
    ),
    Term(
        key="lending.borrowers",
        who=_l("Emprunteur ou emprunteuse"),
        what=_l("nom, moyen de contact, conventions signées, mots écrits avec une réservation"),
        remains=_l("Le prêt, sans nom"),
        lasts=lambda: durations().borrower,
        since=_l("le dernier prêt"),
        model=Borrower,
        past=_is_past,
        rest=lambda: Borrower.forgotten_at.is_(None),
        held=lambda: Borrower.id.in_(frozen(Borrower.KIND)),
        forget=erase_whole,
        covers=("borrowers", "waits", "reminders", "suspensions", "debts", "machine_seats", "deposits"),
    ),
)

KEPT = (
    Kept(
        key="lending.sheets",
        who=_l("Personne qui partage une fiche d'activité"),
        what=_l("son nom, comme auteur"),
        until=_l("tant que la fiche est partagée : la licence demande de nommer l'auteur"),
        covers=("activity_sheets",),
    ),
)
