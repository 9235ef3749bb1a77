"""Move, cancel and take back single passages, and add one besides the rule; what is done by hand stays when the rule changes."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from refurb.directory.rota.at_stops import come_again, move_on
from refurb.directory.rota.models import OdometerReading, Passage, RotaStop
from refurb.directory.rota.rules import ReplacementTaken, nobody_comes_yet, nobody_waits_elsewhere, passage_on
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.words import PassageState
from refurb.directory.sites.models import Site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.kernel.speech.words import _


def hours_in_order(opens: int, closes: int) -> None:
    """It ends after it begins. Raises `Invalid`."""
    if closes <= opens:
        raise Invalid({"closes": [Fault("rota.hours_reversed")]})


def add_passage(actor: Actor, stop: RotaStop, *, day: date, opens: int, closes: int, why: str | None = None) -> Passage:
    """A passage besides the rule, at a stop that is served."""
    check(actor, Permission.ROTA_WRITE)
    lock(stop.rota)
    hours_in_order(opens, closes)
    made = _on_another_day(actor, stop.rota_id, stop.site_id, day, opens, closes)
    made.why = why
    record(made, "added", actor, day=day)
    come_again(actor, [(made.site_id, made.day)])
    return made


def _on_another_day(actor: Actor, rota_id: int, site_id: int, day: date, opens: int, closes: int) -> Passage:
    """A row by hand, in the place of one that was cancelled on that day."""
    nobody_comes_yet(site_id, day)
    nobody_waits_elsewhere(rota_id, site_id, day, opens, closes)
    made = passage_on(site_id, day)
    if made is None:
        made = Passage(rota_id=rota_id, site_id=site_id, day=day, opens=opens, closes=closes, by_hand=True)
        db.session.add(made)
        db.session.flush()
        return made
    made.opens, made.closes = opens, closes
    passage_machine.fire(made, "reinstate", actor)
    return made


@passage_machine.does("move")
def _move(passage: Passage, actor: Actor, facts: dict[str, Any]) -> None:
    """Whoever is expected moves on: to the new day where that comes next, as whatever follows a rule."""
    opens = passage.opens if facts["opens"] is None else facts["opens"]
    closes = passage.closes if facts["closes"] is None else facts["closes"]
    hours_in_order(opens, closes)
    made = _on_another_day(actor, passage.rota_id, passage.site_id, facts["day"], opens, closes)
    record(made, "added", actor, instead_of=passage.id)
    passage.moved_to, passage.why, passage.by_hand = facts["day"], facts["why"], True


@passage_machine.does("cancel")
def _cancel(passage: Passage, _actor: Actor, facts: dict[str, Any]) -> None:
    passage.why, passage.by_hand = facts["why"], True


@passage_machine.does("reinstate")
def _reinstate(passage: Passage, _actor: Actor, facts: dict[str, Any]) -> None:
    """By hand, it stays. What replaced it must not have taken place."""
    if passage.moved_to is not None:
        made = passage_on(passage.site_id, passage.moved_to)
        if made is None or made.state is not PassageState.PLANNED:
            raise ReplacementTaken
        facts["replaced_by"] = made.id
        passage.moved_to = None
    passage.why, passage.by_hand = None, True


def _follow(passage: Passage, row: Move[Any], actor: Actor, facts: dict[str, Any]) -> None:
    """Once it does not take place, what is due at it moves to the next one; once it does, that is told, and what replaced it does not."""
    if row.target in {PassageState.MOVED, PassageState.CANCELLED}:
        move_on(actor, [(passage.site_id, passage.day)])
    if row.name == "reinstate":
        come_again(actor, [(passage.site_id, passage.day)])
    if "replaced_by" in facts:
        passage_machine.fire(db.session.get_one(Passage, facts["replaced_by"]), "cancel", actor, why=_("Le passage d'origine est rétabli."))


passage_machine.followers.append(_follow)


def read_odometer(
    actor: Actor, vehicle: Site, *, day: date, kilometres: int, upkeep: str | None = None, again_on: date | None = None
) -> OdometerReading:
    """Note what the counter of a vehicle shows, and what was done to it. Raises `Invalid` where it showed more before, or less after."""
    check(actor, Permission.ROTA_WRITE)
    if vehicle.kind is not SiteKind.VAN:
        raise NotFound
    lock(vehicle)
    _counts_up(vehicle.id, day, kilometres)
    row = OdometerReading(site_id=vehicle.id, day=day, kilometres=kilometres, upkeep=upkeep, again_on=again_on, entered_at=now())
    db.session.add(row)
    record(row, "read", actor, day=day, kilometres=kilometres)
    return row


def _counts_up(site_id: int, day: date, kilometres: int) -> None:
    around = select(func.max(OdometerReading.kilometres)).where(OdometerReading.site_id == site_id, OdometerReading.day < day)
    before = db.session.scalar(around)
    later = select(func.min(OdometerReading.kilometres)).where(OdometerReading.site_id == site_id, OdometerReading.day > day)
    after = db.session.scalar(later)
    if before is not None and kilometres < before:
        raise Invalid({"kilometres": [Fault("vehicle.counts_up", before=before)]})
    if after is not None and kilometres > after:
        raise Invalid({"kilometres": [Fault("vehicle.counts_up_later", after=after)]})
