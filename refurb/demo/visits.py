"""The visits of the demonstration: at the house for two years, so that one is over, and at every stop since the vans began; in bulk."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import insert, select

from refurb.demo.diary import Cast, Diary
from refurb.directory.rota.models import Passage
from refurb.directory.rota.words import PassageState
from refurb.directory.sites.models import FIRST
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.referrals.words import Situation
from refurb.visits.models import OpinionCount, Visit, VisitReason
from refurb.visits.words import USUAL, AgeBand, FirstTime, Gender, Motive, Opinion

WEEKDAYS = (1, 3)
"""Tuesdays and Thursdays: when somebody is at the house for this."""
AGES = {
    AgeBand.FROM_70: 30, AgeBand.FROM_60: 26, AgeBand.FROM_40: 19, AgeBand.FROM_25: 10, AgeBand.FROM_18: 6, AgeBand.FROM_12: 3,
    AgeBand.UNTOLD: 6,
}  # fmt: skip
WORKING = {Situation.EMPLOYED: 60, Situation.WORKLESS: 25, Situation.UNTOLD: 15}
MOTIVES = {**dict(zip(USUAL, (24, 20, 14, 12, 8, 7, 4, 3), strict=True)), Motive.HEALTH: 5, Motive.SAFETY: 4, Motive.AI: 2}
HEARD = {"Mairie, secrétaire": 30, "Bouche-à-oreille": 26, "Travailleur social": 12, "Affiche, bulletin": 12, "Internet": 5, "": 15}
OPINIONS = {Opinion.MUCH: 11, Opinion.SOME: 5, Opinion.LITTLE: 2, Opinion.NOT: 1, Opinion.DECLINED: 3}


def plan_visits(cast: Cast, diary: Diary) -> None:
    """Note in the diary when all of them are written, once the vans have passed."""
    diary.note(1, "17:40", partial(_visits, cast))


def _drawn(drawn: Random, weights: dict[Any, int]) -> Any:
    return drawn.choices(list(weights), list(weights.values()))[0]


def _days() -> Iterator[tuple[int, date, str]]:
    """Where and when, and who counts: by the key of the cast."""
    first = date(today().year - 1, 1, 1)
    for back in range((today() - first).days):
        day = first + timedelta(days=back)
        if day.weekday() in WEEKDAYS:
            yield FIRST, day, "desk"
    been = select(Passage.site_id, Passage.day).where(Passage.day < today(), Passage.state == PassageState.DONE)
    yield from ((row.site_id, row.day, "adviser") for row in db.session.execute(been.order_by(Passage.day, Passage.id)))


def _one(drawn: Random, site_id: int, day: date, counted_by: int) -> dict[str, Any]:
    age = _drawn(drawn, AGES)
    is_old = age in {AgeBand.FROM_70, AgeBand.FROM_60}
    return {
        "site_id": site_id, "day": day, "counted_by": counted_by, "entered_at": None, "age": age,
        "situation": Situation.RETIRED if is_old else Situation.STUDYING if age is AgeBand.FROM_12 else _drawn(drawn, WORKING),
        "gender": drawn.choice(list(Gender)), "heard": _drawn(drawn, HEARD), "sent": "",
        "first_time": _drawn(drawn, {FirstTime.FIRST: 35, FirstTime.AGAIN: 55, FirstTime.UNTOLD: 10}),
        "detour": _drawn(drawn, {"": 90, "L'imprimante 3D": 4, "Un prêt de matériel": 6}),
    }  # fmt: skip


def _visits(cast: Cast) -> None:
    drawn = Random(86)
    rows = [_one(drawn, site_id, day, cast.actors[who].id or 0) for site_id, day, who in _days() for _each in range(drawn.randint(2, 7))]
    numbers = db.session.scalars(insert(Visit).returning(Visit.id, sort_by_parameter_order=True), rows).all()
    reasons = [
        {"visit_id": number, "reason": reason}
        for number in numbers
        for reason in dict.fromkeys(_drawn(drawn, MOTIVES) for _each in range(drawn.choice((1, 1, 1, 2))))
    ]
    db.session.execute(insert(VisitReason), reasons)
    months = sorted({(row["site_id"], f"{row['day']:%Y-%m}") for row in rows})
    opinions = [
        {"site_id": site_id, "month": month, "answer": answer, "n": number}
        for site_id, month in months
        if site_id == FIRST
        for answer, number in {**OPINIONS, Opinion.ASKED: sum(OPINIONS.values())}.items()
    ]
    db.session.execute(insert(OpinionCount), opinions)
