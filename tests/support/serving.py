"""The service as people meet it: the product's own server on a port of its own, and the same installation opened in the test's process."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import update
from werkzeug.exceptions import HTTPException

from config.settings import Settings
from refurb import create_app
from refurb.accounts.models import OpenSession
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now

CHECKOUT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 60.0


@dataclass(frozen=True)
class Service:
    """A running service.

    `app` is the same installation in this process: for what a story makes beforehand, and for looking at what was written.
    """

    url: str
    app: Flask
    home: Path
    log: Path
    port: int

    def pattern(self, url: str) -> str | None:
        """The endpoint that answers an address of this service; None for an address that is not its own or is nothing."""
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != self.url:
            return None
        try:
            endpoint, _ = self.app.url_map.bind(parts.netloc).match(parts.path, method="GET")
        except HTTPException:
            return None
        return str(endpoint)

    def prove_sessions(self) -> None:
        """Have every open session proved, as if a second factor had been typed in each: what asks for one has tests of its own."""
        with self.app.app_context(), unit_of_work() as writing:
            writing.execute(update(OpenSession).where(OpenSession.proved.is_(False)).values(proved=True, proved_at=now()))

    def faults(self) -> list[str]:
        """What the service's log has of errors."""
        found = []
        for line in self.log.read_text(encoding="utf-8").splitlines():
            try:
                told = json.loads(line)
            except ValueError:
                found.append(line)
                continue
            if told.get("level") in {"error", "critical"}:
                found.append(str(told.get("exception") or told))
        return found


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    database_url: str, home: Path, prepare: Callable[[], None], smtp_port: int | None = None, *, host: str = "127.0.0.1", **changes: str
) -> Iterator[Service]:
    """Serve a database that has its tables, once it was prepared; the server is stopped at the end.

    `host`: by which name of this machine it is met; passkeys want one that is no number.
    """
    port = free_port()
    environ = {
        "REFURB_HOME": str(home),
        "REFURB_SECRET_KEY": "only for the tests, and long enough",
        "REFURB_DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgresql://"),
        "REFURB_BASE_URL": f"http://{host}:{port}",
        "REFURB_ARGON2_TIME": "1",
        "REFURB_ARGON2_MEMORY_KIB": "8",
        **({"REFURB_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}"} if smtp_port else {}),
        **{f"REFURB_{name.upper()}": value for name, value in changes.items()},
    }
    app = create_app(Settings.read(environ))
    with app.app_context():
        prepare()
    service = Service(environ["REFURB_BASE_URL"], app, home, home / "service.log", port)
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.conf.py"]
    with service.log.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | environ | {"PORT": str(port)}, stdout=log, stderr=log)
    try:
        _wait_for(service, port, process)
        yield service
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _wait_for(service: Service, port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError, http.client.HTTPException), closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/connexion")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.02)  # between two knocks on a door that nobody answers yet
    raise RuntimeError(f"the service did not start: {service.log.read_text(encoding='utf-8')[-4000:]}")
