"""What comes in about bags."""

from collections.abc import Mapping

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Many, Number, Text, Word
from refurb.referrals.words import ACCESSORIES, Accessory


class BagFilled(Schema):
    """Which accessories are in the bag."""

    accessories = Many(
        Word(Accessory, labels=ACCESSORIES), _l("Dans le sac"), choices=lambda: [(each.value, ACCESSORIES[each]) for each in ACCESSORIES]
    )


BagCounted = Schema.from_dict({each.value: Number(ACCESSORIES[each], min=1, max=99) for each in Accessory}, name="BagCounted")
"""How many there are of each accessory in the bag."""


def numbers_told(facts: Mapping[str, int | None]) -> dict[Accessory, int]:
    """The numbers that were said."""
    return {each: number for each in Accessory if (number := facts.get(each.value))}


class MachinePacked(Schema):
    """Which machine was put with the others."""

    code = Text(_l("Code de l'appareil"), required=True, max=120)
