"""How long a backup and its restore take, and what writers wait meanwhile: `python -m tests.bench.keeping DEVICES MIB`, one JSON object."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final, Self

from flask import Flask

from refurb.keeping.actions import note_backup
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.bench import seed
from tests.bench.measure import say
from tests.bench.place import empty_place

MIB: Final = 2**20
A_SECOND: Final = 20


class SteadyWriter:
    """Writes so many deeds a second, and keeps how long each waited, in seconds."""

    def __init__(self, app: Flask) -> None:
        self.waits: list[float] = []
        self._app, self._over = app, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        with self._app.app_context():
            while not self._over.wait(1 / A_SECOND):
                begun = time.perf_counter()
                with unit_of_work():
                    note_backup(SERVICE, "refurb-20261129T021000Z.tar", 1)  # A row and an event, as most deeds write.
                self.waits.append(time.perf_counter() - begun)
            db.session.remove()


def _refurb(environ: dict[str, str], *arguments: str) -> tuple[float, str]:
    begun = time.perf_counter()
    command = [Path(sys.executable).parent / "refurb", *arguments]
    done = subprocess.run(command, env=os.environ | environ, check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - begun, done.stdout.strip()


def measure(devices: int, mib: int) -> dict[str, Any]:
    """The figures: seconds of a backup and of a restore, processes' starts included; the longest wait of a writer, in milliseconds."""
    with empty_place("sqlite") as place, tempfile.TemporaryDirectory(prefix="refurb-bench-") as elsewhere:
        home = Path(place.environ["REFURB_HOME"])
        with place.app.app_context():
            say(f"{devices} devices, {mib} MiB of files: writing")
            seed.fill(devices)
            for _ in range(mib):
                keep(os.urandom(MIB))
            db.session.remove()
        with SteadyWriter(place.app) as quiet:
            time.sleep(5)
        say("backing up")
        with SteadyWriter(place.app) as writer:
            backup_s, archive = _refurb(place.environ, "backup")
        say("restoring")
        restore_s, _ = _refurb({**place.environ, "REFURB_HOME": elsewhere}, "restore", archive, "--anyway")
        return {
            "devices": devices, "files_mib": mib, "database_mib": (home / "refurb.sqlite3").stat().st_size // MIB,
            "archive_mib": Path(archive).stat().st_size // MIB, "backup_s": round(backup_s, 1), "restore_s": round(restore_s, 1),
            "writes": len(writer.waits), "backup_write_wait_ms": round(max(writer.waits) * 1000),
            "quiet_write_wait_ms": round(max(quiet.waits) * 1000), "load": round(os.getloadavg()[0], 1),
        }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
