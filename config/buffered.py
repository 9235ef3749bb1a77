"""How requests come in: the loop of a process receives each one whole and sends each answer off; its threads only work.

Gunicorn's threaded worker gives a thread to a connection as soon as something comes, and the thread waits for the rest, for the
reader of its answer, and the loop for the client that should hang up. Here a stranger with two hundred requests that never end,
or answers that are never read, holds two hundred connections and nothing else.
"""

import contextlib
import errno
import resource
import selectors
import socket
import time
from concurrent.futures import Future
from functools import partial
from typing import IO, Any, Final

from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from config.receipt import Receipt

MIB: Final = 2**20
AT_ONCE: Final = 64 * 1024
QUIET_SECONDS: Final = 20.0
"""So long may a client that has begun to send, or is being sent something, do nothing."""
SLOWEST: Final = 1000
"""Bytes a second on the whole; who sends less for longer than `QUIET_SECONDS` is let go."""
LINGER_SECONDS: Final = 2.0
"""So long a client may take to hang up after the last answer; RFC 9112 §9.6 says why it is given time."""
SWEEP_SECONDS: Final = 1.0
PAUSE_SECONDS: Final = 1.0
"""So long nobody is taken where the system gives no more open files."""
TOLD_EVERY: Final = 300.0
"""Seconds between two lines of the log that say so."""
MOST_CONNECTIONS: Final = 4000
_NO_MORE: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_NOTHING_HERE: Final = frozenset({errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK})
_OTHER_FILES: Final = 200
"""Open files that are no connection: the database, the programme's own, bodies of requests."""


def most_connections() -> int:
    """How many connections a process may hold, after asking the system for as many open files as it gives."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS + _OTHER_FILES  # One for the connection, one for what it sends.
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else max(50, min(MOST_CONNECTIONS, (soft - _OTHER_FILES) // 2))


class Line:
    """The socket of a connection, as the threads see it: nothing they do on it waits. What cannot go at once goes when the loop can."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._socket.setblocking(False)
        self.waiting = bytearray()
        self.closed = False

    def receive(self) -> bytes | None:
        """What has come; None when nothing has just now, nothing at all when the other side has hung up."""
        try:
            return self._socket.recv(AT_ONCE)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""

    def sendall(self, data: bytes) -> None:
        """Send, or keep for the loop."""
        if self.waiting:
            self.waiting += data
            return
        try:
            sent = self._socket.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        if sent < len(data):
            self.waiting += memoryview(data)[sent:]

    def send(self, data: bytes) -> int:
        """The same, as sockets tell it."""
        self.sendall(data)
        return len(data)

    def flush(self) -> None:
        """Send what waits, as far as it goes; raises `OSError` when nobody is there."""
        with contextlib.suppress(BlockingIOError, InterruptedError):
            del self.waiting[: self._socket.send(self.waiting)]

    def recv(self, _size: int) -> bytes:
        """Nothing: threads find what came in the receipt."""
        return b""

    def shutdown(self, how: int) -> None:
        """Say that nothing follows, unless something waits to."""
        if not self.waiting:
            self._socket.shutdown(how)

    def setblocking(self, _flag: bool) -> None:  # noqa: FBT001 - as sockets have it
        """It never blocks."""

    def settimeout(self, _seconds: float | None) -> None:
        """It never waits."""

    def gettimeout(self) -> float:
        """It never waits."""
        return 0.0

    def getsockname(self) -> Any:
        """Where it was accepted."""
        return self._socket.getsockname()

    def fileno(self) -> int:
        """For the loop."""
        return self._socket.fileno()

    def close(self) -> None:
        """Let it go."""
        self.closed = True
        self._socket.close()


class _Kept(Unreader):  # type: ignore[misc]  # gunicorn ships no types
    """The bytes of a request that is all here; after them there is nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.file: IO[bytes] | None = None

    def chunk(self, size_hint: int | None = None) -> bytes:
        return self.file.read(max(size_hint or 0, AT_ONCE)) if self.file is not None else b""

    def rest(self) -> bytes:
        """What is left when the request has been answered: the beginning of the next one."""
        left = self.take_buffered() + (self.file.read() if self.file is not None else b"")
        self.file = None
        return bytes(left)


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """One connection: what comes, what goes, and since when."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any, most: int) -> None:
        super().__init__(cfg, Line(sock), client, server)
        self.most = most
        self.receipt = Receipt(most)
        self.begun_at = self.heard_at = time.monotonic()
        self.stays = True
        self.parser = RequestParser(cfg, (), client)
        self.parser.unreader = _Kept()
        self.initialized = self.data_ready = True

    def hand_over(self) -> None:
        """Give the parser what has come."""
        content, self.parser.unreader.file = self.receipt.content()
        self.parser.unreader.unread(content)

    def begin_anew(self) -> bool:
        """Be ready for the next request; whether it is all here."""
        rest = self.parser.unreader.rest()
        self.receipt.close()
        self.receipt = Receipt(self.most)
        self.begun_at = self.heard_at = time.monotonic()
        return bool(rest) and self.receipt.take(rest)

    def is_over(self, now: float, patience: float) -> bool:
        """Whether it has done nothing for too long, or too little."""
        if self.stays and not self.receipt.received and not self.sock.waiting:
            return now - self.heard_at > patience
        if not self.stays and not self.sock.waiting:
            return now - self.heard_at > LINGER_SECONDS
        lasted = now - self.begun_at
        is_slow = not self.sock.waiting and lasted > QUIET_SECONDS and self.receipt.received < SLOWEST * (lasted - QUIET_SECONDS)
        return now - self.heard_at > QUIET_SECONDS or is_slow


class BufferedWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn's threaded worker, whose threads wait for no client."""

    def init_process(self) -> None:
        """Prepare the loop, then run it."""
        self.open: dict[Connection, None] = {}
        self.swept_at = time.monotonic()
        self.paused_until = 0.0
        self.told_at: float | None = None
        self.patience = float(self.cfg.keepalive)
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Take a connection; where there are too many, whoever has waited longest with half a request makes room."""
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno in _NO_MORE:
                self._pause(error)
            elif error.errno not in _NOTHING_HERE:
                raise
            return
        self.nr_conns += 1
        # What the application refuses as too large (413) is received up to twice its bound; more is refused unreceived.
        connection = Connection(self.cfg, sock, address, listener.getsockname(), 2 * self.wsgi.config["MAX_CONTENT_LENGTH"])
        if self.nr_conns >= self.worker_connections and self.open:
            self._drop(next(iter(self.open)))
        self._watch(connection, selectors.EVENT_READ)
        self._on_readable(connection)

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - as gunicorn calls it
        """Take connections or not; not before a pause is over."""
        super().set_accept_enabled(enabled and time.monotonic() >= self.paused_until)

    def _pause(self, error: OSError) -> None:
        """Take nobody for a moment: the loop would meet the same answer at once, again and again. A quarter of who waits makes room."""
        now = time.monotonic()
        if self.told_at is None or now - self.told_at > TOLD_EVERY:
            self.told_at = now
            self.log.error("No connection can be taken: %s. Held: %s", error.strerror, self.nr_conns)
        self.paused_until = now + PAUSE_SECONDS
        self.set_accept_enabled(False)
        for each in list(self.open)[: (len(self.open) + 3) // 4]:
            self._drop(each)

    def enqueue_req(self, conn: Connection) -> None:
        """Let a thread answer a request that is all here."""
        try:
            conn.hand_over()
        except OSError:
            self._drop(conn)
            return
        super().enqueue_req(conn)

    def finish_request(self, conn: Connection, fs: "Future[Any]") -> None:
        """After the answer: send what has not gone yet, then wait for the next request, or for the end."""
        conn.stays = not fs.cancelled() and fs.exception() is None and bool(fs.result())
        if conn.sock.closed:
            self.nr_conns -= 1
            conn.receipt.close()
        elif conn.sock.waiting:
            conn.heard_at = time.monotonic()
            self._watch(conn, selectors.EVENT_WRITE)
        else:
            self._go_on(conn)

    def murder_keepalived(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - as gunicorn calls it
        """Let go of whoever does nothing, and at the end of everybody."""
        now = time.monotonic()
        if not force and now - self.swept_at < SWEEP_SECONDS:
            return
        self.swept_at = now
        for each in [each for each in self.open if force or each.is_over(now, self.patience)]:
            self._drop(each)

    def murder_pending(self) -> None:
        """Nobody else waits."""

    def _cap_keepalive(self, deadline: float) -> None:
        """At the end, whoever has sent nothing yet is given a moment: a request may be on its way."""
        self.patience = min(self.patience, max(0.0, deadline - time.monotonic()))

    def _watch(self, conn: Connection, event: int) -> None:
        self.open[conn] = None
        self.poller.register(conn.sock, event, partial(self._on_event, conn, event))

    def _unwatch(self, conn: Connection) -> None:
        if conn in self.open:
            del self.open[conn]
            self.poller.unregister(conn.sock)

    def _on_event(self, conn: Connection, event: int, _line: Any) -> None:
        if event == selectors.EVENT_WRITE:
            self._on_writable(conn)
        else:
            self._on_readable(conn)

    def _on_readable(self, conn: Connection) -> None:
        data = conn.sock.receive()
        if data is None:
            return
        if not data or not conn.stays:
            if not data:
                self._drop(conn)
            return
        conn.heard_at = time.monotonic()
        if not conn.receipt.received:
            conn.begun_at = conn.heard_at
        try:
            whole = conn.receipt.take(data)
        except OSError:  # It cannot be kept; the others can.
            self._drop(conn)
            return
        if whole:
            self._unwatch(conn)
            self.enqueue_req(conn)
        elif conn.receipt.expects:
            conn.receipt.expects = False
            with contextlib.suppress(OSError):
                conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _on_writable(self, conn: Connection) -> None:
        try:
            conn.sock.flush()
        except OSError:
            self._drop(conn)
            return
        conn.heard_at = time.monotonic()
        if not conn.sock.waiting:
            self._unwatch(conn)
            self._go_on(conn)

    def _go_on(self, conn: Connection) -> None:
        try:
            whole = conn.stays and conn.begin_anew()
        except OSError:
            self._drop(conn)
            return
        if whole:
            self.enqueue_req(conn)
            return
        if not conn.stays:
            with contextlib.suppress(OSError):
                conn.sock.shutdown(socket.SHUT_WR)
            conn.heard_at = time.monotonic()
        self._watch(conn, selectors.EVENT_READ)

    def _drop(self, conn: Connection) -> None:
        self._unwatch(conn)
        self.nr_conns -= 1
        conn.receipt.close()
        conn.close()
