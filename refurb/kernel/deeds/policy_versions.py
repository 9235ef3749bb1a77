"""Which version of each policy is in force: every one that was adopted, kept for ever, and the trials that are not law yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import has_app_context
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.kept import kept
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.clock import today

DIGEST_LENGTH = 12


class PolicyVersion(Base):
    """A text of a policy as it was adopted, or as it came with the product (then without `reason`, and nobody has read it again).

    `digest` is the word by which decisions name it: the first digits of the SHA-256 of the text. Of the versions whose day
    (`in_force_from`) has come the one with the highest `number` is in force.
    """

    __tablename__ = "policy_versions"
    KIND = "policy_version"
    __table_args__ = (
        UniqueConstraint("name", "number"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
        CheckConstraint("(reason IS NULL) = (decided_by IS NULL)", name="decided_with_a_reason"),
        ForeignKeyConstraint(["name", "restored_from"], ["policy_versions.name", "policy_versions.number"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(48))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    in_force_from: Mapped[date]
    decided_by: Mapped[str | None] = mapped_column(String(160))
    reason: Mapped[str | None] = mapped_column(String(500))
    adopted_by: Mapped[int | None]
    created_at: Mapped[datetime]
    restored_from: Mapped[int | None]

    @property
    def is_shipped(self) -> bool:
        """Whether it came with the product."""
        return self.reason is None


class PolicyDraft(Base):
    """A trial: a text of a policy that somebody writes; one a policy. `base` is the newest version known to whoever began it."""

    __tablename__ = "policy_drafts"
    KIND = "policy_draft"
    __table_args__ = (UniqueConstraint("name"), CheckConstraint("revision > 0", name="revisions_begin_at_one"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(48))
    base: Mapped[int]
    revision: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None]
    written_at: Mapped[datetime]


def _wall(verb: str) -> str:
    name = f"policy_versions_no_{verb.lower()}"
    return f"CREATE TRIGGER {name} BEFORE {verb} ON policy_versions BEGIN SELECT RAISE(ABORT, 'policy versions are append-only'); END"


# What was law once is never written otherwise. Kept here, and run by the migration, on both databases.
KEPT_FOR_EVER: dict[str, tuple[str, ...]] = {
    "sqlite": (_wall("UPDATE"), _wall("DELETE")),
    "postgresql": (
        (
            "CREATE FUNCTION policy_versions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'policy versions are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        ),
        (
            "CREATE TRIGGER policy_versions_append_only BEFORE UPDATE OR DELETE ON policy_versions FOR EACH ROW "
            "EXECUTE FUNCTION policy_versions_refuse()"
        ),
        (
            "CREATE TRIGGER policy_versions_no_truncate BEFORE TRUNCATE ON policy_versions FOR EACH STATEMENT "
            "EXECUTE FUNCTION policy_versions_refuse()"
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Adopted:
    """What every process knows of a version, without its text."""

    number: int
    digest: str
    in_force_from: date
    is_shipped: bool


_COLUMNS: tuple[Any, ...] = (
    PolicyVersion.name,
    PolicyVersion.number,
    PolicyVersion.digest,
    PolicyVersion.in_force_from,
    PolicyVersion.reason.is_(None).label("is_shipped"),
)
_ADOPTED = select(*_COLUMNS).order_by(PolicyVersion.number.desc())
_READ = Read(_ADOPTED)
_IN_UNIT = "policies"


def adopted_versions(name: str) -> tuple[Adopted, ...]:
    """The versions of a policy that have been kept, newest first; none where no application is at work.

    The table is read again after a deed of anybody, in whatever process (`kept`); within a unit of work, once.
    """
    return _known().get(name, ()) if has_app_context() else ()


def number_of(name: str, digest: str | None) -> int | None:
    """The number of the newest version that decisions name so; None for one that nobody kept."""
    return next((each.number for each in adopted_versions(name) if each.digest == digest), None)


def in_force_today(name: str) -> tuple[Adopted, ...]:
    """Those whose day has come, newest first."""
    found = adopted_versions(name)
    return tuple(each for each in found if each.in_force_from <= today()) if found else ()


def text_of(name: str, number: int) -> str | None:
    """The text of a version."""
    of = select(PolicyVersion.text).where(PolicyVersion.name == name, PolicyVersion.number == number)
    return db.session.connection().execute(of).scalar()


def forget_known(*_session: Any) -> None:
    """Read the table again in this unit of work: one begins, or a version was just added."""
    db.session().info.pop(_IN_UNIT, None)


Known = Mapping[str, tuple[Adopted, ...]]


def _known() -> Known:
    info = db.session().info if db.session.registry.has() else {}
    if not info.get("unit"):
        return kept("policies", lambda: _by_name(_READ.all))
    if _IN_UNIT not in info:
        # Without the session's flush: whoever asks for a rule may be in the middle of writing.
        info[_IN_UNIT] = _by_name(lambda: list(db.session.connection().execute(_ADOPTED)))
    known: Known = info[_IN_UNIT]
    return known


def _by_name(read: Callable[[], list[Any]]) -> Known:
    found = dict[str, tuple[Adopted, ...]]()
    for name, *row in read():
        found[name] = (*found.get(name, ()), Adopted(*row))
    return found
