"""Pictures that people send: read with care, turned upright, made small, freed of all that a camera writes beside them, kept, shown."""

import base64
import binascii

from flask import Response

from refurb.kernel.deeds.apart import TooMuchWork, apart
from refurb.kernel.deeds.files import fetch
from refurb.kernel.web.redrawn import PictureRefused


class Taken:
    """A picture that a form sent: cleaned when it came in, since that is done apart and before the unit of work; told when it is asked."""

    def __init__(self, content: bytes) -> None:
        try:
            self._cleaned: bytes | PictureRefused = clean_picture(content)
        except PictureRefused as refusal:
            self._cleaned = refusal

    def content(self) -> bytes:
        """The bytes to keep, or `PictureRefused`."""
        if isinstance(self._cleaned, PictureRefused):
            raise self._cleaned
        return self._cleaned


def clean_picture(content: bytes) -> bytes:
    """The picture as it is kept: JPEG in RGB, upright, 1600 pixels at most on its longer side, without EXIF, place, profile or comment.

    JPEG, PNG and WebP are read, apart: fifty million pixels in a hundred kilobytes take seconds and half a gigabyte. Raises
    `PictureRefused`: `picture.heic`, `picture.too_many_pixels`, `picture.too_much_work` or `picture.unreadable`.
    """
    try:
        redrawn: bytes = apart("refurb.kernel.web.redrawn:redrawn_picture", content)
    except TooMuchWork:
        raise PictureRefused("picture.too_much_work") from None
    return redrawn


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
