"""What happened to an account, as its page tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refurb.accounts.models import Account
from refurb.accounts.queries import doers_of
from refurb.directory.sites.queries import site_name
from refurb.kernel.deeds.access import ROLES, Role
from refurb.kernel.deeds.history import Event, events_of
from refurb.kernel.speech.words import _, _l, moment

DONE: dict[str, tuple[Any, str, str]] = {
    "opened": (_l("Compte ouvert"), "user-check", "ok"),
    "roles_changed": (_l("Rôles changés"), "pen-line", "work"),
    "closed": (_l("Compte fermé"), "user-x", "stop"),
    "reopened": (_l("Compte rouvert"), "user-check", "ok"),
    "rights_confirmed": (_l("Droits confirmés"), "circle-check", "ok"),
    "address_asked": (_l("Changement d'adresse demandé"), "mail", "work"),
    "address_changed": (_l("Adresse de connexion changée"), "mail", "ok"),
    "password_link_given": (_l("Lien de mot de passe donné en main propre"), "link", "wait"),
    "factor_added": (_l("Second facteur posé"), "shield-check", "ok"),
    "factor_removed": (_l("Second facteur retiré"), "shield-check", "todo"),
    "factor_reminded": (_l("Rappel du second facteur envoyé"), "mail", "work"),
    "factor_reset": (_l("Second facteur réinitialisé"), "refresh-cw", "wait"),
    "identity_linked": (_l("Compte relié à un autre service"), "link", "ok"),
    "identity_unlinked": (_l("Lien avec un autre service retiré"), "link", "todo"),
    "password_changed": (_l("Mot de passe changé"), "key-round", "ok"),
}
"""How each event of an account is told: its words, icon and tone."""


@dataclass(frozen=True)
class AccountEvent:
    """One line of an account's history."""

    icon: str
    kind: str
    text: str
    who: str | None
    when: str


def account_history(account: Account) -> list[AccountEvent]:
    """What happened to an account, newest first."""
    events = events_of(account, most=50)
    doers = doers_of(events)
    return [_line(event, doers.get(event.id)) for event in events]


def _line(event: Event, who: str | None) -> AccountEvent:
    said, icon, tone = DONE.get(event.move, (event.move, "circle", "todo"))
    more = changes_told(event.facts)
    return AccountEvent(icon, tone, f"{said} ({more})" if more else str(said), who, moment(event.at))


def changes_told(facts: Mapping[str, Any]) -> str:
    """Which roles came and went, as an event keeps it; "" where none did."""
    given, taken = _role_names(facts.get("given")), _role_names(facts.get("taken"))
    more = [_("ajouté : %(roles)s", roles=given)] if given else []
    more += [_("retiré : %(roles)s", roles=taken)] if taken else []
    return ", ".join(more)


def _role_names(pairs: Any) -> str:
    return ", ".join(_role_name(*each) for each in pairs or ())


def _role_name(role: str, _organisation: int, site_id: int | None = None) -> str:
    name = str(ROLES[Role(role)])
    return f"{name} ({site_name(site_id)})" if site_id is not None else name
