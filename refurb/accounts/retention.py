"""When the people who signed in are forgotten: a year after their account was closed, all but that somebody did what the history says."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from refurb.accounts.factors.models import Authenticator, CardCode
from refurb.accounts.factors.passkeys.models import Passkey
from refurb.accounts.models import Account, OpenSession, Token
from refurb.accounts.outside.models import OutsideIdentity
from refurb.directory.durations import durations
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import erase_notes, seen_since
from refurb.kernel.deeds.terms import ERASED, Kept, Term, ago
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l


def erase_accounts(numbers: Sequence[int]) -> None:
    """Erase who some closed accounts were, and whatever would open them."""
    for account in db.session.scalars(select(Account).where(Account.id.in_(numbers))):
        account.name, account.email, account.password_hash = ERASED, f"compte{account.id}@invalid", ""
        account.forgotten_at = now()
    for kind in (Authenticator, CardCode, Passkey, OutsideIdentity, OpenSession):
        db.session.execute(delete(kind).where(kind.account_id.in_(numbers)))
    db.session.execute(update(Token).where(Token.account_id.in_(numbers)).values(name=ERASED))
    erase_notes(Account.KIND, numbers)


TERMS = (
    Term(
        key="accounts.closed",
        who=_l("Personne qui avait un compte"),
        what=_l("nom, courriel, ce qui ouvrait le compte"),
        remains=_l("Ce qui a été fait, par un compte sans nom"),
        lasts=lambda: durations().closed,
        since=_l("la fermeture du compte"),
        model=Account,
        past=lambda: ~Account.is_active & ~seen_since(Account.KIND, Account.id, ago(durations().closed)),
        rest=lambda: ~Account.is_active & Account.forgotten_at.is_(None),
        forget=erase_accounts,
        covers=("accounts", "authenticators", "card_codes", "passkeys", "outside_identities", "tokens", "role_grants", "usual_sites"),
    ),
)
KEPT = (
    Kept(
        key="accounts.open",
        who=_l("Personne qui a un compte"),
        what=_l("nom, courriel, rôles, date de connexion, moyens de se connecter"),
        until=_l("tant que le compte est ouvert : l'administration revoit les droits et ferme ceux qui ne servent plus"),
        covers=("accounts",),
    ),
)
