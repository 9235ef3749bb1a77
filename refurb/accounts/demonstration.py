"""Who may sign in to a demonstration, as its sign-in page shows them: invented people, and one password for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import current_app
from sqlalchemy import select

from refurb.accounts.models import Account, RoleGrant
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import ROLES
from refurb.kernel.deeds.database import db

PASSWORD = "demonstration-refurb"  # noqa: S105 - the password of every account of a demonstration, printed where it starts


@dataclass(frozen=True)
class Invented:
    """Somebody of the demonstration: who, what they are here, and for whom."""

    email: str
    name: str
    role: str
    organisation: str | None


def invented_people() -> Sequence[Invented]:
    """The accounts that the demonstration began with, which nobody has closed; none in a real instance."""
    if not current_app.config["DEMO"]:
        return ()
    began = select(Organisation.created_at).where(Organisation.is_home).scalar_subquery()
    rows = db.session.execute(
        select(Account.email, Account.name, RoleGrant.role, Organisation.name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(Account.is_active, Account.created_at == began)
        .order_by(Account.id, RoleGrant.id)
    ).all()
    return [_invented(list(each)) for _email, each in groupby(rows, lambda row: row[0])]


def _invented(rows: Sequence[Any]) -> Invented:
    email, name, _role, organisation = rows[0]
    return Invented(email, name, " · ".join(str(ROLES[row[2]]) for row in rows), organisation)
