"""One picture drawn anew through Pillow: small, upright, without all that a camera writes beside it. Loaded and run apart."""

import io
import struct
from typing import Any

from refurb.kernel.speech.errors import Refusal

LONGEST_SIDE = 1600
"""Pixels of a kept picture's longer side: enough to read a serial number on a label, a tenth of what a phone sends."""
MOST_PIXELS = 50_000_000
"""What a picture may claim to hold before anything is decoded: the largest cameras of phones, and no bomb."""
QUALITY = 82

_FORMATS = ("JPEG", "PNG", "WEBP")
# ISO 23008-12 (HEIF) and AV1: what telephones write when nobody asked for JPEG. Reading them asks for a codec that we do not ship.
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
# Pillow's decoders raise any of these on a file that lies about itself, besides its own word for a bomb.
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, struct.error)


class PictureRefused(Refusal):
    """What was sent is no picture that can be kept."""

    code = "picture.unreadable"
    status = 422


def redrawn_picture(content: bytes) -> bytes:
    """What `clean_picture` asks for; `PictureRefused` for what is no picture."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        raise PictureRefused("picture.heic")
    from PIL import Image  # noqa: PLC0415 - loaded where it is used

    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise PictureRefused("picture.too_many_pixels", most=MOST_PIXELS // 1_000_000, pixels=width * height // 1_000_000)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # A JPEG is decoded at a fraction of its size at once.
            return _redrawn(picture)
    except (*_UNREADABLE, Image.DecompressionBombError) as fault:
        raise PictureRefused from fault


def _redrawn(picture: Any) -> bytes:
    """The same pixels on a new sheet: nothing of what stood beside them comes along."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - loaded where it is used

    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    seen = upright.convert("RGBA")
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen.getchannel("A"))
    written = io.BytesIO()
    sheet.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
