"""The service under measure: its own process, its own folder, a port of its own on loopback."""

import http.client
import http.cookies
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.seed import EMAIL, PASSWORD

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


@dataclass
class Service:
    """A running server."""

    port: int
    pid: int
    start_s: float

    def get(
        self, path: str, headers: dict[str, str] | None = None, method: str = "GET", body: str | None = None
    ) -> http.client.HTTPResponse:
        """One request on a connection of its own; the answer's body is still to be read."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body=body, headers=headers or {})
        return connection.getresponse()

    def sign_in(self) -> str:
        """The cookie of a signed-in session."""
        answer = self.get("/connexion")
        cookie = _cookie(answer)
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
        assert found
        form = urllib.parse.urlencode({"csrf_token": found[1], "email": EMAIL, "password": PASSWORD})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        answer = self.get("/connexion", headers, "POST", form)
        assert answer.status == 303, answer.read()[:500]
        return _cookie(answer)

    def rss_mib(self) -> float:
        """Resident memory of the server and all its processes, in MiB."""
        pids = [self.pid, *_children(self.pid)]
        return round(sum(_rss_kib(pid) for pid in pids) / 1024, 1)


def _cookie(answer: http.client.HTTPResponse) -> str:
    jar = http.cookies.SimpleCookie(answer.headers["Set-Cookie"] or "")
    return "; ".join(f"{name}={each.value}" for name, each in jar.items())


def _children(pid: int) -> list[int]:
    text = "".join(each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/children"))
    direct = [int(each) for each in text.split()]
    return [*direct, *(grandchild for child in direct for grandchild in _children(child))]


def _rss_kib(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found else 0


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(application: str, environ: dict[str, str], path: str) -> Iterator[Service]:
    """Start gunicorn with the product's own configuration and wait for `path` to answer; stop it at the end."""
    port = free_port()
    ours = application == "config.wsgi:app"
    settings = ["--config", "config/gunicorn.conf.py" if ours else "tests/bench/bare_gunicorn.py"]
    command = [sys.executable, "-m", "gunicorn", *settings, *([] if ours else [application])]
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=CHECKOUT, env=os.environ | environ | {"PORT": str(port)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        service = Service(port, process.pid, 0.0)
        while True:
            try:
                status = service.get(path).status
            except OSError:
                status = 0
            if status == 200:
                break
            if process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                raise RuntimeError(f"{application} did not start")
            time.sleep(0.02)
        service.start_s = round(time.perf_counter() - begun, 2)
        yield service
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
