"""one normal form"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import phonenumbers
import sqlalchemy as sa
from alembic import op
from anyascii import anyascii
from email_validator import EmailNotValidError, validate_email

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REACHED = ("organisations", "contacts", "beneficiaries", "borrowers", "proposals")
SEARCHED = {"organisations": 600, "borrowers": 400, "items": 400, "parts": 800, "papers": 600, "devices": 800}
AT_ONCE = 5_000
APOSTROPHES = frozenset("'`´‘’‛ʹʻʼʽʾʿˈ′＇")


def _phone(kept: str) -> str:
    """In E.164; as it is kept where it cannot be dialled."""
    for ask in (phonenumbers.is_valid_number, phonenumbers.is_possible_number):
        for region in ("FR", "RE", "GP", "MQ", "GF"):
            try:
                number = phonenumbers.parse(kept, region)
            except phonenumbers.NumberParseException:
                continue
            french = number.country_code in {33, 262, 590, 594, 596}
            if ask(number) and not (french and (number.italian_leading_zero or len(str(number.national_number)) != 9)):
                return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return kept


def _dialled(kept: str) -> str:
    """The digits of a number as it is dialled at home."""
    try:
        number = phonenumbers.parse(kept)
    except phonenumbers.NumberParseException:
        return kept
    return f"0{number.national_number:09d}" if number.country_code in {33, 262, 590, 594, 596} else kept.removeprefix("+")


def _email(kept: str) -> str:
    try:
        return validate_email(kept.strip().removeprefix("mailto:"), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return kept


def _plain(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter in APOSTROPHES:
        return "'"
    if unicodedata.combining(letter) or kind in {"Cc", "Cf", "Cs"}:
        return ""
    if kind[0] in "LMN":
        spelt = anyascii(letter)
        return spelt.replace("'", "") if spelt else letter
    return "-" if kind == "Pd" else letter


def _folded(words: str) -> str:
    decomposed = unicodedata.normalize("NFKD", words.casefold())
    joined = "".join(" " if letter.isspace() else letter if letter.isascii() else _plain(letter) for letter in decomposed)
    return " ".join(joined.casefold().replace("`", "'").split())


def _squeezed(words: str) -> str:
    bare = ("".join(letter for letter in each if letter.isalnum()) for each in _folded(words).split())
    return " ".join(each for each in bare if each)


def _rows(table: sa.TableClause, columns: Iterable[str], where: Any) -> Iterator[Any]:
    """Some rows of a table after others, so that a large one is never read whole."""
    bind, last = op.get_bind(), 0
    query = sa.select(table.c.id, *(table.c[each] for each in columns)).where(where).order_by(table.c.id).limit(AT_ONCE)
    while rows := bind.execute(query.where(table.c.id > last)).all():
        yield from rows
        last = rows[-1].id


def _change(table: sa.TableClause, key: int, **values: Any) -> None:
    op.get_bind().execute(sa.update(table).where(table.c.id == key).values(**values))


def _reach(name: str) -> None:
    table = sa.table(name, *(sa.column(each) for each in ("id", "phone", "email", "search")))
    for row in _rows(table, ("phone", "email"), sa.or_(table.c.phone.is_not(None), table.c.email.is_not(None))):
        now = {"phone": _phone(row.phone) if row.phone else row.phone, "email": _email(row.email) if row.email else row.email}
        if now != {"phone": row.phone, "email": row.email}:
            _change(table, row.id, **now)


def _find_numbers() -> None:
    """A borrower is found by the digits of the number, however it was once written."""
    table = sa.table("borrowers", *(sa.column(each) for each in ("id", "phone", "search")))
    for row in _rows(table, ("phone", "search"), table.c.phone.like("+%")):
        said = f"{row.search} {_dialled(row.phone)}"
        if _dialled(row.phone) not in row.search.split():
            _change(table, row.id, search=said[:400])


def _fold(name: str, longest: int) -> None:
    table = sa.table(name, *(sa.column(each) for each in ("id", "search")))
    signs = "search GLOB '*[^ -~]*'" if op.get_bind().dialect.name == "sqlite" else "search ~ '[^ -~]'"
    for row in _rows(table, ("search",), sa.text(signs)):
        said = (_squeezed if name == "devices" else _folded)(row.search)[:longest]
        if said != row.search:
            _change(table, row.id, search=said)


def upgrade() -> None:
    for name in REACHED:
        _reach(name)
    _find_numbers()
    for name, longest in SEARCHED.items():
        _fold(name, longest)


def downgrade() -> None:
    """What was written before is read as it is now; there is nothing to take back."""
