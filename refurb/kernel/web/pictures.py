"""Pictures that people send: read with care, turned upright, made small, freed of all that a camera writes beside them, kept, shown."""

import base64
import binascii

from flask import Response

from refurb.kernel.deeds.files import fetch
from refurb.kernel.speech.errors import Refusal

# ISO 23008-12 (HEIF) and AV1: what telephones write when nobody asked for JPEG. Reading them asks for a codec that we do not ship.
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")


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
    from refurb.kernel.web import pixels  # noqa: PLC0415 - loaded where it is used

    try:
        return pixels.redrawn(content)
    except pixels.TooMany as fault:
        raise PictureRefused("picture.too_many_pixels", most=pixels.MOST // 1_000_000, pixels=fault.count // 1_000_000) from fault
    except pixels.UNREADABLE as fault:
        raise PictureRefused from fault


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
