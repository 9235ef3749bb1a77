"""What the page of a device says of the records that look like it."""

from typing import Any

from refurb.inventory.duplicates.queries import LIKENESSES, alike
from refurb.kernel.deeds.access import Actor, Permission


def twins_of(actor: Actor, device_id: int) -> list[tuple[Any, str]]:
    """Each record that may be of the same machine, and what the two have in common; nothing for whoever may not join them."""
    if not actor.may(Permission.DEVICE_MERGE):
        return []
    likely = [(pair, ", ".join(str(LIKENESSES[each]) for each in pair.likenesses)) for pair in alike(device_id)]
    return [(pair.other if pair.one.id == device_id else pair.one, text[:1].upper() + text[1:]) for pair, text in likely]
