"""How long a donor's list of 1,000 machines takes, from its bytes to the last device with its code, its event and its words."""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from config.settings import Settings
from refurb import create_app
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import db
from tests.bench.service import CHECKOUT
from tests.support.story import lists, people, workshop

MODELS = (
    ("PC portable", "Dell Inc.", "Latitude 5490"),
    ("PC portable", "LENOVO", "ThinkPad T480s"),
    ("Unité centrale", "HP", "ProDesk 600 G3"),
    ("Écran", "iiyama", "ProLite XUB2493HS"),
)


def rows(count: int) -> list[tuple[str, ...]]:
    """So many different machines, as a donor writes them."""
    drawn = random.Random(2)
    return [
        (f"PC-{number:05d}", *drawn.choice(MODELS), f"{drawn.randrange(36**7):08X}{number:04d}", drawn.choice(("8 Go", "16 GB")), "256 Go")
        for number in range(count)
    ]


def import_s(count: int = 1000) -> float:
    """Seconds from a workbook's bytes to its devices: read, mapped, checked, confirmed, and written by the worker with progress."""
    content = lists.xlsx(*rows(count))
    with tempfile.TemporaryDirectory(prefix="refurb-bench-") as folder:
        environ = {"REFURB_HOME": folder, "REFURB_SECRET_KEY": "only to measure with, and long enough"}
        os.environ.update(environ)
        app = create_app(Settings.read(environ))
        subprocess.run([Path(sys.executable).parent / "refurb", "db", "upgrade"], check=True, cwd=CHECKOUT, stdout=subprocess.DEVNULL)
        with app.app_context():
            people.settle()
            donation = workshop.received({DeviceKind.PRINTER: 1})
            begun = time.perf_counter()
            lists.imported(donation, content, create_devices=True)
            taken = time.perf_counter() - begun
            made = db.session.scalar(select(func.count()).select_from(Device))
            if made != count + 1:
                raise RuntimeError(f"{made} devices of {count + 1}")
            return round(taken, 2)
