"""The log of security: who came in or was turned away, which keys were made, what was taken out, whose file was opened.

Apart from the history, which tells what was done and stays: this names no person but the account, and is forgotten after a year.
What a reading notes is written a moment later by a thread of the same process (`worker.start`), since readings write nothing.
"""

from collections import deque
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import current_app, g, has_request_context, request
from sqlalchemy import insert
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.access import Actor, title_of
from refurb.kernel.deeds.database import Base, String, db, word_column
from refurb.kernel.deeds.personal import names_closed
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l, _lp

KEPT_FOR = timedelta(days=365)
"""CNIL, recommendation 2021-122 on logging: six months to one year."""
MOST_NOTED = 10_000
_KEY = "security_noted"
_LISTED = "names_listed"


class SecurityKind(StrEnum):
    """What is logged."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_SLOWED = "sign_in_slowed"
    SIGNED_OUT = "signed_out"
    SESSIONS_ENDED = "sessions_ended"
    REFUSED = "refused"
    KEY_MADE = "key_made"
    KEY_REVOKED = "key_revoked"
    EXPORTED = "exported"
    FILE_OPENED = "file_opened"
    TWO_FILES_OPENED = "two_files_opened"
    HOUSEHOLD_LOOKED_UP = "household_looked_up"
    INVITED = "invited"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    INVITATION_ACCEPTED = "invitation_accepted"
    ROLES_CHANGED = "roles_changed"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_REOPENED = "account_reopened"
    RIGHTS_REVIEWED = "rights_reviewed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - what happened, and no password
    PASSWORD_FORGOTTEN = "password_forgotten"  # noqa: S105 - the same
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FACTOR_REFUSED = "factor_refused"
    FACTOR_RESET = "factor_reset"
    PASSWORD_LINK_GIVEN = "password_link_given"  # noqa: S105 - what happened, and no password
    ADDRESS_ASKED = "address_asked"
    ADDRESS_CHANGED = "address_changed"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    NAMES_LISTED = "names_listed"
    JOURNAL_READ = "journal_read"


SECURITY_KINDS = {
    SecurityKind.SIGNED_IN: _lp("security", "Connexion"),
    SecurityKind.SIGN_IN_FAILED: _lp("security", "Connexion refusée"),
    SecurityKind.SIGN_IN_SLOWED: _lp("security", "Connexion freinée"),
    SecurityKind.SIGNED_OUT: _lp("security", "Déconnexion"),
    SecurityKind.SESSIONS_ENDED: _lp("security", "Connexions fermées"),
    SecurityKind.REFUSED: _lp("security", "Droit refusé"),
    SecurityKind.KEY_MADE: _lp("security", "Jeton créé"),
    SecurityKind.KEY_REVOKED: _lp("security", "Jeton révoqué"),
    SecurityKind.EXPORTED: _lp("security", "Tableau exporté"),
    SecurityKind.FILE_OPENED: _lp("security", "Dossier consulté"),
    SecurityKind.NAMES_LISTED: _lp("security", "Liste de noms lue"),
    SecurityKind.JOURNAL_READ: _lp("security", "Journal des accès lu"),
    SecurityKind.TWO_FILES_OPENED: _lp("security", "Deux dossiers comparés"),
    SecurityKind.HOUSEHOLD_LOOKED_UP: _lp("security", "Foyer déjà connu recherché"),
    SecurityKind.INVITED: _lp("security", "Invitation envoyée"),
    SecurityKind.INVITATION_WITHDRAWN: _lp("security", "Invitation retirée"),
    SecurityKind.INVITATION_ACCEPTED: _lp("security", "Invitation acceptée"),
    SecurityKind.ROLES_CHANGED: _lp("security", "Rôles changés"),
    SecurityKind.ACCOUNT_CLOSED: _lp("security", "Compte fermé"),
    SecurityKind.ACCOUNT_REOPENED: _lp("security", "Compte rouvert"),
    SecurityKind.RIGHTS_REVIEWED: _lp("security", "Droits revus"),
    SecurityKind.PASSWORD_CHANGED: _lp("security", "Mot de passe changé"),
    SecurityKind.PASSWORD_FORGOTTEN: _lp("security", "Mot de passe oublié"),
    SecurityKind.PASSWORD_LINK_GIVEN: _lp("security", "Lien de mot de passe donné"),
    SecurityKind.ADDRESS_ASKED: _lp("security", "Changement d'adresse demandé"),
    SecurityKind.ADDRESS_CHANGED: _lp("security", "Adresse de connexion changée"),
    SecurityKind.IDENTITY_LINKED: _lp("security", "Compte relié"),
    SecurityKind.IDENTITY_UNLINKED: _lp("security", "Lien retiré"),
    SecurityKind.FACTOR_ADDED: _lp("security", "Second facteur posé"),
    SecurityKind.FACTOR_REMOVED: _lp("security", "Second facteur retiré"),
    SecurityKind.FACTOR_REFUSED: _lp("security", "Second facteur refusé"),
    SecurityKind.FACTOR_RESET: _lp("security", "Second facteur réinitialisé"),
}


class LookPart(StrEnum):
    """What of a file is open to who looks at it."""

    NAMES = "names"
    SHEET = "sheet"


PARTS = {LookPart.NAMES: _l("Nom et moyens de contact"), LookPart.SHEET: _l("Fiche, sans le nom")}
LOOKS = frozenset({SecurityKind.FILE_OPENED, SecurityKind.TWO_FILES_OPENED, SecurityKind.NAMES_LISTED, SecurityKind.JOURNAL_READ})
"""Looks at people's files, and at who looked."""
LISTED_AGAIN = timedelta(minutes=15)
"""So long one account's reading of one list is one line."""


