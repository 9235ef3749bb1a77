"""An SMS provider on loopback: a real HTTP server that takes messages, or answers as the worst of them do."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TAKEN = json.dumps({"status": 100, "creditLeft": "1987", "SmsIds": ["10867690"]})
REFUSED = json.dumps({"status": 201, "message": "Missing message"})


@dataclass
class FakeProvider:
    """What it does with a request. `manner`: `answer` (with `status` and `text`), `never`, `cut` (no answer at all), `drip`, `twice`."""

    manner: str = "answer"
    status: int = 200
    text: str = TAKEN
    asked: list[dict[str, Any]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}/sms/send"

    @property
    def messages(self) -> list[str]:
        """The texts that reached it, once for each request."""
        return [each["fields"].get("message") or each["fields"].get("content") for each in self.asked]


class _Handler(BaseHTTPRequestHandler):
    provider: FakeProvider

    def _take(self) -> None:
        provider = self.provider
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        query = urlsplit(self.path).query
        is_json = self.headers.get("Content-Type") == "application/json"
        fields = json.loads(body) if is_json else {name: each[0] for name, each in parse_qs(body or query).items()}
        provider.asked.append({"method": self.command, "path": urlsplit(self.path).path, "fields": fields, "headers": dict(self.headers)})
        if provider.manner == "cut":
            self.connection.close()
            return
        if provider.manner == "never":
            provider.over.wait(20)
            return
        self._answer(provider)

    def _answer(self, provider: FakeProvider) -> None:
        with suppress(OSError):
            text = provider.text.encode()
            self.wfile.write(f"HTTP/1.1 {provider.status} X\r\nLocation: /elsewhere\r\n".encode())
            self.wfile.write(f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n".encode())
            if provider.manner == "drip":
                for each in text:
                    self.wfile.write(bytes([each]))
                    self.wfile.flush()
                    if provider.over.wait(0.1):
                        return
            else:
                self.wfile.write(text)
            if provider.manner == "twice":
                self.wfile.write(f"HTTP/1.1 500 X\r\nContent-Length: 2\r\n\r\nno{provider.text}".encode())

    do_GET = do_POST = _take  # noqa: N815 - http.server's names

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


@contextmanager
def sms_provider(**manners: Any) -> Iterator[FakeProvider]:
    """A provider that answers well, or as it is told to; what it was asked stands in `asked`."""
    provider = FakeProvider(**manners)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": provider}))
    server.daemon_threads = True
    provider.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield provider
    finally:
        provider.over.set()
        server.shutdown()
        server.server_close()
