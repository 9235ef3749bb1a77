"""The names under which workers claim effects: whoever reads one on the same machine can tell whether that worker still lives."""

import hashlib
import os
import secrets
import socket
from contextlib import suppress
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


def new_name() -> str:
    """A name of its own for one round of this process: the machine, the process, when that began, the round; 32 signs at most."""
    pid = os.getpid()
    return f"{_machine()}.{pid:x}.{_began(pid) or 0:x}.{secrets.token_hex(4)}"


def is_dead(name: str) -> bool:
    """Whether the process of this name is certainly over; of another machine's, and of names of another form, nothing is certain."""
    machine, _, rest = name.partition(".")
    try:
        pid, began = (int(each, 16) for each in rest.split(".")[:2])
    except ValueError:
        return False
    return machine == _machine() and bool(began) and _began(pid) != began


@cache
def _machine() -> str:
    """This machine, since it was started, as far as its processes see each other: containers have numbers of their own."""
    seen = [socket.gethostname()]
    with suppress(OSError):
        seen.append((_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii"))
    with suppress(OSError):
        seen.append(str((_PROC / "self/ns/pid").readlink()))
    return hashlib.sha256("|".join(seen).encode()).hexdigest()[:6]


def _began(pid: int) -> int | None:
    """When a process began, in ticks since the machine did; None where there is none, or no way to tell (proc(5), `starttime`)."""
    try:
        told = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    after = told.rpartition(")")[2].split()
    return None if after[0] == "Z" else int(after[19])
