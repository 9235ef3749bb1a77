"""What is asked of Pillow, which stays unloaded until somebody sends a picture: redraw it, and see whether there is ink on it."""

import io
import struct

from PIL import Image, ImageOps

LONGEST_SIDE = 1600
"""Pixels of a kept picture's longer side: enough to read a serial number on a label, a tenth of what a phone sends."""
MOST = 50_000_000
"""Pixels that a picture may claim to hold before anything is decoded: the largest cameras of phones, and no bomb."""
MOST_DRAWN = 4_000_000
"""The same of a drawn signature."""
QUALITY = 82

_FORMATS = ("JPEG", "PNG", "WEBP")
# Greys from here to 255 are paper.
_PAPER_FROM = 200
# Pillow's decoders raise any of these on a file that lies about itself.
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, struct.error, Image.DecompressionBombError)


class TooMany(Exception):
    """A picture claims more pixels than are decoded: `count` of them."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def redrawn(content: bytes) -> bytes:
    """A JPEG, PNG or WebP as a JPEG in RGB, upright, `LONGEST_SIDE` at most, with nothing of what stood beside its pixels.

    Raises `TooMany`, or one of `UNREADABLE`.
    """
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        _check_size(picture, MOST)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # A JPEG is decoded at a fraction of its size at once.
        upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    seen = upright.convert("RGBA")
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen.getchannel("A"))
    written = io.BytesIO()
    sheet.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def has_ink(content: bytes) -> bool:
    """Whether something is drawn on a PNG, on white where it shows through. Raises `TooMany`, or one of `UNREADABLE`."""
    with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
        _check_size(picture, MOST_DRAWN)
        page = Image.new("RGBA", picture.size, "white")
        return sum(Image.alpha_composite(page, picture.convert("RGBA")).convert("L").histogram()[:_PAPER_FROM]) > 0


def _check_size(picture: Image.Image, most: int) -> None:
    count = picture.width * picture.height
    if count > most:
        raise TooMany(count)
