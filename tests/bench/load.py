"""A light load: keep-alive connections over plain sockets, bounded in time, counting whole answers."""

import itertools
import selectors
import socket
import statistics
import time
from dataclasses import dataclass, field

WARM_SECONDS = 0.3


@dataclass(frozen=True)
class Figures:
    """Milliseconds of the median and the 95th percentile, and answers per second."""

    p50_ms: float
    p95_ms: float
    rps: float


def request(path: str, headers: dict[str, str], method: str = "GET", body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: keep-alive"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class _Connection:
    socket: socket.socket
    sent_at: float = 0.0
    buffer: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        """Ask, and note when."""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what has come; whether the answer is all here."""
        received = self.socket.recv(262_144)
        if not received:
            raise RuntimeError("the server hung up")
        self.buffer += received
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self.buffer[:end]).lower()
        if not head.startswith(b"http/1.1 200 "):
            raise RuntimeError(f"answered {head[:200]!r}")
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(self.buffer) < end + 4 + length:
            return False
        del self.buffer[: end + 4 + length]
        return True


def run(port: int, requests: list[bytes], connections: int, seconds: float) -> Figures:
    """Send the requests in turn over so many connections for so long; an answer that is not 200 is an error."""
    turns = itertools.cycle(requests)
    counted_from = time.perf_counter() + WARM_SECONDS
    waits: list[float] = []
    with selectors.DefaultSelector() as selector:
        opened = [_Connection(socket.create_connection(("127.0.0.1", port))) for _ in range(connections)]
        for each in opened:
            each.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(each.socket, selectors.EVENT_READ, each)
            each.send(next(turns))
        while (now := time.perf_counter()) < counted_from + seconds:
            for key, _events in selector.select(0.5):
                each = key.data
                if each.receive():
                    now = time.perf_counter()
                    if now >= counted_from:
                        waits.append(now - each.sent_at)
                    each.send(next(turns))
        for each in opened:
            each.socket.close()
    if len(waits) < 2:
        raise RuntimeError("too few answers to measure")
    cuts = statistics.quantiles(waits, n=20)
    return Figures(round(statistics.median(waits) * 1000, 2), round(cuts[18] * 1000, 2), round(len(waits) / (now - counted_from), 1))
