"""What comes in about bags."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Many, Text, Word
from refurb.referrals.words import ACCESSORIES, Accessory


class BagFilled(Schema):
    """Which accessories are in the bag."""

    accessories = Many(
        Word(Accessory, labels=ACCESSORIES), _l("Dans le sac"), choices=lambda: [(each.value, ACCESSORIES[each]) for each in ACCESSORIES]
    )


class MachinePacked(Schema):
    """Which machine was put with the others."""

    code = Text(_l("Code de l'appareil"), required=True, max=120)
