"""The short messages beside the letters to borrowers: never a name, nor what was lent. Which of them leave, `texting/policy.py` says."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.directory.texting.policy import TEXT_MESSAGES, SmsKind
from refurb.directory.texting.sending import TextMessage, text_message
from refurb.documents.stops import stop_address
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NotTold, Repeated
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, _l, day
from refurb.lending.models import Borrower
from refurb.lending.recalls.actions import MAIL_RECALL
from refurb.lending.recalls.models import Recall
from refurb.lending.reminders.effects import LANGUAGE, lines_told
from refurb.lending.reminders.models import REMIND, Reminder
from refurb.lending.reminders.own import own_address
from refurb.lending.reminders.queries import is_last_reminder
from refurb.lending.waits.actions import TELL_WAITING
from refurb.lending.waits.effects import offer_url
from refurb.lending.waits.models import Wait
from refurb.lending.waits.words import WaitState

_SHORT = "d MMMM"


def _text(key: str, passage: str, borrower: Borrower, **facts: Any) -> TextMessage:
    facts |= {"house": home().name, "stop": stop_address(Borrower.KIND, borrower.id)}
    said = TEXT_MESSAGES.in_force().say(passage, **facts)
    return TextMessage(key, borrower.phone, said, has_email=bool(borrower.email), refused_at=borrower.sms_refused_at)


def _about(borrower: Borrower | None) -> About | None:
    if borrower is None:
        return None
    return About(borrower.code, f"/emprunteurs/{borrower.code}", spell_phone(borrower.phone), Permission.BORROWER_READ)


def _about_reminder(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Reminder, facts["reminder_id"])
    return _about(found.borrower if found else None)


@text_message(REMIND, SmsKind.LOANS, _l("SMS de rappel à qui a emprunté"), _about_reminder)
def text_borrower(*, reminder_id: int) -> TextMessage:
    """Say how many things are to bring back, all in one; where it waited for longer than a day, the later one carries it."""
    reminder = db.session.get(Reminder, reminder_id)
    if reminder is None:
        raise NotTold
    if not is_last_reminder(reminder):
        raise Repeated
    late, soon = lines_told(reminder.borrower)
    if not late and not soon:
        raise NotTold
    with force_locale(LANGUAGE):
        link = own_address(reminder.borrower)
        return _text(f"{REMIND}-{reminder.id}", "loans", reminder.borrower, count=len(late) + len(soon), link=link)


def _about_recall(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Recall, facts["recall_id"])
    return _about(found.line.loan.borrower if found else None)


@text_message(MAIL_RECALL, SmsKind.RECALLS, _l("SMS : matériel rappelé avant sa date"), _about_recall)
def text_recall(*, recall_id: int) -> TextMessage:
    """Say by when something is asked back; nothing once it was withdrawn, or is back."""
    found = db.session.get(Recall, recall_id)
    if found is None or found.undone_at is not None or found.line.back_at is not None or found.line.said_back_at is not None:
        raise NotTold
    borrower = found.line.loan.borrower
    with force_locale(LANGUAGE):
        until, phone = day(found.line.due_on, _SHORT), spell_phone(home().phone)
        return _text(f"{MAIL_RECALL}-{found.id}", "recalls", borrower, until=until, phone=phone, link=own_address(borrower))


def _about_wait(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Wait, facts["wait_id"])
    return _about(found.borrower if found else None)


@text_message(TELL_WAITING, SmsKind.WAITS, _l("SMS : une place s'est libérée"), _about_wait)
def text_waiting(*, wait_id: int) -> TextMessage:
    """Say that a place is kept, unless it was answered or has lapsed meanwhile."""
    wait = db.session.get(Wait, wait_id)
    if wait is None or wait.state is not WaitState.OFFERED or wait.reservation is None or wait.reservation.expires_at is None:
        raise NotTold
    until = local(wait.reservation.expires_at)
    with force_locale(LANGUAGE):
        said = _("%(day)s à %(hour)s", day=day(until.date(), _SHORT), hour=f"{until:%H} h {until:%M}")
        return _text(f"{TELL_WAITING}-{wait.id}-{wait.reservation.id}", "waits", wait.borrower, until=said, link=offer_url(wait))
