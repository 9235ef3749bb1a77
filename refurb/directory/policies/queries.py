"""Looking up the policies: which text is in force, which were, and which is tried."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import Complaint, PolicyError, PolicyFile, digest_of, read_as_kept, text_in_file
from refurb.kernel.deeds.policy_versions import PolicyDraft, PolicyVersion, adopted_versions
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound


@dataclass(frozen=True)
class PolicyStanding:
    """The text of a policy that is applied today: its number, the row it stands in (None for the file of a new installation).

    `unusable` are the versions above it that cannot be applied any more, each with what is wrong in it.
    """

    number: int
    text: str
    row: PolicyVersion | None
    unusable: tuple[tuple[PolicyVersion, tuple[Complaint, ...]], ...] = ()

    @property
    def is_shipped(self) -> bool:
        """Whether it came with the product, and nobody has read it again."""
        return self.row is None or self.row.is_shipped

    @property
    def digest(self) -> str:
        """The word by which decisions name it."""
        return digest_of(self.text)


def policy_named(name: str) -> PolicyFile[Any]:
    """The policy of a name; raises `NotFound`."""
    found = next((each for each in wired().policies if each.name == name), None)
    if found is None:
        raise NotFound
    return found


def versions_of(name: str) -> list[PolicyVersion]:
    """Every version that was kept, newest first."""
    of = select(PolicyVersion).where(PolicyVersion.name == name).order_by(PolicyVersion.number.desc())
    return list(db.session.scalars(of))


def standing_of(file: PolicyFile[Any]) -> PolicyStanding:
    """The text that is applied today, found as `PolicyFile.in_force` finds it."""
    unusable = list[tuple[PolicyVersion, tuple[Complaint, ...]]]()
    for row in versions_of(file.name):
        if row.in_force_from > today():
            continue
        if row.is_shipped:
            break
        with read_as_kept():
            complaints = complaints_of(file, row.text)
        if complaints:
            unusable.append((row, complaints))
        else:
            return PolicyStanding(row.number, row.text, row, tuple(unusable))
    return _shipped(file, tuple(unusable))


def complaints_of(file: PolicyFile[Any], text: str) -> tuple[Complaint, ...]:
    """Why this release cannot use a text; none where it can."""
    try:
        file.read_text(text)
    except PolicyError as error:
        return error.complaints
    return ()


def _shipped(file: PolicyFile[Any], unusable: tuple[Any, ...]) -> PolicyStanding:
    text = text_in_file(file.name)
    row = next((each for each in versions_of(file.name) if each.is_shipped and each.text == text), None)
    return PolicyStanding(row.number if row else newest_number(file) if not unusable else 1, text, row, unusable)


def newest_number(file: PolicyFile[Any]) -> int:
    """The number of the newest version, adopted or come with the product; a file that no row holds yet counts."""
    rows = adopted_versions(file.name)
    if not rows:
        return 1
    has_new_file = rows[0].is_shipped and rows[0].digest != digest_of(text_in_file(file.name))
    return rows[0].number + has_new_file


def text_numbered(file: PolicyFile[Any], number: int) -> str:
    """The text of a version, by its number; that of the file where no row holds it."""
    of = select(PolicyVersion.text).where(PolicyVersion.name == file.name, PolicyVersion.number == number)
    return db.session.scalar(of) or text_in_file(file.name)


def version_of_digest(file: PolicyFile[Any], digest: str) -> PolicyStanding:
    """The text that decisions name so; raises `NotFound` for one that nobody kept."""
    of = select(PolicyVersion).where(PolicyVersion.name == file.name, PolicyVersion.digest == digest)
    row = db.session.scalar(of.order_by(PolicyVersion.number.desc()).limit(1))
    if row is not None:
        return PolicyStanding(row.number, row.text, row)
    text = text_in_file(file.name)
    if digest_of(text) != digest:
        raise NotFound
    return PolicyStanding(newest_number(file), text, None)


def draft_of(name: str) -> PolicyDraft | None:
    """The trial of a policy, if somebody writes one."""
    return db.session.scalar(select(PolicyDraft).where(PolicyDraft.name == name))


def drafts() -> dict[str, PolicyDraft]:
    """Every trial, by the name of its policy."""
    return {each.name: each for each in db.session.scalars(select(PolicyDraft))}


def meanwhile(file: PolicyFile[Any], draft: PolicyDraft | None) -> PolicyVersion | None:
    """The version that was adopted while a trial was written, if one was."""
    if draft is None or draft.base >= newest_number(file):
        return None
    return versions_of(file.name)[0]


def unusable_versions() -> Iterator[tuple[str, int, PolicyError]]:
    """Every version that is in force, or will be, and cannot be applied: the policy, the number, and what is wrong in it."""
    for file in wired().policies:
        for row in versions_of(file.name)[:1]:
            try:
                file.read_text(row.text)
            except PolicyError as error:
                yield file.name, row.number, error
