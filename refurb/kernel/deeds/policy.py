"""Policy is data: how a file of config/policy is read, checked whole against its schema, and known by a version that decisions record."""

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from marshmallow import Schema, ValidationError
from marshmallow.fields import Field

FOLDER = Path(__file__).resolve().parents[3] / "config" / "policy"
ENDING = ".toml"

T = TypeVar("T")


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong in a policy file: the path of its key (entries of a list count from 1), and why."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


class PolicyError(ValueError):
    """A policy file cannot be used as it is written; each complaint is one line that names the file, the key and the reason."""

    def __init__(self, name: str, complaints: Iterable[Complaint]) -> None:
        self.name = name
        self.complaints = tuple(complaints)
        super().__init__("\n".join(f"config/policy/{name}{ENDING}: {each}" for each in self.complaints))


class PolicySchema(Schema):
    """The shape of a table in a policy file: a key that it does not know is refused."""

    error_messages = {"unknown": "there is no such key", "type": "must be a table"}


@dataclass(frozen=True)
class Policy:
    """The content of one policy file, and the version it is known by (the first 12 digits of its SHA-256)."""

    name: str
    version: str
    content: dict[str, Any]


@dataclass(frozen=True)
class PolicyFile(Generic[T]):
    """One file of config/policy: the shape it must have, and what the program makes of it and of its version."""

    name: str
    shape: Field[Any]
    make: Callable[[Any, str], T]

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

    def in_force(self) -> T:
        """What the file in force says, read once; raises `PolicyError`."""
        found: T = _in_force(self)
        return found


@cache
def _in_force(file: PolicyFile[T]) -> T:
    return file.read_in(FOLDER)


def forget() -> None:
    """Read the files in force anew when they are next asked."""
    _in_force.cache_clear()


def read(name: str, folder: Path | None = None) -> Policy:
    """The content of NAME.toml as TOML has it, unchecked; raises `PolicyError` when it cannot even be read."""
    try:
        raw = ((folder or FOLDER) / f"{name}{ENDING}").read_bytes()
        content = tomllib.loads(raw.decode())
    except OSError as error:
        raise PolicyError(name, [Complaint("", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise PolicyError(name, [Complaint("", "is not written in UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(name, [Complaint("", f"is not TOML: {error}")]) from error
    return Policy(name, hashlib.sha256(raw).hexdigest()[:12], content)


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
        yield from (Complaint(path, str(each)) for each in messages)


def _below(path: str, key: Any) -> str:
    if key == "_schema":  # A fault of the table as a whole.
        return path
    if isinstance(key, int):
        return f"{path}[{key + 1}]"
    return f"{path}.{key}" if path else str(key)
