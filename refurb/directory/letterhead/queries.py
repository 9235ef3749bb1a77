"""Looking up the letterhead: the version in force, the others, and who signs a kind of paper on a day."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from refurb.directory.letterhead.models import Letterhead, Signatory
from refurb.directory.letterhead.words import SignedPaper
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound


def full_address(street: str | None, postcode: str | None, commune: str | None) -> str | None:
    """An address in one line: « 12 rue de la Fiction, 86000 Poitiers »; None where no street is known."""
    if not street:
        return None
    return ", ".join(part for part in (street, " ".join(filter(None, (postcode, commune)))) if part)


def letterhead() -> Letterhead | None:
    """The version in force, if any was ever saved."""
    return db.session.scalar(select(Letterhead).order_by(Letterhead.number.desc()).limit(1))


def letterhead_version(number: int) -> Letterhead:
    """One version, whatever its age; `NotFound`."""
    found = db.session.scalar(select(Letterhead).where(Letterhead.number == number))
    if found is None:
        raise NotFound
    return found


def letterhead_versions(most: int = 50) -> list[Letterhead]:
    """The versions, newest first, with who signed in each."""
    query = select(Letterhead).options(selectinload(Letterhead.signatories)).order_by(Letterhead.number.desc()).limit(most)
    return list(db.session.scalars(query))


def is_logo(digest: str) -> bool:
    """Whether a stored file is, or ever was, the logo."""
    return db.session.scalar(select(Letterhead.id).where(Letterhead.logo == digest).limit(1)) is not None


def is_griffe(digest: str) -> bool:
    """Whether a stored file is, or ever was, a signatory's griffe."""
    return db.session.scalar(select(Signatory.id).where(Signatory.griffe == digest).limit(1)) is not None


_SIGNED = {
    SignedPaper.DONATION: Signatory.signs_donations,
    SignedPaper.ERASURE: Signatory.signs_erasures,
    SignedPaper.TAX: Signatory.signs_receipts,
}


def signatory_of(kind: str, on: date) -> Signatory | None:
    """Who signs this kind of paper (the letters its number begins with) on a day: the one who began last, if anybody is named."""
    current = letterhead()
    if current is None:
        return None
    column = _SIGNED[SignedPaper(kind)]
    query = (
        select(Signatory)
        .where(Signatory.letterhead_id == current.id, column, Signatory.since <= on)
        .where(Signatory.until.is_(None) | (Signatory.until >= on))
        .order_by(Signatory.since.desc(), Signatory.key.desc())
        .limit(1)
    )
    return db.session.scalar(query)
