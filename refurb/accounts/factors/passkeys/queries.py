"""Which keys an account has."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.accounts.factors.passkeys.models import Passkey
from refurb.kernel.deeds.database import db


def passkeys_of(account_id: int) -> Sequence[Passkey]:
    """The keys of an account, the one that was registered first first."""
    return db.session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()
