"""The first day: the points without which a territory does not work, the next one first, what works already and what does not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.points import SetupPoint
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.words import _, _l, _n
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.reporting.views.blueprint import blueprint

ALWAYS = (
    _l("Recevoir un don et imprimer ses étiquettes"),
    _l("Effacer, contrôler, déclarer prêt"),
)
"""What needs no point of the first day."""


def points_now() -> list[SetupPoint]:
    """Each point as it stands."""
    return [each for point in wired().points if (each := point()) is not None]


def next_point(points: Sequence[SetupPoint]) -> SetupPoint | None:
    """What is broken first, then what nobody else has to do, then what waits; None when the first day is over."""
    left = [each for each in points if each.is_open]
    return min(left, key=lambda each: (not each.is_broken, each.waits), default=None)


def all_ready_since(points: Sequence[SetupPoint]) -> datetime | None:
    """When the last of the points became ready, where all are and one remembers."""
    told = [each.since for each in points if each.since]
    return max(told, default=None) if not any(each.is_open for each in points) else None


@blueprint.get("/mise-en-route")
@requires(Permission.ACCOUNT_ADMIN)
def first_day(_actor: Actor) -> Response:
    """The list, whatever its state."""
    return first_day_page(points_now())


def first_day_page(points: Sequence[SetupPoint]) -> Response:
    """The page of the first day, also the administrator's home until it is over."""
    numbers = {each.key: number for number, each in enumerate(points, start=1)}
    return page(
        "reporting/first_day.html",
        points=points,
        numbers=numbers,
        next=next_point(points),
        lead=_lead(points),
        works=[*ALWAYS, *(each.allows for each in points if each.is_ready and each.allows)],
        not_yet=[(each.lacks, numbers[each.key]) for each in points if not each.is_ready and each.lacks],
        mailing=next((each for each in points if each.key == "mailing" and not each.is_ready), None),
    )


def _lead(points: Sequence[SetupPoint]) -> dict[str, Any]:
    """What stands under the title: how far one is and how long the rest takes, or since when all is ready."""
    left = [each for each in points if each.is_open]
    if not left:
        return {"ready": True, "since": all_ready_since(points)}
    ready = sum(1 for each in points if each.is_ready)
    minutes = sum(each.minutes for each in left)
    far = (
        _("Aucun point n'est encore prêt.")
        if not ready
        else _n("%(num)s point sur %(all)s est prêt.", "%(num)s points sur %(all)s sont prêts.", ready, all=len(points))
    )
    return {
        "ready": False,
        "text": f"{far} "
        + _n("Encore %(num)s minute environ.", "Encore %(num)s minutes environ, en plusieurs fois si vous voulez.", minutes),
    }
