"""The point of the first day that the letterhead is."""

from sqlalchemy import func, select

from refurb.directory.letterhead.models import Letterhead
from refurb.directory.queries import home
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.points import READY, TO_DO, UNDER_WAY, SetupPoint, button_of
from refurb.kernel.speech.words import _, _l


def letterhead_point() -> SetupPoint:
    """Ready when a version was saved that has an address and somebody who answers."""
    since = db.session.scalar(select(func.min(Letterhead.saved_at)))
    card = home()
    missing = [said for value, said in ((card.address, _("l'adresse")), (card.email or card.phone, _("comment vous joindre"))) if not value]
    look = TO_DO if since is None else UNDER_WAY if missing else READY
    known = ", ".join(filter(None, (card.full_name, card.address or card.place)))
    return SetupPoint(
        key="letterhead",
        title=_l("En-tête et coordonnées"),
        icon="landmark",
        look=look,
        now=_("%(known)s. Il manque : %(missing)s", known=known, missing=", ".join(missing)) if missing else known,
        opens=_l("les papiers numérotés à votre nom, la page des mentions légales."),
        call=_l("Dire qui vous êtes"),
        endpoint="letterhead.details",
        button=button_of(look),
        minutes=5,
        allows=_l("Établir des papiers numérotés à votre en-tête"),
        lacks=_l("Des papiers complets : il y manque vos coordonnées"),
        since=since,
    )
