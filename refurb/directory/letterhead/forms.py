"""A form with one picture besides its fields, a logo or a griffe: drawn anew before the unit of work, kept while the rest is mended."""

import base64
import binascii
import os
from typing import Any

from flask import request

from refurb.directory.letterhead.logos import MOST_BYTES, LogoRefused
from refurb.kernel.deeds.apart import TooMuchWork, apart
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.web.forms import Form


class PictureForm(Form):
    """A form whose field `picture` is a file; once read it travels along, so that a browser that gives no file back loses nothing."""

    picture = "logo"

    def take_pictures(self) -> dict[str, Any]:
        """Read the file that was sent, or the picture that travelled along; what is wrong with it is told when the form is loaded."""
        if not hasattr(self, "_drawn"):
            self._wrong: Fault | None = None
            self._drawn: bytes | None = None
            try:
                self._drawn = self._read()
            except LogoRefused as refusal:
                self._wrong = Fault(refusal.code, **refusal.facts)
        return {}

    def load(self) -> dict[str, Any]:
        """The typed facts and the picture, None where none was sent; or `Invalid`, with every fault at once."""
        self.take_pictures()
        wrong = {self.picture: [self._wrong]} if self._wrong else {}
        try:
            facts = super().load()
        except Invalid as invalid:
            raise Invalid({**invalid.fields, **wrong}) from invalid
        if wrong:
            raise Invalid(wrong)
        return facts | {self.picture: self._drawn}

    @property
    def travelling(self) -> str:
        """The picture in base64, for the hidden field `_picture`; "" for none."""
        return base64.b64encode(self._drawn).decode() if request.method == "POST" and self._drawn else ""

    @property
    def picture_fault(self) -> str | None:
        """What is wrong with the file, in words."""
        found = [text for field_id, text in self.errors if field_id == f"f-{self.picture}"]
        return found[0] if found else None

    @property
    def errors(self) -> list[tuple[str | None, str]]:
        """As of any form; the picture is a field, too."""
        told = super().errors
        at = list(self.faults).index(self.picture) if self.picture in self.faults else None
        before = len(told) - sum(map(len, self.faults.values()))
        if at is not None:
            place = before + sum(len(each) for each in list(self.faults.values())[:at])
            told[place] = (f"f-{self.picture}", told[place][1])
        return told

    def _read(self) -> bytes | None:
        sent = request.files.get(self.picture)
        if sent is not None and sent.filename:
            length = sent.stream.seek(0, os.SEEK_END)
            if length > MOST_BYTES:
                raise LogoRefused("logo.too_large", most=MOST_BYTES // 1024, kib=-(-length // 1024))
            sent.stream.seek(0)
            return _drawn(sent.read())
        try:
            kept = base64.b64decode(request.form.get("_picture", ""), validate=True)
        except (binascii.Error, ValueError):
            return None
        return _drawn(kept) if kept else None


class GriffeForm(PictureForm):
    """The form of somebody who signs."""

    picture = "griffe"


def _drawn(content: bytes) -> bytes:
    try:
        drawn: bytes = apart("refurb.directory.letterhead.logos:drawn_logo", content)
    except TooMuchWork:
        raise LogoRefused("logo.too_much_work") from None
    return drawn
