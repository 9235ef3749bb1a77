"""The point of the first day that the organisations we work with are."""

from sqlalchemy import func, select

from refurb.directory.models import Organisation
from refurb.directory.organisations.queries import OrganisationFilter
from refurb.directory.words import Nature
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.points import READY, TO_DO, SetupPoint, button_of
from refurb.kernel.speech.words import _, _l, _n

MOST_COUNTED = 100
"""More than that is said as that many and more: nobody waits for a count here."""


def organisations_point() -> SetupPoint:
    """Ready when there is one organisation that refers families."""
    listed = select(Organisation.created_at).where(*OrganisationFilter(nature=Nature.PARTNER).conditions).limit(MOST_COUNTED)
    found = listed.subquery()
    count, since = db.session.execute(select(func.count(), func.min(found.c.created_at))).one()
    look = READY if count else TO_DO
    return SetupPoint(
        key="organisations",
        title=_l("Structures partenaires"),
        icon="building-2",
        look=look,
        now=_now(count),
        opens=_l("les orientations."),
        call=_l("Ajouter une première structure"),
        endpoint="organisations.organisation_list" if count else "organisations.add",
        button=button_of(look),
        minutes=5,
        allows=_l("Recevoir une orientation"),
        lacks=_l("Recevoir une orientation : il faut une structure"),
        since=since,
    )


def _now(count: int) -> str:
    if not count:
        return _("Aucune pour l'instant")
    return _n("%(num)s structure qui oriente", "%(num)s structures qui orientent", count)
