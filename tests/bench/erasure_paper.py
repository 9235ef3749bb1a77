"""The papers of large donations, measured from the press to the stored PDF, in this process."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from config.settings import Settings
from refurb import create_app
from refurb.documents.models import PaperKind
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import ISSUERS
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.bench.service import CHECKOUT
from tests.support.story import evidence, gifts, people

DRIVES = 100
MACHINES = 200
# A log speaks of the drives of one bench.
AT_ONCE = 20


def papers_s() -> dict[str, float]:
    """Seconds from the press to numbered, sealed and stored papers, the best of three: a hundred drives; both papers of 200 machines."""
    return {
        "erasure_attestation_100_s": _of_donation(DRIVES, PaperKind.ERASURE),
        "donation_papers_200_s": _of_donation(MACHINES, PaperKind.ERASURE, PaperKind.DONATION),
    }


def _of_donation(count: int, *kinds: PaperKind) -> float:
    with tempfile.TemporaryDirectory(prefix="refurb-bench-") as folder:
        environ = {"REFURB_HOME": folder, "REFURB_SECRET_KEY": "only to measure with, and long enough"}
        os.environ.update(environ)
        app = create_app(Settings.read(environ))
        subprocess.run([Path(sys.executable).parent / "refurb", "db", "upgrade"], check=True, cwd=CHECKOUT, stdout=subprocess.DEVNULL)
        with app.app_context():
            people.settle()
            donation = gifts.received(count)
            serials = [f"WD-{number:06d}" for number in range(count)]
            gifts.read_drives(donation, *serials)
            for bench in range(0, count, AT_ONCE):
                evidence.wipe(*(evidence.Wipe(serial) for serial in serials[bench : bench + AT_ONCE]))
            number = donation.id
            return min(_once(number, kinds) for _ in range(3))


def _once(number: int, kinds: Sequence[PaperKind]) -> float:
    db.session.rollback()
    db.session.expunge_all()
    begun = time.perf_counter()
    with unit_of_work() as session:
        for kind in kinds:
            ISSUERS[kind](people.actor(Role.COORDINATOR), db.session.get_one(Donation, number))
        taken = time.perf_counter() - begun
        session.rollback()  # So that it can be measured again.
    return round(taken, 4)
