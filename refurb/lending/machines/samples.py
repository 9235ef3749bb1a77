"""On whose hours at a machine the letters are looked at before their text is adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on, sample_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.wired import TextSample
from refurb.lending.machines.effects import slot_letter
from refurb.lending.machines.models import MachineSlot, WorkMachine
from refurb.lending.machines.texts import MACHINE_NEWS
from refurb.lending.models import Borrower

MOST = 20


def _records() -> list[tuple[int, str]]:
    query = select(MachineSlot.id, WorkMachine.name).join(MachineSlot.machine).join(Borrower, Borrower.id == MachineSlot.borrower_id)
    query = query.where(Borrower.email.is_not(None)).order_by(MachineSlot.id.desc())
    return [(number, name) for number, name in db.session.execute(query.limit(MOST))]


def _letters(record: int) -> list[Letter]:
    slot = db.session.get_one(MachineSlot, record)
    return [slot_letter(kind, slot, sample_link()) for kind in ("body", "out")]


MACHINE_SAMPLES = {MACHINE_NEWS.name: TextSample(needs=Permission.MACHINE_WRITE, records=_records, shown=letters_on(_letters))}
