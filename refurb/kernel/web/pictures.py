"""Pictures that people send: read with care, turned upright, made small, freed of all that a camera writes beside them, kept, shown."""

import base64
import binascii
import io
import struct

from flask import Response
from PIL import Image, ImageOps

from refurb.kernel.deeds.files import fetch
from refurb.kernel.speech.errors import Refusal

LONGEST_SIDE = 1600
"""Pixels of a kept picture's longer side: enough to read a serial number on a label, a tenth of what a phone sends."""
MOST_PIXELS = 50_000_000
"""What a picture may claim to hold before anything is decoded: the largest cameras of phones, and no bomb."""
QUALITY = 82

_FORMATS = ("JPEG", "PNG", "WEBP")
# ISO 23008-12 (HEIF) and AV1: what telephones write when nobody asked for JPEG. Reading them asks for a codec that we do not ship.
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
# Pillow's decoders raise any of these on a file that lies about itself.
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, struct.error, Image.DecompressionBombError)


class PictureRefused(Refusal):
    """What was sent is no picture that can be kept."""

    code = "picture.unreadable"
    status = 422


def clean_picture(content: bytes) -> bytes:
    """The picture as it is kept: JPEG in RGB, upright, 1600 pixels at most on its longer side, without EXIF, place, profile or comment.

    JPEG, PNG and WebP are read. Raises `PictureRefused`: `picture.heic`, `picture.too_many_pixels` or `picture.unreadable`.
    """
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        raise PictureRefused("picture.heic")
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise PictureRefused("picture.too_many_pixels", most=MOST_PIXELS // 1_000_000, pixels=width * height // 1_000_000)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # A JPEG is decoded at a fraction of its size at once.
            return _redrawn(picture)
    except _UNREADABLE as fault:
        raise PictureRefused from fault


def _redrawn(picture: Image.Image) -> bytes:
    """The same pixels on a new sheet: nothing of what stood beside them comes along."""
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    seen = upright.convert("RGBA")
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen.getchannel("A"))
    written = io.BytesIO()
    sheet.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def from_base64(text: str) -> bytes:
    """The bytes of a picture sent in JSON, as base64 with or without a `data:` address before it; `PictureRefused` for anything else."""
    try:
        return base64.b64decode(text.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError) as fault:
        raise PictureRefused from fault


def picture_response(digest: str) -> Response:
    """Answer with a kept picture. The view has found it through a subject that the actor may see; no shared cache keeps it."""
    response = Response(fetch(digest), content_type="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
