"""Invented lives, with names that stand nowhere else: what people do with us at which hour, and from when on nothing may tell of them."""

import datetime as dt
import random
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from sqlalchemy import Connection, inspect, text

from refurb.directory.durations import durations
from refurb.documents.models import SignatureWay
from refurb.documents.signatures import read_drawing
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch, kept_files
from refurb.kernel.deeds.terms import Months
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import local, now
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.loans.signing import sign_loan
from refurb.lending.models import Borrower
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.models import Referral
from tests.support.story import desk, families, people

SYLLABLES = ("zu", "qua", "xe", "vor", "gwi", "jhe", "wuk", "yop", "kze", "dlo")


@dataclass
class Life:
    """Somebody invented: the marks by which any trace is known, the last hour of contact, and how long after it all is forgotten."""

    kind: str
    marks: tuple[str, ...]
    last: dt.datetime
    span: str
    subject: tuple[str, int, str]
    frozen: bool = False

    def is_over(self) -> bool:
        """Whether the term is past, by a reckoning of its own: the calendar's, and a day more for the hour of the night."""
        span = getattr(durations(), self.span)
        if not isinstance(span, Months):
            return self.last + span < now()
        here, there = local(now()), local(self.last)
        months = (here.year - there.year) * 12 + here.month - there.month
        return months > span.count or (months == span.count and (here.day, here.time()) > (there.day, there.time()))


class Village:
    """People whose lives go on at hours of their own; `draw` is the chance by which everything is chosen."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.lives: list[Life] = []

    def mark(self) -> str:
        """A word that nobody else bears."""
        return "".join(self.draw.choice(SYLLABLES) for _each in range(5)).capitalize() + str(len(self.lives))

    def hour(self, first: dt.datetime) -> dt.datetime:
        """Some hour of the weeks after."""
        return first + dt.timedelta(minutes=self.draw.randrange(60 * 24 * 60))

    def family(self, begun: dt.datetime, end: str) -> None:
        """A family that is referred, and served, refused, withdrawn, or left as a draft."""
        first, last, told, place, secret = (self.mark() for _each in range(5))
        facts: dict[str, Any] = {"first_name": first, "last_name": last, "note": f"Note {told}", "email": f"{secret}@exemple.fr".lower()}
        facts["phone"] = None
        with clock.at(begun):
            if end == "draft":
                referral = families.draft(**facts)
            elif end == "served":
                referral = self._serve(facts, place)
            else:
                referral = families.submitted(**facts)
                if end == "refused":
                    families.fire(referral, "ask", question=f"Est-ce {told} ?")
                    families.fire(referral, "answer", people.actor(Role.PRESCRIBER), answer=f"Oui {place}")
                    families.fire(referral, "refuse", reason="no_answer")
                else:
                    families.fire(referral, "withdraw", people.actor(Role.PRESCRIBER))
            last_hour = now()
        span = {"served": "served", "draft": "drafts"}.get(end, "unserved")
        marks = (first, last, told, place, secret)
        self.lives.append(Life(end, marks, last_hour, span, (Referral.KIND, referral.id, referral.reference)))

    def _serve(self, facts: dict[str, Any], place: str) -> Referral:
        allocation = families.allocated(**facts)
        with unit_of_work():
            coordinator = people.actor(Role.COORDINATOR)
            hand_over(coordinator, allocation, place=f"Chez {place}", signature_kind="drawn", signature=families.drawing())
        return allocation.referral

    def borrower(self, begun: dt.datetime, end: str) -> None:
        """Somebody who borrows, brings back or not, and may owe."""
        name, secret, told = (self.mark() for _each in range(3))
        with clock.at(begun):
            with unit_of_work():
                who = register_borrower(people.actor(Role.DESK), name=name, is_adult=True, email=f"{secret}@exemple.fr".lower())
            last_hour = now()
            if end != "card":
                item = desk.kit(f"Malle {len(self.lives)}")
                with unit_of_work():
                    loan = lend(people.actor(Role.DESK), who, [Departure(item, desk.all_there(item.components))], on_paper=True)
                with unit_of_work():
                    sign_loan(people.actor(Role.DESK), loan, way=SignatureWay.DRAWN, signature=read_drawing(families.drawing()))
        if end == "returned":
            with clock.at(begun + dt.timedelta(days=5)), unit_of_work():
                (line,) = loan.lines
                take_back(people.actor(Role.DESK), line, desk.all_there(line.counts), note=f"Rendu par {told}")
            last_hour = begun + dt.timedelta(days=5)
        marks = (name, secret, told)
        self.lives.append(Life(end, marks, last_hour, "borrower", (Borrower.KIND, who.id, who.code)))


def raw_text(connection: Connection) -> str:
    """Every value of every table, as text."""
    said = []
    for name in inspect(connection).get_table_names():
        rows = connection.execute(text(f'SELECT * FROM "{name}"'))
        said += [str(value) for row in rows for value in row if value is not None]
    return "\n".join(said).lower()


def everything() -> str:
    """All that any table says."""
    with db.engine.connect() as connection:
        return raw_text(connection)


def bytes_of_disk() -> bytes:
    """On SQLite, the file of the database and what lies beside it, byte for byte: what is erased is overwritten; elsewhere nothing."""
    if db.engine.dialect.name != "sqlite":
        return b""
    file = Path(str(db.engine.url.database))
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


def texts_of_files() -> str:
    """What the stored PDFs say, and the other files as they are."""
    said = []
    for each in kept_files():
        content = fetch(each.digest)
        said.append("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages) if content.startswith(b"%PDF") else "")
    return "".join(said).replace("\n", "").replace(" ", "").lower()
