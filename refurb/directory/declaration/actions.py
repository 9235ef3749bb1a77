"""Make a declaration of accessibility: a new version, public at once."""

from typing import Any

from sqlalchemy import select

from refurb.directory.declaration.models import AccessibilityDeclaration
from refurb.directory.declaration.queries import declaration
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict


class DeclarationChanged(Conflict):
    """Somebody made another declaration since the page was opened."""

    code = "accessibility.changed"


def declare_accessibility(actor: Actor, *, seen: int, **facts: Any) -> AccessibilityDeclaration:
    """Declare how far the service conforms. `facts` are those of `DeclarationFacts`, `seen` the number of the version before the eyes."""
    check(actor, Permission.SETTINGS_WRITE)
    lock(db.session.scalars(select(Organisation).where(Organisation.is_home)).one())
    former = declaration()
    number = former.number if former else 0
    if number != seen:
        raise DeclarationChanged
    made = AccessibilityDeclaration(number=number + 1, saved_at=now(), saved_by=actor.id, **facts)
    db.session.add(made)
    changed = [name for name in facts if former is not None and getattr(former, name) != facts[name]]
    record(made, "accessibility_declared", actor, number=made.number, changed=changed)
    return made
