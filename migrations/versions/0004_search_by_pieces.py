"""search by pieces"""

import unicodedata
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AT_ONCE = 5_000

# The statements, frozen as they were, a statement a paragraph. What they are today stands in `refurb.kernel.deeds.pieces`; a test compares.
FROZEN = Path(__file__).parent.parent / "sql"


def _run(name: str) -> None:
    path = FROZEN / f"0004_{name}.{op.get_bind().dialect.name}.sql"
    for statement in path.read_text(encoding="utf-8").split("\n\n"):
        op.execute(sa.text(statement.strip().replace(":", "\\:")))


def _squeezed(text: str) -> str:
    bare = text.casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(letter for letter in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(letter) and letter.isalnum())


def _squeeze_all() -> None:
    """Write the words of every device as they are written from now on: without blanks or signs inside code, model and serial number."""
    devices = sa.table("devices", *(sa.column(name) for name in ("id", "code", "manufacturer", "model", "serial", "search")))
    change = sa.update(devices).where(devices.c.id == sa.bindparam("key")).values(search=sa.bindparam("words"))
    bind, last = op.get_bind(), 0
    while rows := bind.execute(sa.select(devices).where(devices.c.id > last).order_by(devices.c.id).limit(AT_ONCE)).all():
        words = (" ".join(filter(None, (_squeezed(each) for each in row[1:5] if each)))[:800] for row in rows)
        bind.execute(change, [{"key": row.id, "words": said} for row, said in zip(rows, words, strict=True)])
        last = rows[-1].id


def _can_index() -> bool:
    """A SQLite that was built without FTS5 searches without."""
    bind = op.get_bind()
    return (
        bind.dialect.name != "sqlite" or bind.execute(sa.text("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'")).first() is not None
    )


def upgrade() -> None:
    _squeeze_all()
    if _can_index():
        _run("pieces")


def downgrade() -> None:
    _run("torn_down")
