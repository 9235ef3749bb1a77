"""What comes in about ceremonies."""

from marshmallow import Schema, fields

from refurb.directory.sites.schemas import SitePick
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Many, Moment, Text, Tick
from refurb.referrals.cases.schemas import Signed


class Plan(Schema):
    """When and where."""

    title = Text(_l("Titre"), required=True, max=120)
    starts_at = Moment(_l("Date et heure"), required=True)
    place = Text(_l("Lieu"), required=True, max=160)
    site_id = SitePick(_l("De quel lieu partent les appareils"))


class Families(Schema):
    """Whose hand-overs take place there."""

    allocations = Many(fields.Integer(error_messages={"invalid": "field.choice"}), _l("Remises de ce jour"), sometimes=True)


class BegunToday(Schema):
    """That a ceremony begins on another day than the one it was planned for."""

    other_day = Tick(_l("Oui, elle a lieu aujourd'hui : les bons porteront cette date"))


class Called(Schema):
    """Why a ceremony is called off."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, help=_l("Les familles invitées redeviennent libres pour une autre date."))


__all__ = ["BegunToday", "Called", "Families", "Plan", "Signed"]
