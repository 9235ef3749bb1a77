"""What the moves of a donation ask before it arrives: a question, its answer, a slot, why it is refused."""

from typing import Any

from marshmallow import Schema

from refurb.inventory.donations.queries.appointments import slots_with_room
from refurb.inventory.donations.slots import Slot
from refurb.inventory.words.donations import DONATION_REFUSALS, DonationRefusal
from refurb.inventory.words.slots import HALF_DAYS, WAYS, Way
from refurb.kernel.speech.words import _, _l, _n, day
from refurb.kernel.web.fields import LongText, Text, Word, Wrong


def offered_slots(site_id: int) -> list[tuple[str, str]]:
    """The half-days that have room at a place of ours, as a form offers them: « mardi 24 novembre 2026, le matin (2 places) »."""
    return [
        (
            room.slot.key,
            _(
                "%(day)s, %(half)s (%(room)s)",
                day=day(room.slot.day, "full"),
                half=str(HALF_DAYS[room.slot.half]),
                room=_n("%(num)s place", "%(num)s places", room.left),
            ),
        )
        for room in slots_with_room(site_id)
    ]


class SlotField(Text):
    """A half-day, written as in « 2026-11-24/morning »."""

    widget = "select"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return Slot.read(text)
        except ValueError:
            raise Wrong("field.choice") from None


class AppointmentFacts(Schema):
    """When the donation is fetched or brought, and where."""

    way = Word(Way, _l("Comment il arrive"), labels=WAYS, widget="radio", required=True)
    slot = SlotField(_l("Créneau"), required=True, max=20)
    place = Text(
        _l("Lieu"), max=300, private=True, help=_l("Laissé vide : l'adresse du donateur pour un enlèvement, la nôtre pour un dépôt.")
    )
    note = Text(_l("À savoir"), max=300, private=True, help=_l("Pour l'équipe : l'accès, le quai, le véhicule. Le donateur ne le lit pas."))


class DonorAsked(Schema):
    """What the coordination wants to know of the donor."""

    question = LongText(
        _l("Votre question"), required=True, max=1000, help=_l("Le donateur la lit telle quelle, avec un lien pour répondre.")
    )


class DonorAnswered(Schema):
    """What the donor answers."""

    answer = LongText(_l("Votre réponse"), required=True, max=2000)


class DonationRefused(Schema):
    """Why a donation is refused: the reason is told to the donor, the note is not."""

    reason = Word(DonationRefusal, _l("Motif"), labels=DONATION_REFUSALS, widget="radio", required=True)
    note = Text(_l("Précision pour l'équipe"), max=300, private=True, help=_l("Le donateur lit le motif, pas cette précision."))
