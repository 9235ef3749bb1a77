"""Policy is data: how a text of a policy is read, checked whole against its schema, and known by a version that decisions record.

A file of config/policy is the version that came with the product; those adopted since are rows (`policy_versions`).
"""

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, Self, TypeVar

from marshmallow import Schema, ValidationError
from marshmallow.fields import Field

from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.policy_versions import DIGEST_LENGTH, Adopted, adopted_versions, in_force_today, text_of
from refurb.kernel.speech.errors import Fault

FOLDER = Path(__file__).resolve().parents[3] / "config" / "policy"
ENDING = ".toml"

T = TypeVar("T")


class Wrongly(str):
    """Why a value is refused: in English for whoever reads a file, and as a fault for whoever reads a page."""

    __slots__ = ("fault",)
    fault: Fault

    def __new__(cls, english: str, code: str, /, **facts: Any) -> Self:
        """The English reason, and the code of its sentence in the refusals catalogue with the facts of both."""
        made = super().__new__(cls, english)
        made.fault = Fault(code, **facts)
        return made


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong in a policy file: the path of its key (entries of a list count from 1), and why."""

    path: str
    reason: str

    @property
    def fault(self) -> Fault:
        """The same as a page says it."""
        known = getattr(self.reason, "fault", None)
        code = _COMMON.get(str(self.reason))
        return known or (Fault(code) if code else Fault("policy.wrong", why=str(self.reason)))

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


class PolicyError(ValueError):
    """A policy file cannot be used as it is written; each complaint is one line that names the file, the key and the reason."""

    def __init__(self, name: str, complaints: Iterable[Complaint]) -> None:
        self.name = name
        self.complaints = tuple(complaints)
        super().__init__("\n".join(f"config/policy/{name}{ENDING}: {each}" for each in self.complaints))


# What marshmallow itself says of a key.
_COMMON = {"is missing": "policy.missing", "there is no such key": "policy.unknown_key", "must be a table": "policy.table"}


class PolicySchema(Schema):
    """The shape of a table in a policy file: a key that it does not know is refused."""

    error_messages = {"unknown": "there is no such key", "type": "must be a table"}


@dataclass(frozen=True)
class Policy:
    """The content of one policy, and the version it is known by (the first 12 digits of its SHA-256)."""

    name: str
    version: str
    content: dict[str, Any]


@dataclass(frozen=True)
class PolicyEffect:
    """What adopting a text would change on today's data: a sentence with its number, and the first of those concerned.

    `first` holds lines of (what it is, as it is, as it would be); `count` 0 says that nothing moves.
    """

    count: int
    sentence: str
    first: tuple[tuple[str, str, str], ...] = ()


class PolicyGroup(StrEnum):
    """For whom a policy is; the list of policies stands in this order."""

    FAMILIES = "families"
    DONORS = "donors"
    WORKSHOP = "workshop"
    LOANS = "loans"
    HOUSE = "house"
    LETTERS = "letters"
    PAPERS = "papers"
    PAGES = "pages"


@dataclass(frozen=True)
class PolicyFile(Generic[T]):
    """One policy: the shape it must have, what the program makes of it and of its version, and how a page calls it.

    `summary` says in one line what is in force.
    """

    name: str
    shape: Field[Any]
    make: Callable[[Any, str], T]
    title: Any = ""
    group: PolicyGroup = PolicyGroup.HOUSE
    summary: Callable[[T], str] = field(default=str)

    def read(self, content: Mapping[str, Any], version: str = "") -> T:
        """What content of this file's shape says. Raises `PolicyError` with everything that is wrong."""
        try:
            checked = self.shape.deserialize(content)
        except ValidationError as error:
            raise PolicyError(self.name, _complaints(error.messages)) from error
        return self.make(checked, version)

    def read_in(self, folder: Path) -> T:
        """What the file in a folder says; raises `PolicyError`."""
        found = read(self.name, folder)
        return self.read(found.content, found.version)

    def read_text(self, text: str) -> T:
        """What a text says; raises `PolicyError`."""
        found = parsed(self.name, text)
        return self.read(found.content, found.version)

    def in_force(self) -> T:
        """What the version in force says, read once; raises `PolicyError` for the file that came with the product alone.

        An adopted version that cannot be used any more (a release wants a key that it lacks) is passed over, in sight: it is logged, and
        the page of the policies says so.
        """
        tried: T | None = _tried.get().get(self.name)
        if tried is not None:
            return tried
        for version in in_force_today(self.name):
            if version.is_shipped:
                break
            usable: T | None = _of_version(self, version)
            if usable is not None:
                return usable
        found: T = _of_file(self)
        return found

    def decided_under(self, version: str) -> T | None:
        """What the version that a decision records said; None for one that nobody kept, or that cannot be used any more."""
        kept = next((each for each in adopted_versions(self.name) if each.digest == version), None)
        if kept is not None:
            found: T | None = _of_version(self, kept)
            return found
        return _of_file(self) if digest_of(text_in_file(self.name)) == version else None

    @contextmanager
    def as_if(self, made: T) -> Iterator[None]:
        """Within the block this is in force: what a trial would change is worked out, and what was decided is worked out again."""
        token = _tried.set({**_tried.get(), self.name: made})
        try:
            yield
        finally:
            _tried.reset(token)


