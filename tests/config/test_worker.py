"""`refurb worker`, a process of its own: it is seen at work, and ends well when it is told to stop."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest


def seen_at_work(database):
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT at FROM heartbeats").fetchone()[0]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_it_works_until_it_is_told_to_stop(database_url, tmp_path):
    environ = os.environ | {
        "REFURB_HOME": str(tmp_path / "home"),
        "REFURB_DATABASE_URL": database_url,
        "REFURB_SECRET_KEY": "only for the tests, and long enough",
    }
    process = subprocess.Popen([Path(sys.executable).parent / "refurb", "worker"], env=environ, stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + 120
        while not seen_at_work(database_url.removeprefix("sqlite:///")) and time.monotonic() < until and process.poll() is None:
            time.sleep(0.05)  # It loads the product first.
        assert seen_at_work(database_url.removeprefix("sqlite:///"))
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, told) == (0, b"")
