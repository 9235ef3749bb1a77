"""The sheet of the register of processing and the draft of the impact assessment, drawn from the terms, the schema and the rules.

GDPR, articles 30 and 35; the CNIL asks an assessment of whoever accompanies people in difficulty. Both are in French, for whoever answers
for the territory: what a program cannot know stands between brackets. Their prose is in the Markdown files beside.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from flask_babel import force_locale

from refurb.accounts.factors.policy import factor_policy
from refurb.directory.durations import durations
from refurb.kernel.deeds.access import GRANTS, OF_PERSONS, PERSONS, ROLES
from refurb.kernel.deeds.database import Base
from refurb.kernel.deeds.policy import FOLDER
from refurb.kernel.deeds.security import KEPT_FOR
from refurb.kernel.deeds.terms import Kept, Term
from refurb.kernel.deeds.wired import wired

HERE: Final = Path(__file__).resolve().parent
DOCS: Final = HERE.parents[1] / "docs"
DRAWN: Final = {"registre-des-traitements.md": "registre.md", "analyse-d-impact.md": "analyse.md"}
"""By the name of each document in docs/, the prose that it is made of."""
_PUBLIC: Final = "mission d'intérêt public (6-1-e) pour une collectivité, intérêt légitime (6-1-f) pour une association"
_ACTIVITIES: Final = (
    ("Orientation et remise d'ordinateurs", _PUBLIC, ("referrals.",)),
    ("Prêt de matériel et machines du fablab", _PUBLIC, ("lending.",)),
    ("Dons de matériel", _PUBLIC, ("donations.", "directory.contacts", "exchange.")),
    ("Comptes, sécurité et fonctionnement", "intérêt légitime : la sécurité et la preuve (6-1-f)", ("",)),
)


def drawn() -> dict[str, str]:
    """Each document by the name of its file; the rules are those that come with the product, whatever was adopted here."""
    with force_locale("fr"), ExitStack() as shipped:
        for policy in wired().policies:
            shipped.enter_context(policy.as_if(policy.read_in(FOLDER)))
        parts = {
            "version": durations().version,
            "activities": "\n\n".join(_activities()),
            "readers": "\n".join(_readers()),
            "measures": _prose("mesures.md").format(days=KEPT_FOR.days).strip(),
            "columns": ", ".join(_people_columns()),
            "terms": "\n".join(
                _table(("Personnes", "Durée"), ((each.who, each.term) for _activity, terms, _kept in _parted() for each in terms))
            ),
        }
        return {name: _prose(prose).format(**parts) for name, prose in DRAWN.items()}


def refreshed(*, write: bool, folder: Path = DOCS) -> list[str]:
    """The documents that are stale; written anew where asked."""
    stale = []
    for name, text in drawn().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if write:
                path.write_text(text, encoding="utf-8")
    return stale


def _prose(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _parted() -> Iterator[tuple[tuple[str, str], list[Term], list[Kept]]]:
    """The terms and the reasons of each activity; each stands in the first that it belongs to."""
    terms, kept = list(wired().terms), list(wired().kept)
    for title, basis, prefixes in _ACTIVITIES:
        own = [each for each in terms if each.key.startswith(prefixes)]
        stays = [each for each in kept if each.key.startswith(prefixes)]
        terms, kept = [each for each in terms if each not in own], [each for each in kept if each not in stays]
        yield (title, basis), own, stays


def _activities() -> Iterator[str]:
    for (title, basis), terms, kept in _parted():
        rows = [(each.who, each.what, each.term, each.remains or "rien", _covered(each.answers_for)) for each in terms]
        rows += [(each.who, each.what, each.until, "–", _covered(each.covers)) for each in kept]
        table = _table(("Personnes", "Données", "Durée", "Ensuite, il reste", "Tables"), rows)
        yield "\n".join((f"## {title}", "", f"Base légale : {basis}.", "", *table))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"


def _covered(covers: tuple[str, ...]) -> str:
    return ", ".join(f"`{each}`" for each in covers)


def _readers() -> Iterator[str]:
    asked = factor_policy().roles
    rows = (
        (ROLES[role], "oui, dans ses droits" if GRANTS[role] & OF_PERSONS else "non", "demandé" if role in asked else "–")
        for role in PERSONS
    )
    yield from _table(("Rôle", "Voit des personnes", "Second facteur"), rows)
    yield ""
    yield "Une structure partenaire ne voit que les personnes qu'elle a adressées. Un donateur ne voit que des nombres."


def _people_columns() -> list[str]:
    """The columns of the people who are helped and who borrow, as the schema has them."""
    tables = [Base.metadata.tables[name] for name in ("beneficiaries", "referrals", "borrowers")]
    return [f"`{table.name}.{column.name}`" for table in tables for column in table.columns]
