"""By what a household is known again: five texts in one normal form, of which the keyed hashes are kept and nothing else."""

import hashlib
import hmac

from refurb.kernel.deeds.keys import key_for
from refurb.kernel.speech.folding import fold, squeeze
from refurb.kernel.speech.sounds import sound
from refurb.kernel.speech.telephones import read_phone
from refurb.referrals.models import Beneficiary
from refurb.referrals.words import HashKind

_PURPOSE = "households"
_END_OF_NUMBER = 6
MOST_ALIKE = {HashKind.FIRST_NAME: 1}
"""What more households than that have in common says nothing: there are many Maries of one year in a large town. Others: `MOST`."""
MOST = 5
"""So many households may share a telephone: more share that of a hostel, or of whoever wrote them down."""


def normal_forms(
    first_name: str, last_name: str, birth_year: int | None, commune: str | None, phone: str | None, email: str | None
) -> dict[HashKind, str]:
    """What somebody is known by, kind by kind; a kind of which something is missing is left out.

    Names are letters only, first and last in alphabetical order, since they are often written the wrong way round.
    """
    phone = phone and (read_phone(phone) or phone)
    first, last = _letters(first_name), _letters(last_name)
    heard = sound(first_name)
    found: dict[HashKind, str] = {}
    if first and last and birth_year:
        found[HashKind.NAME] = f"{' '.join(sorted((first, last)))} {birth_year}"
        found[HashKind.SOUND] = f"{' '.join(sorted((heard, sound(last_name))))} {birth_year}"
    if first and birth_year and commune:
        found[HashKind.FIRST_NAME] = f"{first} {birth_year} {squeeze(commune)}"
    if phone or email:
        found[HashKind.REACH] = phone or fold(email)
    if heard and phone:
        found[HashKind.SOUND_AND_REACH] = f"{heard} {phone[-_END_OF_NUMBER:]}"
    return found


def _letters(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalpha())


def digests_of(person: Beneficiary) -> dict[str, HashKind]:
    """The keyed hashes of a person (64 hexadecimal digits), each with its kind: without the key of the installation they say nothing."""
    key = key_for(_PURPOSE).encode()
    told = normal_forms(person.first_name, person.last_name, person.birth_year, person.commune, person.phone, person.email)
    return {hmac.new(key, f"{kind} {text}".encode(), hashlib.sha256).hexdigest(): kind for kind, text in told.items()}


def key_mark() -> str:
    """By which key hashes are made now, in eight digits that say nothing of it."""
    return hmac.new(key_for(_PURPOSE).encode(), b"mark", hashlib.sha256).hexdigest()[:8]
