"""What another policy of second factors would change today: to whom names would close, and to whom they would open."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from refurb.accounts.factors.models import CardCode
from refurb.accounts.factors.passkeys.actions import here
from refurb.accounts.factors.policy import ACCOUNTS, FactorKind, FactorPolicy
from refurb.accounts.factors.queries import kinds_held
from refurb.accounts.models import Account
from refurb.accounts.queries import other_administrators
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import Complaint, PolicyEffect, Wrongly
from refurb.kernel.speech.words import _, _n

MOST_SHOWN = 20


def preview_accounts(before: FactorPolicy, after: FactorPolicy) -> PolicyEffect:
    """Whose names close or open by themselves, of the open accounts; the first of them by name."""
    accounts = db.session.scalars(select(Account).options(selectinload(Account.grants)).where(Account.is_active).order_by(Account.name))
    held = kinds_held()
    told = [(each.name, _said(each, before, held), _said(each, after, held)) for each in accounts]
    moved = [(name, old, new) for name, old, new in told if old != new]
    if not moved:
        return PolicyEffect(0, _("Les noms ne se ferment ni ne s'ouvrent pour personne."))
    count = len(moved)
    sentence = _n("Les noms changent pour %(num)s personne.", "Les noms changent pour %(num)s personnes.", count)
    return PolicyEffect(count, sentence, tuple(moved[:MOST_SHOWN]))


def _said(account: Account, policy: FactorPolicy, held: Mapping[int, frozenset[FactorKind]]) -> str:
    is_asked = not policy.roles.isdisjoint(each.role for each in account.grants)
    if not is_asked:
        return _("Rien n'est demandé")
    return _("Noms ouverts") if held.get(account.id, frozenset()) & policy.kinds else _("Noms fermés")


def somebody_still_proves(made: FactorPolicy) -> Iterator[Complaint]:
    """A kind that is taken out leaves an administrator who can prove herself, where there is one today."""
    able, administrators = _able_kinds(), other_administrators(0, hold=False)
    today, then = (_proving(administrators, able, policy) for policy in (ACCOUNTS.in_force(), made))
    if today and not then:
        yield Complaint("second_factor.kinds", Wrongly("leaves no administrator with a second factor", "policy.factor_nobody"))


def _able_kinds() -> Mapping[int, frozenset[FactorKind]]:
    """The kinds with which accounts can prove themselves today: a card with a code left, keys where keys serve."""
    cards = set(db.session.scalars(select(CardCode.account_id).where(CardCode.used_at.is_(None)).distinct()))
    out = frozenset({FactorKind.KEY} if here().obstacle else ())
    return {number: kinds - out - (set() if number in cards else {FactorKind.CARD}) for number, kinds in kinds_held().items()}


def _proving(accounts: Iterable[int], held: Mapping[int, frozenset[FactorKind]], policy: FactorPolicy) -> bool:
    return any(held.get(each, frozenset()) & policy.kinds for each in accounts)
