"""Where the demonstration is: the workshop, and the fablab of the next town that lends; their weeks, and a day that is closed."""

from functools import partial

from refurb.demo.diary import Cast, Diary
from refurb.directory.agenda.actions import close_days, sum_of_planned
from refurb.directory.agenda.rules import span_to_close
from refurb.directory.sites.actions import add_site, correct_site
from refurb.directory.sites.models import FIRST, Site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.lending.items.actions import move_item

AT_THE_FABLAB = ("printer-1", "printer-2", "robots-3", "microbit-2", "mending-1", "mending-2")


def settle_places(cast: Cast) -> None:
    """Name the workshop and its week; open the fablab."""
    workshop = db.session.get_one(Site, FIRST)
    correct_site(
        SERVICE, workshop, name="Atelier de Poitiers", kind=SiteKind.WORKSHOP, address="12 rue de la Fiction", postcode="86000",
        commune="Poitiers", phone="0199003100", hours="Mo-Fr 08:30-12:30,13:30-18:00; Sa 09:00-12:30",
    )  # fmt: skip
    fablab = add_site(
        SERVICE, name="Fablab de Civray", kind=SiteKind.DESK, address="Pôle France Services, 2 place de l'Invention", postcode="86400",
        commune="Civray", phone="0199003160", hours="Tu 14:00-18:00; We 10:00-12:30,14:00-18:00; Th 14:00-18:00; Sa 10:00-12:30",
    )  # fmt: skip
    cast.sites["fablab"] = fablab


def plan_places(cast: Cast, diary: Diary) -> None:
    """Note in the diary what goes to the fablab, once it is there to be lent, and the stocktaking that closes the workshop."""
    diary.note(55, "17:40", partial(_equip, cast))
    diary.note(1, "17:50", partial(_close, cast, diary))


def _equip(cast: Cast) -> None:
    for key in AT_THE_FABLAB:
        move_item(cast.actors["coordinator"], cast.items[key], cast.sites["fablab"].id)


def _close(cast: Cast, diary: Diary) -> None:
    actor = cast.actors["coordinator"]
    for day, reason, site_id in (
        (diary.day(-15), "Inventaire", FIRST),
        (diary.day(-33), "Salle prise par la commune", cast.sites["fablab"].id),
    ):
        seen = sum_of_planned(actor, span_to_close(day, None, reason=reason, site_id=site_id))
        close_days(actor, first=day, reason=reason, site_id=site_id, seen=seen)
