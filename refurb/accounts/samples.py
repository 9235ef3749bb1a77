"""On whom the letters about accounts are looked at before their text is adopted: no link that opens anything stands in them."""

from sqlalchemy import select

from refurb.accounts.addresses.effects import former_address_letter, new_address_letter
from refurb.accounts.invitations.effects import invitation_letter
from refurb.accounts.invitations.models import Invitation
from refurb.accounts.models import Account
from refurb.accounts.passwords.effects import password_letter
from refurb.accounts.people.effects import STEPS, account_letter, reminder_letter
from refurb.accounts.people.shown import changes_told
from refurb.accounts.texts import ACCOUNT_CHANGED, FACTOR_REMINDER, FORMER_ADDRESS, INVITATION, NEW_ADDRESS, PASSWORD
from refurb.directory.letters import letters_on, sample_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.wired import TextSample

MOST = 20
_KEY = "sample"


def _accounts() -> list[tuple[int, str]]:
    found = db.session.execute(select(Account.id, Account.name).where(Account.is_active).order_by(Account.id.desc()).limit(MOST))
    return [(number, name) for number, name in found]


def _invitations() -> list[tuple[int, str]]:
    found = db.session.execute(select(Invitation.id, Invitation.name).order_by(Invitation.id.desc()).limit(MOST))
    return [(number, name) for number, name in found]


def _invited(record: int) -> list[Letter]:
    found = db.session.get_one(Invitation, record)
    return [invitation_letter(found.name, found.email, found.inviter.name, found.ends_at, sample_link(), _KEY)]


def _forgot(record: int) -> list[Letter]:
    account = db.session.get_one(Account, record)
    return [password_letter(account.name, account.email, sample_link(), _KEY)]


def _moved(record: int) -> list[Letter]:
    account = db.session.get_one(Account, record)
    return [new_address_letter(account.name, account.email, sample_link(), _KEY)]


def _left(record: int) -> list[Letter]:
    account = db.session.get_one(Account, record)
    return [former_address_letter(account.name, account.email, step, _KEY) for step in ("asked", "done")]


def _reminded(record: int) -> list[Letter]:
    account = db.session.get_one(Account, record)
    return [reminder_letter(account.name, account.email, _KEY)]


def _changed(record: int) -> list[Letter]:
    account = db.session.get_one(Account, record)
    changes = changes_told({"given": [[each.role.value, 0] for each in account.grants]})
    return [account_letter(account.name, account.email, step, changes, _KEY) for step in STEPS.values()]


A = Permission.ACCOUNT_ADMIN
ACCOUNT_SAMPLES = {
    INVITATION.name: TextSample(needs=A, records=_invitations, shown=letters_on(_invited)),
    PASSWORD.name: TextSample(needs=A, records=_accounts, shown=letters_on(_forgot)),
    NEW_ADDRESS.name: TextSample(needs=A, records=_accounts, shown=letters_on(_moved)),
    FACTOR_REMINDER.name: TextSample(needs=A, records=_accounts, shown=letters_on(_reminded)),
    ACCOUNT_CHANGED.name: TextSample(needs=A, records=_accounts, shown=letters_on(_changed)),
    FORMER_ADDRESS.name: TextSample(needs=A, records=_accounts, shown=letters_on(_left)),
}
