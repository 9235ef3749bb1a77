"""The service under measure: its own processes, its own folder, a port of its own on loopback; what they cost and hold."""

import http.client
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

from refurb.kernel.deeds.access import Role
from tests.bench.load import Visitor
from tests.bench.seed import EMAIL, PASSWORD

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


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
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body=body, headers=headers or {})
        return connection.getresponse()

    def sign_in(self, role: Role) -> Visitor:
        """Somebody signed in."""
        visitor = Visitor({"Accept": "text/html"})
        answer = self._kept(visitor, self.get("/connexion"))
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
        assert found
        form = urllib.parse.urlencode({"csrf_token": found[1], "email": EMAIL[role], "password": PASSWORD})
        cookie = b"; ".join(name + b"=" + value for name, value in visitor.cookies.items()).decode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        answer = self._kept(visitor, self.get("/connexion", headers, "POST", form))
        assert answer.status == 303, answer.read()[:500]
        return visitor

    @staticmethod
    def _kept(visitor: Visitor, answer: http.client.HTTPResponse) -> http.client.HTTPResponse:
        visitor.keep("".join(f"\r\nSet-Cookie: {each}" for each in answer.headers.get_all("Set-Cookie", [])).encode())
        return answer

    def cpu_s(self) -> float:
        """Processor seconds of the server and all its processes so far, of those that have ended too."""
        return cpu_s(self.pid)

    def rss_mib(self) -> float:
        """Resident memory of the server and all its processes, in MiB; what several share counts once for each."""
        return round(sum(_kib(f"/proc/{pid}/status", "VmRSS") for pid in tree(self.pid)) / 1024, 1)

    def pss_mib(self) -> float:
        """The same where what is shared is divided among those who share it."""
        return round(sum(_kib(f"/proc/{pid}/smaps_rollup", "Pss") for pid in tree(self.pid)) / 1024, 1)

    def workers(self) -> int:
        """How many processes answer."""
        return max(1, len(tree(self.pid)) - 1)


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        text = "".join(each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return []
    return [pid, *(each for child in text.split() for each in tree(int(child)))]


def cpu_s(pid: int) -> float:
    """Processor seconds of a process and all below it: utime and stime, and those of the children that it has waited for."""
    total = 0
    for each in tree(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def _kib(path: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", Path(path).read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(application: str, environ: dict[str, str], path: str, workers: int | None = None) -> Iterator[Service]:
    """Start gunicorn with the product's own configuration and wait for `path` to answer; stop it at the end.

    `workers` asks for another number of processes than the configuration's.
    """
    port = free_port()
    ours = application == "config.wsgi:app"
    settings = ["--config", "config/gunicorn.conf.py" if ours else "tests/bench/bare_gunicorn.py"]
    command = [sys.executable, "-m", "gunicorn", *settings, *([] if ours else [application])]
    if workers is not None:
        environ = environ | {"WEB_CONCURRENCY": str(workers)}  # Not on the command line: the configuration loads otherwise for one.
    # A start is measured compiled, whatever the shell around it forbids.
    around = os.environ | environ | {"PORT": str(port), "PYTHONDONTWRITEBYTECODE": ""}
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=CHECKOUT, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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
