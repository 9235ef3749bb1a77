"""What a browser sends to the counter besides text: a drawing and pictures, each read by itself, and what of it cannot be kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from refurb.documents.signatures import read_drawing
from refurb.kernel.deeds.facts import faults
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.web.fields import Wrong
from refurb.kernel.web.pictures import clean_picture
from refurb.kernel.web.redrawn import PictureRefused
from refurb.lending.counter.models import Pile
from refurb.lending.counter.shown import shown_pile

PHOTO = re.compile(r"p([0-9]{1,9})-([0-9]{1,9})")
MOST_PHOTOS = 6
"""At one press: each is drawn anew, which takes its time."""


@dataclass(frozen=True)
class Sent:
    """A drawing, and pictures by line and count, read before anything is held; with what cannot be kept, and why, None for the drawing."""

    drawing: bytes | None = None
    photos: Mapping[tuple[int, int], bytes] = field(default_factory=dict)
    refused: Mapping[tuple[int, int] | None, Refusal] = field(default_factory=dict)


def read_sent(typed: str, files: Mapping[str, FileStorage]) -> Sent:
    """What was sent, as the fields name it; what is refused takes nothing else with it."""
    drawing: bytes | None = None
    photos: dict[tuple[int, int], bytes] = {}
    refused: dict[tuple[int, int] | None, Refusal] = {}
    try:
        drawing = read_drawing(typed) if typed else None
    except Wrong as wrong:
        [fault] = faults(wrong.messages)
        refused[None] = Refusal(fault.code, **fault.facts)
    named = ((PHOTO.fullmatch(name), each) for name, each in files.items() if each.filename)
    for at, (line, count, each) in enumerate((int(found[1]), int(found[2]), each) for found, each in named if found):
        if at >= MOST_PHOTOS:
            refused[line, count] = PictureRefused("counter.too_many_photos", most=MOST_PHOTOS)
            continue
        try:
            photos[line, count] = clean_picture(each.read())
        except PictureRefused as refusal:
            refused[line, count] = refusal
    return Sent(drawing, photos, refused)


def not_kept(sent: Sent, pile: Pile | None) -> Refusal:
    """Why something that was sent is not kept: of pictures, which ones."""
    if None in sent.refused:
        return sent.refused[None]
    lines = shown_pile(pile).returning if pile is not None else ()
    names = [part.name for each in lines for part in each.counted if (each.row.id, part.key) in sent.refused]
    return PictureRefused("counter.photos_not_kept", names=", ".join(names), why=sentence(next(iter(sent.refused.values()))))
