"""Enter the legal basis of tax receipts, or close them: each is a new version, and nothing that was saved is changed."""

from typing import Any

from sqlalchemy import select

from refurb.directory.fiscal.models import FiscalBasis
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, NotFound

FIELDS = (
    "standing", "purpose", "individuals", "companies", "ruling", "ruling_reference", "ruling_on", "decided_by", "decided_on",
)  # fmt: skip


class FiscalChanged(Conflict):
    """Somebody saved a version since the page was opened."""

    code = "fiscal.changed"


def save_basis(actor: Actor, *, seen: int, **facts: Any) -> FiscalBasis:
    """Say on which basis receipts are given from now on. `facts` are those of `FiscalFacts`, `seen` the number of the version before."""
    former = _begin(actor, seen)
    told = {name: facts[name] for name in FIELDS}
    changed = [name for name in FIELDS if former is not None and getattr(former, name) != told[name]]
    return _save(actor, former, "fiscal_basis_saved", changed, is_on=True, **told)


def close_receipts(actor: Actor, *, seen: int) -> FiscalBasis:
    """No receipt is given from now on; those that were given stand."""
    former = _begin(actor, seen)
    if former is None:
        raise NotFound
    told = {name: getattr(former, name) for name in FIELDS}
    return _save(actor, former, "fiscal_basis_closed", [], is_on=False, **told)


def _begin(actor: Actor, seen: int) -> FiscalBasis | None:
    check(actor, Permission.SETTINGS_WRITE)
    lock(db.session.scalars(select(Organisation).where(Organisation.is_home)).one())  # Of all who save at once, one is first.
    former = db.session.scalar(select(FiscalBasis).order_by(FiscalBasis.number.desc()).limit(1))
    if (former.number if former else 0) != seen:
        raise FiscalChanged
    return former


def _save(actor: Actor, former: FiscalBasis | None, move: str, changed: list[str], **facts: Any) -> FiscalBasis:
    made = FiscalBasis(number=former.number + 1 if former else 1, saved_at=now(), saved_by=actor.id, **facts)
    db.session.add(made)
    record(made, move, actor, number=made.number, changed=changed)
    return made
