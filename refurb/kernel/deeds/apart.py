"""What is done apart: work on the files of strangers, in a process of its own that may be stopped without stopping anybody else.

A workbook of a hundred kilobytes can ask for minutes and for gigabytes. Whoever reads one here is bounded by the system itself: by
processor time, by time, by memory. The bounds are a fence against exhaustion, not a cage: the process runs as the same user.

A warm process waits (it has loaded what the readers need, holds nothing of the service, and leaves after a minute without work); each
piece of work is a fork of it, so that it begins within milliseconds and leaves nothing behind.
"""

import atexit
import contextlib
import os
import pickle
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from importlib import import_module
from typing import Any

from refurb.kernel.deeds.hands import hands
from refurb.kernel.deeds.places import NoPlaceLeft, Places
from refurb.kernel.deeds.turns import writing
from refurb.kernel.speech.errors import Refusal, StrayWrite

IDLE_SECONDS = 60.0
AT_ONCE, WAITING = 3, 2
"""Pieces of work of one process at the same time, and how many may wait for their turn."""
PATIENCE_SECONDS = 2.0
_LENGTH = struct.Struct(">Q")
_LONGEST_NAME = 512
_READY = b"\x01"


@dataclass(frozen=True)
class Bounds:
    """How much one piece of work may take: seconds of the processor, seconds on the clock, MiB of memory."""

    processor_s: int = 5
    clock_s: float = 20
    memory_mib: int = 768


class TooMuchWork(Refusal):
    """What was sent asks for more time or memory than anything honest of its kind."""

    code = "apart.too_much_work"
    status = 422


class NoPlace(Refusal):
    """As much as this process does at once is being done already."""

    code = "service.busy_reading"
    status = 503


class _GoneError(Exception):
    """The warm process left just when it was asked."""


def apart(name: str, *given: Any, bounds: Bounds | None = None) -> Any:
    """The answer of the function `package.module:function`, called in a process of its own.

    What is given and what is answered travels pickled. A `Refusal` that the function raises is raised here. Raises `TooMuchWork` where
    the process had to be stopped or failed in any other way, and `NoPlace` where too many are at work.
    """
    if writing.get():
        raise StrayWrite("everybody who writes would wait for what is done apart: do it before the unit of work")
    within = bounds or Bounds()
    asked = pickle.dumps((name, given, astuple(within)))
    patience = within.clock_s + PATIENCE_SECONDS
    hands.let_go()
    try:
        with _places.taken():
            try:
                kept, answer = _asked(name, asked, patience)
            except _GoneError:
                kept, answer = _asked(name, asked, patience)
    except NoPlaceLeft:
        raise NoPlace from None
    except (OSError, EOFError, _GoneError) as error:
        raise TooMuchWork from error
    if not kept:
        raise answer
    return answer


def _asked(name: str, asked: bytes, patience: float) -> tuple[bool, Any]:
    with _warm.work(name) as line:
        # Loading what the reader needs is not the file's fault.
        line.settimeout(patience + IDLE_SECONDS)
        try:
            if line.recv(1) != _READY:
                raise _GoneError
        except OSError as error:
            raise _GoneError from error
        line.settimeout(patience)
        _send(line, asked)
        return pickle.loads(_received(line))  # type: ignore[no-any-return]  # noqa: S301 - written by our own fork


def _send(line: socket.socket, content: bytes) -> None:
    line.sendall(_LENGTH.pack(len(content)))
    line.sendall(content)


def _received(line: socket.socket) -> bytes:
    (left,) = _LENGTH.unpack(_exactly(line, _LENGTH.size))
    return _exactly(line, left)


def _exactly(line: socket.socket, size: int) -> bytes:
    content = bytearray(size)
    view, at = memoryview(content), 0
    while at < size:
        count = line.recv_into(view[at:])
        if not count:
            raise EOFError
        at += count
    return bytes(content)


class _Warm:
    """The warm process of this one, begun when it is first needed and again when it has left."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None
        self._owner = 0

    @contextlib.contextmanager
    def work(self, name: str) -> Iterator[socket.socket]:
        """A line to a new fork."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._guard:
                try:
                    socket.send_fds(self._open(), [name.encode()], [theirs.fileno()])
                except OSError:
                    socket.send_fds(self._open(anew=True), [name.encode()], [theirs.fileno()])
            yield ours

    def _open(self, *, anew: bool = False) -> socket.socket:
        # A worker that was forked from a parent with a warm process begins its own.
        if not anew and self._door is not None and self._owner == os.getpid() and self._process and self._process.poll() is None:
            return self._door
        self.close()
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # No setting goes along: no key, no address of the database.
            around = {key: value for key, value in os.environ.items() if not key.startswith("REFURB_")}
            command = [sys.executable, "-c", f"from {__name__} import serve; serve()"]
            self._process = subprocess.Popen(command, stdin=theirs.fileno(), env=around)  # noqa: S603 - nothing from outside stands in it
        self._owner = os.getpid()
        return self._door

    def close(self) -> None:
        """Let it go: it ends when nobody is at its door."""
        if self._door is not None:
            self._door.close()
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
        self._door = self._process = None


_warm = _Warm()
atexit.register(_warm.close)
_places = Places(AT_ONCE, waiting=WAITING, still=Bounds.clock_s)


def serve() -> None:
    """Be the warm process: fork for each line that comes by the standard input; end with whoever began it, or when nobody asks."""
    door = socket.socket(fileno=os.dup(0))
    poll = select.poll()
    poll.register(door, select.POLLIN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Pressed for the service, which says itself when it is over.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Forks that end are nobody's to wait for.
    while poll.poll(IDLE_SECONDS * 1000):
        name, lines, _flags, _address = socket.recv_fds(door, _LONGEST_NAME, 1)
        if not lines:
            return
        # Loaded here, it is there for every fork to come; what cannot be loaded is the fork's to tell.
        with contextlib.suppress(ImportError):
            import_module(name.decode().partition(":")[0])
        if os.fork() == 0:
            door.close()
            _do(socket.socket(fileno=lines[0]))
        os.close(lines[0])


def _do(line: socket.socket) -> None:
    """Do one piece of work within its bounds, and leave."""
    try:
        line.sendall(_READY)
        name, given, bounds = pickle.loads(_received(line))  # noqa: S301 - written by the process that began this one
        _bind(Bounds(*bounds))
        module, _, function = name.partition(":")
        try:
            answer = True, getattr(import_module(module), function)(*given)
        except Refusal as refusal:
            answer = False, refusal
        _send(line, pickle.dumps(answer))
        os._exit(0)
    finally:
        os._exit(1)  # Whatever went wrong is told by the silence: no trace of what was read goes anywhere.


def _bind(bounds: Bounds) -> None:
    """Let the system stop this process beyond the bounds: by SIGXCPU, by SIGALRM, by refusing memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.processor_s, bounds.processor_s + 1))
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_mib * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, bounds.clock_s)
