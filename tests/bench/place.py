"""Where a stock lies while it is measured: a new folder and a new database, made by the migrations, gone afterwards."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.settings import Settings
from refurb import create_app
from tests.bench.service import CHECKOUT
from tests.support.postgres import Cluster

ON_POSTGRES = "postgresql"


@dataclass(frozen=True)
class Place:
    """The environment of the service, the application on it, the database's process where it is one."""

    environ: dict[str, str]
    app: Any
    database: int | None


@contextmanager
def empty_place(database: str) -> Iterator[Place]:
    """A new folder and a new database (`sqlite` or `postgresql`), made by the migrations, gone afterwards."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="refurb-bench-"))
        environ = {"REFURB_HOME": folder, "REFURB_SECRET_KEY": "only to measure with, and long enough"}
        server = None
        if database == ON_POSTGRES:
            server = stack.enter_context(Cluster())
            environ["REFURB_DATABASE_URL"] = server.create_database("bench").replace("+psycopg", "")
            stack.callback(os.environ.pop, "REFURB_DATABASE_URL")
        os.environ.update(environ)
        app = create_app(Settings.read(os.environ))
        subprocess.run([Path(sys.executable).parent / "refurb", "db", "upgrade"], check=True, cwd=CHECKOUT, stdout=subprocess.DEVNULL)
        yield Place(environ, app, server.pid if server else None)