class SecurityEvent(Base):
    """One line of the log; `about` is a reference, a permission or the name of a table, never somebody's name."""

    __tablename__ = "security_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[SecurityKind] = word_column(SecurityKind)
    account_id: Mapped[int | None] = mapped_column(index=True)
    by_token: Mapped[bool]
    about: Mapped[str | None] = mapped_column(String(80))
    # Of a look at somebody's file: what was open to who looked, the network by the name that the house gave it, « au titre de ».
    part: Mapped[LookPart | None] = word_column(LookPart, nullable=True)
    network: Mapped[str | None] = mapped_column(String(60))
    as_role: Mapped[str | None] = mapped_column(String(24))


def note(kind: SecurityKind, actor: Actor | None, about: str | None = None) -> None:
    """Log something: within a unit of work together with the deed, elsewhere a moment later."""
    who, by_token = (actor.id, actor.by_token) if actor else (None, False)
    row = {"at": now(), "kind": kind, "account_id": who, "by_token": by_token, "about": about and about[:80], **_look(kind, actor)}
    if db.session.registry.has() and db.session().info.get("unit"):
        db.session.add(SecurityEvent(**row))
    else:
        _noted().append(row)


def _look(kind: SecurityKind, actor: Actor | None) -> dict[str, Any]:
    """What else is noted of a look: never an address, nor where somebody is."""
    if kind not in LOOKS or actor is None:
        return {"part": None, "network": None, "as_role": None}
    if kind in {SecurityKind.FILE_OPENED, SecurityKind.TWO_FILES_OPENED}:
        g.file_opened = True
    part = None if kind is SecurityKind.JOURNAL_READ else LookPart.SHEET if names_closed() else LookPart.NAMES
    network = wired().network_of(request.remote_addr) if has_request_context() else None
    role = title_of(actor)
    return {"part": part, "network": network, "as_role": role.value if role else None}


def note_listed(actor: Actor, place: str) -> None:
    """Log that names were read which no file was opened for: a list, a search, a counter; by the mechanism that opens names."""
    if not g.get("names_read") or g.get("file_opened"):
        return
    listed: dict[tuple[int | None, str], datetime] = current_app.extensions.setdefault(_LISTED, {})
    last = listed.get((actor.id, place))
    if last is None or not last <= now() < last + LISTED_AGAIN:
        listed[actor.id, place] = now()
        note(SecurityKind.NAMES_LISTED, actor, place)


def _noted() -> deque[dict[str, Any]]:
    found: deque[dict[str, Any]] = current_app.extensions.setdefault(_KEY, deque(maxlen=MOST_NOTED))
    return found


def write_noted() -> None:
    """Write what readings noted in this process since the last time; what cannot be written now stays noted."""
    noted = _noted()
    rows = list(noted)
    if rows:
        with unit_of_work() as session:
            session.execute(insert(SecurityEvent), rows)
        for _row in rows:
            noted.popleft()


forget_security_events = Term(
    key="security_events",
    who=_l("Personne qui a un compte"),
    what=_l("journal de sécurité : connexions, refus, exports, dossiers consultés"),
    lasts=KEPT_FOR,
    model=SecurityEvent,
    past=lambda: SecurityEvent.at < now() - KEPT_FOR,
    of_lines=True,
)
