"""Looking up the declaration of accessibility in force, and the words that every page says of it."""

from typing import Any

from sqlalchemy import select

from refurb.directory.declaration.models import AccessibilityDeclaration
from refurb.directory.declaration.standing import MENTIONS, conformity_of
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.kept import kept
from refurb.kernel.speech.clock import today


def declaration() -> AccessibilityDeclaration | None:
    """The one in force, if any was made."""
    return db.session.scalar(select(AccessibilityDeclaration).order_by(AccessibilityDeclaration.number.desc()).limit(1))


def declarations(most: int = 20) -> list[AccessibilityDeclaration]:
    """The versions, newest first."""
    return list(db.session.scalars(select(AccessibilityDeclaration).order_by(AccessibilityDeclaration.number.desc()).limit(most)))


def accessibility_mention() -> Any:
    """What the foot of every page says: « Accessibilité : non conforme » until an audit says better."""
    return MENTIONS[kept("accessibility", lambda: conformity_of(declaration(), today()))]
