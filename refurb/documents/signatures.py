"""A signature drawn on a screen: read from what the page sends, checked to be a picture with ink on it, bound to what was shown, kept."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import request
from marshmallow import ValidationError

from refurb.kernel.deeds.files import keep
from refurb.kernel.speech.errors import Conflict, Fault
from refurb.kernel.web.fields import Text, Wrong

MOST_BYTES = 400_000
MOST_PIXELS = 4_000_000
# Greys from here to 255 are paper.
_PAPER_FROM = 200
_PREFIX = "data:image/png;base64,"


class Drawing(Text):
    """A signature as the page's canvas sends it, a PNG in a data address; loads as the PNG's bytes."""

    widget = "signature"

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, max=len(_PREFIX) + MOST_BYTES * 4 // 3 + 4, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return read_drawing(text) if text else None


def read_drawing(typed: str) -> bytes:
    """The PNG in a data address; `Wrong` when it is none, too large, or nothing is drawn on it."""
    if not typed.startswith(_PREFIX):
        raise Wrong("signature.unreadable")
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - loaded where it is used

    try:
        content = base64.b64decode(typed.removeprefix(_PREFIX), validate=True)
        with Image.open(BytesIO(content), formats=("PNG",)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Wrong("signature.unreadable")
            page = Image.new("RGBA", picture.size, "white")
            inked = sum(Image.alpha_composite(page, picture.convert("RGBA")).convert("L").histogram()[:_PAPER_FROM]) > 0
    except (binascii.Error, Image.DecompressionBombError, UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Wrong("signature.unreadable") from error
    if not inked:
        raise Wrong("signature.empty")
    return content


def keep_drawing(content: bytes | None) -> str | None:
    """Store a drawn signature, when there is one; its SHA-256."""
    return keep(content) if content else None


def check_bound(drawing: bytes | None, shown: str | None) -> None:
    """A drawing comes with the sum of the text under which it was made; `ValidationError` beside `signature` where it does not."""
    if drawing and not shown:
        raise ValidationError([Fault("signature.unbound")], "signature")


class SignatureVoid(Conflict):
    """What was signed is not what is about to be recorded: somebody or something changed after the drawing."""

    code = "signature.void"


@dataclass(frozen=True)
class Binding:
    """What a signature on a page stands for.

    `shown` is a sum of what the page says that no field of it holds: who, what, under which text. `covers` matches the names of the fields
    that the person who signs has before the eyes. The page sends `shown` back, and beside the drawing, as `signed_for`, what those fields
    said when it was drawn: JSON of `{"at": "14:07", "fields": [[name, value], …]}`. Without a script nothing can be drawn.
    """

    covers: str
    shown: str
    # Fields that may be changed by hand, each with the hidden one that says what it was when the page was drawn; asked without a script.
    as_drawn: tuple[tuple[str, str], ...] = ()

    @property
    def signed_at(self) -> str:
        """The time on the clock of the telephone at which was drawn, in words; "" when the page did not tell."""
        found = re.fullmatch(r"([0-2][0-9]):([0-5][0-9])", str(self._told().get("at", "")))
        return f"{int(found[1])}\u202fh\u202f{found[2]}" if found else ""

    @property
    def is_void(self) -> bool:
        """Whether the signature that was sent stands for something else than what was sent with it."""
        if not request.form.get("signature"):
            return False
        if request.form.get("shown") != self.shown:
            return True
        told = self._told().get("fields")
        if told is None:
            return any(request.form.get(field, "") != request.form.get(drawn, "") for field, drawn in self.as_drawn)
        return self._pairs(told) != self._pairs(request.form.items(multi=True))

    @property
    def kept(self) -> str:
        """What the page said when the signature that it keeps was drawn; "" when none is kept."""
        return "" if self.is_void else request.form.get("signed_for", "")

    def cleared(self, field: Any) -> Any:
        """The field of the drawing, emptied when it is void."""
        if self.is_void:
            field.value = ""
        return field

    def check(self) -> None:
        """Raise `SignatureVoid` when it is."""
        if self.is_void:
            raise SignatureVoid

    def _pairs(self, fields: Any) -> list[tuple[str, str]]:
        try:
            return sorted((str(name), str(value)) for name, value in fields if re.fullmatch(self.covers, str(name)))
        except (TypeError, ValueError):
            return []

    def _told(self) -> dict[str, Any]:
        try:
            told = json.loads(request.form.get("signed_for", "")[:20_000])
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}
