"""The point of the first day that our places are."""

from datetime import datetime

from sqlalchemy import func, select

from refurb.directory.sites.models import Site
from refurb.directory.sites.queries import open_sites
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.points import READY, TO_DO, UNDER_WAY, SetupPoint, button_of
from refurb.kernel.speech.words import _, _l


def sites_point() -> SetupPoint:
    """Ready when each of our places has its opening hours; the vehicle and its stops have those of the rota."""
    there = [each for each in open_sites() if each.kind not in (SiteKind.VAN, SiteKind.STOP)]
    silent = [each.name for each in there if each.week is None]
    look = READY if not silent else TO_DO if len(silent) == len(there) else UNDER_WAY
    names = ", ".join(each.name for each in there)
    return SetupPoint(
        key="sites",
        title=_l("Lieux, horaires et fermetures"),
        icon="calendar-days",
        look=look,
        now=_("Horaires à dire : %(names)s", names=", ".join(silent)) if silent else names,
        opens=_l("les rendez-vous, les dates de retour, les tournées."),
        call=_l("Dire quand vous êtes ouverts"),
        endpoint="sites.site_list",
        button=button_of(look),
        minutes=5,
        allows=_l("Proposer des rendez-vous et des dates de retour aux heures où quelqu'un est là"),
        lacks=_l("Des dates de retour sûres : personne n'a dit quand vous êtes ouverts"),
        since=None if silent else _told_at(),
    )


def _told_at() -> datetime | None:
    """When the last place was entered or corrected; read from the history, since a place keeps no date of its own."""
    return db.session.scalar(select(func.max(Event.at)).where(Event.subject_kind == Site.KIND, Event.move.in_(("entered", "corrected"))))
