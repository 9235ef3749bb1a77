"""found by name"""

import unicodedata

import phonenumbers
import sqlalchemy as sa
from alembic import op
from anyascii import anyascii

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AT_ONCE = 5_000
APOSTROPHES = frozenset("'`´‘’‛ʹʻʼʽʾʿˈ′＇")


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


def _dialled(kept: str | None) -> str:
    """The digits of a number as it is dialled at home."""
    if not kept or not kept.startswith("+"):
        return "".join(letter for letter in kept or "" if letter.isdecimal())
    try:
        number = phonenumbers.parse(kept)
    except phonenumbers.NumberParseException:  # Kept as it was typed: it cannot be dialled.
        return "".join(letter for letter in kept if letter.isdecimal())
    return f"0{number.national_number:09d}" if number.country_code in {33, 262, 590, 594, 596} else kept.removeprefix("+")


def upgrade() -> None:
    op.add_column("beneficiaries", sa.Column("search", sa.String(length=400), server_default="", nullable=False))
    names = ("id", "first_name", "last_name", "phone", "email", "search")
    table = sa.table("beneficiaries", *(sa.column(each) for each in names))
    change = sa.update(table).where(table.c.id == sa.bindparam("key")).values(search=sa.bindparam("words"))
    bind, last = op.get_bind(), 0
    while rows := bind.execute(sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(AT_ONCE)).all():
        said = (_folded(" ".join(filter(None, (row.first_name, row.last_name, _dialled(row.phone), row.email)))) for row in rows)
        bind.execute(change, [{"key": row.id, "words": words[:400]} for row, words in zip(rows, said, strict=True)])
        last = rows[-1].id
    op.create_index("ix_declared_items_tag", "declared_items", ["tag"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_declared_items_tag", table_name="declared_items")
    op.drop_column("beneficiaries", "search")
