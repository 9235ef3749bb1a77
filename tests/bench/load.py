"""A light load: keep-alive connections over plain sockets, bounded in time or in number, every answer checked, cookies kept."""

import itertools
import re
import selectors
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

WARM_SECONDS = 0.2
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Figures:
    """Milliseconds of the median, of the 95th percentile and of the longest wait; answers per second; how many answers."""

    p50_ms: float
    p95_ms: float
    max_ms: float
    rps: float
    count: int


@dataclass
class Visitor:
    """Whoever asks, over as many connections as wanted: its headers, and the cookies that the answers set anew."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[bytes, bytes] = field(default_factory=dict)

    def keep(self, head: bytes) -> None:
        """Take the cookies of an answer's head."""
        self.cookies.update(_COOKIE.findall(head))

    def lines(self) -> bytes:
        """The header lines of a request."""
        lines = [f"{name}: {value}".encode() for name, value in self.headers.items()]
        if self.cookies:
            lines.append(b"Cookie: " + b"; ".join(name + b"=" + value for name, value in self.cookies.items()))
        return b"".join(line + b"\r\n" for line in lines)


@dataclass(frozen=True)
class Ask:
    """One request, and what its answer must hold to be the right one: a status and a word of its body."""

    visitor: Visitor
    path: str
    word: str
    method: str = "GET"
    body: bytes = b""
    statuses: tuple[int, ...] = (200,)

    def as_sent(self) -> bytes:
        """As it is sent just now."""
        begin = f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n".encode()
        length = f"Content-Length: {len(self.body)}\r\n".encode() if self.method != "GET" else b""
        return begin + self.visitor.lines() + length + b"\r\n" + self.body

    def check(self, head: bytes, body: bytes) -> None:
        """Raise unless this answers what was asked; keep its cookies."""
        status = int(head[9:12])
        if status not in self.statuses or self.word.encode() not in body:
            raise RuntimeError(f"{self.path} answered {status} without « {self.word} »: {body[:400]!r}")
        self.visitor.keep(head)


@dataclass
class _Connection:
    socket: socket.socket
    sent_at: float = 0.0
    asked: Ask | None = None
    buffer: bytearray = field(default_factory=bytearray)

    def send(self, ask: Ask) -> None:
        """Ask, and note when."""
        self.asked, self.sent_at = ask, time.perf_counter()
        self.socket.sendall(ask.as_sent())

    def receive(self) -> bool:
        """Take what has come; whether the answer is all here and was the right one."""
        received = self.socket.recv(262_144)
        if not received:
            raise RuntimeError("the server hung up")
        self.buffer += received
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self.buffer[: end + 2])
        found = _LENGTH.search(head)
        if found is None:
            raise RuntimeError(f"an answer without its length: {head[:200]!r}")
        whole = end + 4 + int(found[1])
        if len(self.buffer) < whole:
            return False
        assert self.asked is not None
        self.asked.check(head, bytes(self.buffer[end + 4 : whole]))
        del self.buffer[:whole]
        return True


def run(port: int, asks: Sequence[Ask], connections: int, seconds: float, warm: float = WARM_SECONDS) -> Figures:
    """Ask in turn over so many connections for so long; what is answered while warming up does not count, but is checked."""
    return _measured(port, itertools.cycle(asks), connections, warm, seconds)


def run_once(port: int, asks: Sequence[Ask], connections: int) -> Figures:
    """Ask each once, over so many connections."""
    return _measured(port, iter(asks), connections, 0.0, float("inf"))


def _measured(port: int, turns: Iterator[Ask], connections: int, warm: float, seconds: float) -> Figures:
    counted_from = time.perf_counter() + warm
    waits: list[float] = []
    last = counted_from
    with selectors.DefaultSelector() as selector:
        for ask in itertools.islice(turns, connections):
            each = _Connection(socket.create_connection(("127.0.0.1", port)))
            each.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(each.socket, selectors.EVENT_READ, each)
            each.send(ask)
        while selector.get_map():
            for key, _events in selector.select(60):
                each = key.data
                if not each.receive():
                    continue
                now = time.perf_counter()
                if now >= counted_from and each.sent_at >= counted_from - warm:
                    waits.append(now - each.sent_at)
                    last = now
                following = next(turns, None) if now < counted_from + seconds else None
                if following is None:
                    selector.unregister(each.socket)
                    each.socket.close()
                else:
                    each.send(following)
    return _figures(waits, last - counted_from)


def _figures(waits: list[float], seconds: float) -> Figures:
    if len(waits) < 2:
        waits = [*waits, *waits]
    if not waits:
        raise RuntimeError("too few answers to measure")
    cuts = statistics.quantiles(waits, n=20)
    milliseconds = [round(each * 1000, 2) for each in (statistics.median(waits), cuts[18], max(waits))]
    return Figures(*milliseconds, rps=round(len(waits) / seconds, 1), count=len(waits))
