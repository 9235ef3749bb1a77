"""The point of the first day that the people are who work here."""

from sqlalchemy import select

from refurb.accounts.invitations.models import Invitation
from refurb.accounts.models import Account
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.points import READY, TO_DO, UNDER_WAY, SetupPoint, button_of
from refurb.kernel.speech.words import _, _l, _n, day

MOST_COUNTED = 200
"""More than that is said as that many: nobody waits for a count here."""


def people_point() -> SetupPoint:
    """Ready when somebody else can sign in, so that nobody confirms her own work."""
    opened = db.session.scalars(select(Account.created_at).where(Account.is_active).order_by(Account.created_at).limit(MOST_COUNTED)).all()
    count, second = len(opened), opened[1] if len(opened) > 1 else None
    last = db.session.scalar(select(Invitation).where(*_WAITS).order_by(Invitation.sent_at.desc()).limit(1))
    look: Look = READY if second else UNDER_WAY if last else TO_DO
    return SetupPoint(
        key="people",
        title=_l("Personnes"),
        icon="user-plus",
        look=look,
        now=_now(count, last),
        opens=_l("le travail à plusieurs ; chaque geste garde son auteur."),
        call=_l("Inviter les personnes qui travaillent ici"),
        endpoint="people.people_list",
        button=button_of(look),
        minutes=5,
        allows=_l("Contrôler à deux : personne ne confirme son propre travail"),
        lacks=_l("Contrôler à deux : il faut une seconde personne"),
        since=second,
        waits=look is UNDER_WAY,
    )


_WAITS = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))


def _now(count: int, last: Invitation | None) -> str:
    if count > 1:
        return _n("%(num)s compte", "%(num)s comptes", count)
    if last is None:
        return _("Vous êtes la seule personne à pouvoir entrer")
    return _(
        "Vous êtes la seule personne à pouvoir entrer. L'invitation du %(day)s à %(name)s n'est pas encore acceptée",
        day=day(last.sent_at),
        name=last.name,
    )
