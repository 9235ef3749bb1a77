"""Who somebody is elsewhere."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.accounts.models import Account
from refurb.accounts.outside.models import OutsideIdentity
from refurb.kernel.deeds.database import db


def identities_of(account_id: int) -> Sequence[OutsideIdentity]:
    """The links of an account to providers, the first one first."""
    return db.session.scalars(select(OutsideIdentity).where(OutsideIdentity.account_id == account_id).order_by(OutsideIdentity.id)).all()


def account_of_outsider(issuer: str, subject: str) -> Account | None:
    """The open account that is linked to who a provider calls `subject`; None where there is none."""
    link = OutsideIdentity.issuer == issuer, OutsideIdentity.subject == subject
    query = select(Account).join(OutsideIdentity, OutsideIdentity.account_id == Account.id).where(*link, Account.is_active)
    return db.session.scalar(query)
