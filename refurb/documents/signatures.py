"""A signature drawn on a screen: read from what the page sends, checked to be a picture with ink on it, and kept."""

import base64
import binascii
from io import BytesIO
from typing import Any

from refurb.kernel.deeds.files import keep
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