_tried: ContextVar[Mapping[str, Any]] = ContextVar("policies_tried", default=MappingProxyType({}))


@cache
def _of_file(file: PolicyFile[T]) -> T:
    return file.read_in(FOLDER)


_KEPT: ContextVar[bool] = ContextVar("policy_read_as_kept", default=False)


@contextmanager
def read_as_kept() -> Iterator[None]:
    """Within the block texts are read that were adopted."""
    token = _KEPT.set(True)
    try:
        yield
    finally:
        _KEPT.reset(token)


def is_read_as_kept() -> bool:
    """Whether an adopted version is read: what is measured of a text was measured when it was adopted, and stays adopted."""
    return _KEPT.get()


_made: dict[tuple[PolicyFile[Any], str], Any] = {}
_MOST_MADE = 256


def _of_version(file: PolicyFile[T], version: Adopted) -> T | None:
    """What an adopted version says, read once in this process; None where it cannot be used."""
    key = (file, version.digest)
    if key not in _made:
        if len(_made) >= _MOST_MADE:
            _made.clear()
        try:
            with read_as_kept():
                _made[key] = file.read_text(text_of(file.name, version.number) or "")
        except PolicyError as error:
            log.error("policy_version_unusable", policy=file.name, number=version.number, reason=str(error))
            _made[key] = None
    made: T | None = _made[key]
    return made


def forget() -> None:
    """Read what is in force anew when it is next asked."""
    _of_file.cache_clear()
    _made.clear()


def read(name: str, folder: Path | None = None) -> Policy:
    """The content of NAME.toml as TOML has it, unchecked; raises `PolicyError` when it cannot even be read."""
    return parsed(name, text_in_file(name, folder))


def text_in_file(name: str, folder: Path | None = None) -> str:
    """The text of NAME.toml, letter by letter; raises `PolicyError`."""
    try:
        return ((folder or FOLDER) / f"{name}{ENDING}").read_bytes().decode()
    except OSError as error:
        raise PolicyError(name, [Complaint("", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise PolicyError(name, [Complaint("", "is not written in UTF-8")]) from error


def parsed(name: str, text: str) -> Policy:
    """The content of a text, unchecked; raises `PolicyError`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(name, [Complaint("", Wrongly(f"is not TOML: {error}", "policy.not_toml", where=str(error)))]) from error
    except RecursionError as error:
        raise PolicyError(name, [Complaint("", Wrongly("is nested without an end", "policy.too_deep"))]) from error
    except ValueError as error:  # What is left of them: more digits than Python makes a number of.
        raise PolicyError(name, [Complaint("", Wrongly("has a number of too many digits", "policy.number_too_long"))]) from error
    return Policy(name, digest_of(text), content)


def digest_of(text: str) -> str:
    """The word by which decisions name a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def faults_in(files: Iterable[PolicyFile[Any]], folder: Path) -> Iterator[PolicyError]:
    """What is wrong in a folder of policy files: one error for each file that cannot be used, or that nobody reads."""
    known = set[str]()
    for file in files:
        known.add(file.name)
        try:
            file.read_in(folder)
        except PolicyError as error:
            yield error
    for stray in sorted(path.stem for path in folder.glob(f"*{ENDING}") if path.stem not in known):
        yield PolicyError(stray, [Complaint("", "nobody reads a file of this name")])


def _complaints(messages: Any, path: str = "") -> Iterator[Complaint]:
    """The complaints in marshmallow's nest of messages, each with its path in the file."""
    if isinstance(messages, Mapping):
        for key, each in messages.items():
            yield from _complaints(each, _below(path, key))
    else:
        yield from (Complaint(path, each if isinstance(each, str) else str(each)) for each in messages)


def _below(path: str, key: Any) -> str:
    if key == "_schema":  # A fault of the table as a whole.
        return path
    if isinstance(key, int):
        return f"{path}[{key + 1}]"
    return f"{path}.{key}" if path else str(key)
