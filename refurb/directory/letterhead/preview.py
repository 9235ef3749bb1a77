"""The head of a paper as it would look with what is in the form: nothing is saved for it, and what is wrong says « à corriger »."""

from dataclasses import dataclass

from flask import url_for

from refurb.directory.letterhead.forms import PictureForm
from refurb.directory.letterhead.models import Letterhead, Signatory
from refurb.directory.letterhead.queries import full_address, signatory_of
from refurb.directory.letterhead.words import SignedPaper
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.typography import NARROW
from refurb.kernel.speech.words import _


@dataclass(frozen=True)
class PaperHead:
    """The lines of a head; `logo` is the address of a picture or "" for our mark."""

    name: str
    lines: tuple[str, ...]
    logo: str
    signatory: Signatory | None


def preview_of(form: PictureForm, current: Letterhead | None) -> PaperHead:
    """What a paper issued with these words would begin with."""
    lines = [
        full_address(*(_told(form, name) or None for name in ("street", "postcode", "commune"))) or "",
        " · ".join(filter(None, (spell_phone(_told(form, "phone")), _told(form, "email")))),
        _registered(form),
    ]
    return PaperHead(
        _told(form, "name") or _("Votre nom complet"), tuple(filter(None, lines)), _logo(form, current),
        signatory_of(SignedPaper.DONATION, today()),
    )  # fmt: skip


def _told(form: PictureForm, name: str) -> str:
    return _("à corriger") if name in form.faults else str(form.field(name).value or "").strip()


def _registered(form: PictureForm) -> str:
    number = _told(form, "siret")
    if not number:
        return ""
    digits = "".join(number.split())
    spelt = NARROW.join((digits[:3], digits[3:6], digits[6:9], digits[9:])) if digits.isdecimal() else number
    return _("SIRET : %(number)s", number=spelt)


def _logo(form: PictureForm, current: Letterhead | None) -> str:
    if form.travelling:
        return f"data:image/png;base64,{form.travelling}"
    if current is None or current.logo is None or form.field("logo_removed").value:
        return ""
    return url_for("letterhead.logo", digest=current.logo)
