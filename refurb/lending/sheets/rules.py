"""What must hold of activity sheets."""

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.sheets.models import ActivitySheet


def sharing_organisations(actor: Actor) -> frozenset[int]:
    """The organisations for which somebody shares sheets."""
    return actor.organisations_for(Permission.RESERVATION_WRITE)


def may_share(actor: Actor) -> bool:
    """Whether somebody may share sheets: ours, or those of her own organisation."""
    return actor.everywhere(Permission.ITEM_WRITE) or bool(sharing_organisations(actor))


def may_change(actor: Actor, sheet: ActivitySheet) -> bool:
    """Whether somebody may correct or withdraw a sheet: whoever looks after the things, and the partner whose it is."""
    return actor.everywhere(Permission.ITEM_WRITE) or sheet.organisation_id in sharing_organisations(actor)


def check_change(actor: Actor, sheet: ActivitySheet) -> None:
    """Raise `Forbidden` for a sheet of somebody else's."""
    if not may_change(actor, sheet):
        raise Forbidden(permission=Permission.ITEM_WRITE.value)
