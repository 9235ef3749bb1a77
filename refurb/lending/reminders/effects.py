"""The letters to borrowers: what is due, all in one; and the agreement that was signed."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask_babel import force_locale

from refurb.directory.letters import write_letter
from refurb.documents.models import Signing
from refurb.documents.reading import is_readable
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, Overtaken, Repeated, letter, letters_left
from refurb.kernel.deeds.mail import Enclosure, Letter
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _l, day
from refurb.lending.loans.actions import MAIL_AGREEMENT
from refurb.lending.loans.signing import MAIL_TO_SIGN, is_as_prepared, letter_to_sign, to_sign_address
from refurb.lending.models import Borrower, Loan, LoanLine
from refurb.lending.queries import days_late
from refurb.lending.recalls.actions import MAIL_RECALL, MAIL_RECALL_UNDONE
from refurb.lending.recalls.models import Recall
from refurb.lending.recalls.queries import recall_of
from refurb.lending.reminders.models import REMIND, Reminder
from refurb.lending.reminders.own import own_address
from refurb.lending.reminders.queries import is_last_reminder, lines_with
from refurb.lending.reminders.suspending import is_in_vain, reminders_in_vain
from refurb.lending.reminders.texts import LOAN_RECALLED, LOAN_SIGNED, LOAN_TO_SIGN, LOANS_DUE
from refurb.lending.suspensions.queries import suspension_of
from refurb.lending.suspensions.words import SuspendedWhy
from refurb.lending.terms import loan_policy

LANGUAGE = "fr"
"""Nobody has asked borrowers for a language."""


def _listed(lines: Iterable[LoanLine]) -> str:
    said = (_("- %(name)s, à rendre le %(day)s", name=each.item.name, day=day(each.due_on, "EEEE d MMMM")) for each in lines)
    return "\n".join(said)


def lines_told(borrower: Borrower) -> tuple[list[LoanLine], list[LoanLine]]:
    """What somebody is late with, and what is due soon, as it is now; what they say is back is not spoken of."""
    lead = timedelta(days=max(0, -min(loan_policy().reminders, default=0)))
    lines = [each for each in lines_with(borrower) if each.said_back_at is None]
    late = [each for each in lines if days_late(each)]
    return late, [each for each in lines if not days_late(each) and each.due_on <= today() + lead]


def reminder_letter(borrower: Borrower, key: str, to: str, link: str, leaving: int | None = None) -> Letter:
    """All that somebody is late with, and what is due soon, as it is now; what they say is back is not spoken of. Raises `NotTold`.

    `leaving` is the reminder that it is: where it is the one too many, it says already what it leads to.
    """
    late, soon = lines_told(borrower)
    if not late and not soon:
        raise NotTold
    return write_letter(
        LOANS_DUE, key=key, to=to, late=_listed(late), soon=_listed(soon), suspended=_suspended(borrower, leaving), link=link
    )


def _suspended(borrower: Borrower, leaving: int | None) -> str:
    found = suspension_of(borrower)
    if found is not None and found.why is SuspendedWhy.DESK:
        return _("Vos prêts sont suspendus : ni départ, ni réservation, ni prolongation, jusqu'à ce que l'accueil lève la suspension.")
    if found is None and not is_in_vain(reminders_in_vain(borrower, leaving=leaving)):
        return ""
    return _("Vos prêts sont suspendus : ni départ, ni réservation, ni prolongation d'ici au retour.")


def _about_borrower(facts: Mapping[str, Any]) -> About | None:
    reminder = db.session.get(Reminder, facts["reminder_id"])
    if reminder is None:
        return None
    borrower = reminder.borrower
    return About(borrower.code, f"/emprunteurs/{borrower.code}", borrower.email, Permission.BORROWER_READ)


@letter(REMIND, _l("Rappel à qui a emprunté"), _about_borrower)
def remind_borrower(*, reminder_id: int) -> Letter:
    """Send what is due as it is now; where it waited for longer than a day, the later one carries it. Who has no address is called."""
    reminder = db.session.get(Reminder, reminder_id)
    if reminder is None:
        raise NotTold
    if not is_last_reminder(reminder):
        raise Repeated
    if not reminder.borrower.email:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return reminder_letter(
            reminder.borrower, f"{REMIND}-{reminder.id}", reminder.borrower.email, own_address(reminder.borrower), reminder.id
        )


def _about_loan(facts: Mapping[str, Any]) -> About | None:
    loan = db.session.get(Loan, facts["loan_id"])
    return About(loan.reference, f"/prets/{loan.reference}", loan.borrower.email, Permission.BORROWER_READ) if loan else None


def agreement_letter(loan: Loan, key: str, to: str, link: str) -> Letter:
    """What was lent and until when, with the agreement that was signed."""
    paper = loan.paper
    enclosures = (Enclosure(f"{paper.reference}.pdf", "application/pdf", fetch(paper.file)),) if paper and is_readable(paper) else ()
    lines = [each for each in loan.lines if each.back_at is None]
    if not lines:
        raise NotTold
    return write_letter(LOAN_SIGNED, key=key, to=to, reference=loan.reference, things=_listed(lines), link=link, enclosures=enclosures)


@letter(MAIL_AGREEMENT, _l("Convention de prêt à qui a emprunté"), _about_loan)
def mail_agreement(*, loan_id: int) -> Letter:
    """Send the signed agreement with the link by which a loan is renewed, unless all is back."""
    loan = db.session.get(Loan, loan_id)
    if loan is None or loan.paper is None:
        raise NotTold
    if not loan.borrower.email:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return agreement_letter(loan, f"{MAIL_AGREEMENT}-{loan.id}", loan.borrower.email, own_address(loan.borrower))


def to_sign_letter(loan: Loan, key: str, to: str, link: str) -> Letter:
    """What was lent, and where its agreement is read and accepted."""
    lines = [each for each in loan.lines if each.back_at is None]
    if not lines:
        raise NotTold
    return write_letter(LOAN_TO_SIGN, key=key, to=to, reference=loan.reference, things=_listed(lines), link=link)


@letter(MAIL_TO_SIGN, _l("Convention de prêt à accepter par lien"), _about_loan)
def mail_to_sign(*, loan_id: int, signing_id: int, effect_id: int) -> Letter:
    """Send the link of the text that was prepared; nothing once it is signed, another was prepared, or the loan is another than it says.

    Asked for again, it is another letter, and only the last leaves.
    """
    loan, signing = db.session.get(Loan, loan_id), db.session.get(Signing, signing_id)
    if loan is None or signing is None or not signing.awaits_signature:
        raise NotTold
    last = letter_to_sign(signing)
    if last is not None and last.id > effect_id:
        raise Repeated
    if not is_as_prepared(loan, signing):
        raise Overtaken
    if not loan.borrower.email:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return to_sign_letter(loan, f"{MAIL_TO_SIGN}-{effect_id}", loan.borrower.email, to_sign_address(signing))


def recall_letter(found: Recall, key: str, to: str, link: str) -> Letter:
    """What is asked back and by when, or that it may stay after all. Raises `NotTold` once it is back, or said to be."""
    line = found.line
    if line.back_at is not None or line.said_back_at is not None:
        raise NotTold
    said = _listed([line])
    recalled, kept = (said, "") if found.undone_at is None else ("", said)
    return write_letter(LOAN_RECALLED, key=key, to=to, reference=line.loan.reference, recalled=recalled, kept=kept, link=link)


def _about_recall(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Recall, facts["recall_id"])
    return _about_loan({"loan_id": found.line.loan_id}) if found else None


def _of_recall(kind: str, found: Recall) -> Letter:
    borrower = found.line.loan.borrower
    if not borrower.email:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return recall_letter(found, f"{kind}-{found.id}", borrower.email, own_address(borrower))


@letter(MAIL_RECALL, _l("Rappel d'un matériel avant sa date"), _about_recall)
def mail_recall(*, recall_id: int) -> Letter:
    """Say what is asked back and by when, without why; nothing where it was withdrawn meanwhile."""
    found = db.session.get(Recall, recall_id)
    if found is None or found.undone_at is not None:
        raise NotTold
    return _of_recall(MAIL_RECALL, found)


@letter(MAIL_RECALL_UNDONE, _l("Rappel d'un matériel annulé"), _about_recall)
def mail_recall_undone(*, recall_id: int) -> Letter:
    """Say that it may stay after all, to whoever was asked; nothing to whom the first letter never reached, or who was asked again."""
    found = db.session.get(Recall, recall_id)
    if found is None or found.undone_at is None or recall_id not in letters_left(MAIL_RECALL, "recall_id", {recall_id}):
        raise NotTold
    if recall_of(found.line) is not None:
        raise Repeated
    return _of_recall(MAIL_RECALL_UNDONE, found)
