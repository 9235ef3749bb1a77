"""The pool of the demonstration, lived in for a year: loans at the desk and from vans; one renewed, asked back, given back elsewhere."""

from functools import partial

from sqlalchemy import select

from refurb.demo.diary import Cast, Diary
from refurb.demo.scribble import drawing
from refurb.directory.sites.models import FIRST, Site
from refurb.documents.signing import signing_for
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.debts.actions import hand_to_office
from refurb.lending.debts.queries import standing_of
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.loans.signing import accept_by_link, send_to_sign
from refurb.lending.recalls.actions import recall
from refurb.lending.recalls.queries import first_recall_day
from refurb.lending.renewals.actions import renew
from refurb.lending.suspensions.actions import suspend

BEFORE: tuple[tuple[str, str, int, int, str | None], ...] = (
    ("microbit-1", "couronneries", 238, 226, None), ("projector-2", "mediatheque", 229, 225, None), ("box-3", "dimitri", 215, 203, None),
    ("robots-1", "mediatheque", 205, 190, None), ("projector-2", "couronneries", 182, 179, None),
    ("robots-2", "couronneries", 170, 156, None), ("box-1", "aicha", 158, 145, None), ("mending-2", "mediatheque", 140, 128, None),
    ("robots-3", "mediatheque", 118, 104, None), ("microbit-1", "dimitri", 110, 98, None),
    ("mending-1", "couronneries", 88, 76, None), ("robots-1", "couronneries", 80, 66, None),
    ("box-1", "camille", 50, 40, "Blanzay"), ("box-2", "aicha", 48, 38, "Gençay"),
    ("robots-1", "mediatheque", 45, 33, "Chaunay"), ("microbit-1", "mediatheque", 40, 30, "Brux"),
    ("projector-2", "camille", 38, 35, None), ("robots-1", "couronneries", 28, 16, "Romagne"), ("microbit-1", "dimitri", 27, 15, None),
)  # fmt: skip
"""What left and came back in a year: the thing, who had it, how many working days ago it left and came, and the stop where it did."""


def plan_pool(cast: Cast, diary: Diary) -> None:
    """Note in the diary what went out and came back since the counter opened a year ago, and what is out of the ordinary today."""
    for key, borrower, out, back, stop in BEFORE:
        diary.note(out, "15:10", partial(_lend, cast, key, borrower, stop))
        diary.note(back, "16:20", partial(_back, cast, key))
    diary.note(30, "11:30", partial(_lend_by_letter, cast))
    diary.note(29, "19:10", partial(_accept, cast))
    diary.note(11, "10:50", partial(_renew, cast))
    diary.note(12, "14:20", partial(_lend, cast, "microbit-2", "dimitri", None))
    diary.note(5, "11:50", partial(_suspend, cast))
    diary.note(1, "14:50", partial(_back, cast, "microbit-2", elsewhere=True))
    diary.note(1, "15:30", partial(_recall, cast))
    diary.note(1, "15:45", partial(_hand, cast))


def _lend(cast: Cast, key: str, borrower: str, stop: str | None, *, drawn: bool = True) -> None:
    item = cast.items[key]
    handover = db.session.scalar(select(Site.id).where(Site.name.startswith(stop))) if stop else None
    counts = [{"component": each.id, "state": "complete"} for each in item.components]
    told = {"signature": drawing(key)} if drawn else {"on_paper": True}
    cast.loans[f"pool-{key}"] = lend(
        cast.actors["adviser" if stop else "desk"], cast.borrowers[borrower], [Departure(item, counts)], handover_id=handover, **told
    )


def _back(cast: Cast, key: str, *, elsewhere: bool = False) -> None:
    """It comes back whole, is looked at and is free again; given back elsewhere, it waits there."""
    desk, item = cast.actors["desk"], cast.items[key]
    for line in cast.loans[f"pool-{key}"].lines:
        counts = [{"component": each.id, "state": "complete"} for each in line.counts]
        take_back(desk, line, counts, site_id=FIRST if elsewhere else None)
    if item.state.is_to_check and not elsewhere:
        item_machine.fire(item, "check", desk)


def _lend_by_letter(cast: Cast) -> None:
    """The case of laptops leaves to somebody who signs at home."""
    desk = cast.actors["desk"]
    cast.borrowers["fanny"] = register_borrower(
        desk, name="Fanny Quintard", is_adult=True, phone="0639987140", email="fanny.quintard@courriel.example"
    )
    _lend(cast, "laptop-1", "fanny", None, drawn=False)
    send_to_sign(desk, cast.loans["pool-laptop-1"])


def _accept(cast: Cast) -> None:
    signing = signing_for(cast.loans["pool-laptop-1"])
    accept_by_link(signing, name=cast.borrowers["fanny"].name, signature=None, shown=signing.digest)


def _renew(cast: Cast) -> None:
    loan = cast.loans["pool-laptop-1"]
    renew(SERVICE, loan, until={loan.lines[0].id: None}, by_borrower=True)


def _recall(cast: Cast) -> None:
    line = cast.loans["pool-laptop-1"].lines[0]
    recall(cast.actors["desk"], line, due_on=first_recall_day(line), reason="Formation des bénévoles avancée d'une semaine.")


def _suspend(cast: Cast) -> None:
    suspend(cast.actors["desk"], cast.borrowers["dimitri"], reason="Trois retards depuis septembre, sans réponse au téléphone.")


def _hand(cast: Cast) -> None:
    """The finance office was told of what one person owes."""
    hand_to_office(cast.actors["desk"], [each.id for each in standing_of(cast.borrowers["camille"]).debts])
