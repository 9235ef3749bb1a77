"""Save the letterhead, name who signs, bring a version back: each is a new version, and nothing that was saved is changed."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from refurb.directory.letterhead.models import Letterhead, Signatory
from refurb.directory.letterhead.queries import full_address, letterhead, letterhead_version
from refurb.directory.letterhead.words import PUBLIC_FORMS, LegalForm
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, NotFound

FIELDS = (
    "name", "short_name", "legal_form", "siret", "rna", "street", "postcode", "commune", "email", "phone", "dpo_name", "dpo_email",
    "dpo_address", "publisher", "host", "logo", "accent",
)  # fmt: skip
_OF_SIGNATORY = ("key", "name", "function", "griffe", "since", "until", "signs_donations", "signs_erasures", "signs_receipts")


class LetterheadChanged(Conflict):
    """Somebody saved a version since the page was opened."""

    code = "letterhead.changed"


class NoLetterhead(Conflict):
    """Nobody signs for a territory whose name was not saved yet."""

    code = "letterhead.missing"


class AlreadyInForce(Conflict):
    """The version to bring back is the one in force."""

    code = "letterhead.in_force"


def save_letterhead(actor: Actor, *, seen: int, logo: bytes | None = None, logo_removed: bool = False, **facts: Any) -> Letterhead:
    """Save what the territory shows of itself as a new version, in force at once.

    `seen` is the number of the version that whoever typed had before the eyes, 0 for none; `logo` a new PNG, the one in force where there
    is none; `facts` those of `LetterheadFacts`. Raises `LetterheadChanged`.
    """
    current = _begin(actor, seen)
    kept = keep(logo) if logo else None if logo_removed or current is None else current.logo
    version = _version(actor, {**facts, "logo": kept}, current.signatories if current else ())
    _record(version, current, "letterhead_saved", actor)
    return version


def name_signatory(
    actor: Actor,
    *,
    seen: int,
    key: int | None = None,
    griffe: bytes | None = None,
    griffe_removed: bool = False,
    **facts: Any,
) -> Letterhead:
    """Name somebody who signs, or say otherwise of the one with this key; `facts` are those of `SignatoryFacts`.

    Raises `NoLetterhead`, `LetterheadChanged`, and `NotFound` for a key that nobody has.
    """
    current = _in_force(actor, seen)
    before = next((each for each in current.signatories if each.key == key), None)
    if key is not None and before is None:
        raise NotFound
    kept = keep(griffe) if griffe else None if griffe_removed or before is None else before.griffe
    told = Signatory(key=before.key if before else _next_key(), griffe=kept, **facts)
    version = _version(actor, _facts(current), [*(each for each in current.signatories if each is not before), told])
    _record(version, current, "letterhead_saved", actor)
    return version


def restore_letterhead(actor: Actor, number: int, *, seen: int) -> Letterhead:
    """Bring a former version back as a new one. Raises `AlreadyInForce`, `LetterheadChanged`, `NotFound`."""
    current = _in_force(actor, seen)
    former = letterhead_version(number)
    if former.number == current.number:
        raise AlreadyInForce
    version = _version(actor, _facts(former), former.signatories, restored_from=former.number)
    _record(version, current, "letterhead_restored", actor)
    return version


def what_changed(version: Letterhead, before: Letterhead | None) -> list[str]:
    """The names of the columns in which a version differs from the one before it, and `signatories`."""
    if before is None:
        return []
    changed = [name for name in FIELDS if getattr(version, name) != getattr(before, name)]
    return [*changed, "signatories"] if _told(version.signatories) != _told(before.signatories) else changed


def _begin(actor: Actor, seen: int) -> Letterhead | None:
    check(actor, Permission.SETTINGS_WRITE)
    home = db.session.scalar(select(Organisation).where(Organisation.is_home))
    if home is None:
        raise NotFound
    lock(home)  # Of all who save at once, one is first; the others read its version.
    current = letterhead()
    if (current.number if current else 0) != seen:
        raise LetterheadChanged
    return current


def _in_force(actor: Actor, seen: int) -> Letterhead:
    current = _begin(actor, seen)
    if current is None:
        raise NoLetterhead
    return current


def _next_key() -> int:
    return (db.session.scalar(select(func.max(Signatory.key))) or 0) + 1


def _facts(version: Letterhead) -> dict[str, Any]:
    return {name: getattr(version, name) for name in FIELDS}


def _told(signatories: Iterable[Signatory]) -> list[tuple[Any, ...]]:
    return sorted(tuple(getattr(each, name) for name in _OF_SIGNATORY) for each in signatories)


def _version(actor: Actor, facts: dict[str, Any], signatories: Iterable[Signatory], *, restored_from: int | None = None) -> Letterhead:
    last = db.session.scalar(select(func.max(Letterhead.number))) or 0
    version = Letterhead(number=last + 1, saved_at=now(), saved_by=actor.id, restored_from=restored_from, **facts)
    version.signatories = [Signatory(**{name: getattr(each, name) for name in _OF_SIGNATORY}) for each in signatories]
    db.session.add(version)
    db.session.flush()
    _tell_directory(version)
    return version


def _tell_directory(version: Letterhead) -> None:
    """The directory knows the territory by the same facts, and whether it is a public body follows from its form."""
    home = db.session.scalars(select(Organisation).where(Organisation.is_home)).one()
    home.name, home.place, home.siret = version.short_name, version.commune, version.siret
    home.address = full_address(version.street, version.postcode, version.commune)
    home.email, home.phone = version.email, version.phone
    home.is_public_body = LegalForm(version.legal_form) in PUBLIC_FORMS
    home.search = fold(home.name, home.place, home.siren)


def _record(version: Letterhead, before: Letterhead | None, move: str, actor: Actor) -> None:
    record(version, move, actor, number=version.number, changed=what_changed(version, before), restored_from=version.restored_from)
