"""On which days the vehicle comes to a place: read by the agenda, which knows of no rota else."""

from datetime import date

from sqlalchemy import bindparam, select

from refurb.directory.rota.models import Passage, RotaStop
from refurb.directory.rota.words import PassageState
from refurb.kernel.deeds.kept import kept
from refurb.kernel.deeds.reads import Read

_PASSAGES, _STOPS = Passage.__table__.c, RotaStop.__table__.c
_STOPPED_AT = Read(select(_STOPS.site_id).distinct())
_DAYS = Read(
    select(_PASSAGES.day).where(
        _PASSAGES.site_id == bindparam("site"), _PASSAGES.state.in_((PassageState.PLANNED, PassageState.DONE))
    )
)  # fmt: skip


def stop_ids() -> frozenset[int]:
    """The places that a rota serves, or served."""
    return kept("rota_stops", lambda: frozenset(row.site_id for row in _STOPPED_AT.all()))


def passage_days(site_id: int) -> frozenset[date] | None:
    """The days on which the vehicle comes to a stop, those that have passed among them; None for a place that no rota serves."""
    if site_id not in stop_ids():
        return None
    return kept(("passage_days", site_id), lambda: frozenset(row.day for row in _DAYS.all(site=site_id)))
