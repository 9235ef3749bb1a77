"""Links for people without an account: signed, for one purpose and one subject, and worth nothing after a while."""

import hashlib
from collections.abc import Callable

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from refurb.kernel.deeds.keys import keys_for
from refurb.kernel.speech.errors import NotFound, Refusal

LASTS_DAYS = 90
_DAY_SECONDS = 86_400


class LinkExpired(Refusal):
    """The link was ours, and its time is over."""

    code = "link.expired"
    status = 410


class LinkBroken(NotFound):
    """The address is not one that we sent: cut short on its way, most often, or for something else."""

    code = "link.broken"


def _signer(purpose: str) -> URLSafeTimedSerializer:
    # Links that were signed before with SHA-1, itsdangerous' own choice, are read until they end.
    return URLSafeTimedSerializer(
        keys_for("links"),
        salt=f"refurb link {purpose}",
        signer_kwargs={"digest_method": hashlib.sha256},
        fallback_signers=[{"digest_method": hashlib.sha1}],
    )


def make_link(purpose: str, subject_id: int) -> str:
    """A token that opens one subject for one purpose; a token for another purpose, or for another subject, is another token."""
    return str(_signer(purpose).dumps(subject_id))


def make_addressed_link(purpose: str, subject_id: int, address: str) -> str:
    """The same, for as long as the subject has this address: what was sent to another one opens nothing any more."""
    return str(_signer(purpose).dumps([subject_id, _sum(subject_id, address)]))


def _sum(subject_id: int, address: str) -> str:
    return hashlib.sha256(f"{subject_id} {address.strip().casefold()}".encode()).hexdigest()[:16]


def open_link(purpose: str, token: str, *, days: int = LASTS_DAYS) -> int:
    """The id of the subject that a token opens; `LinkExpired` after so many days, `LinkBroken` for what we did not sign for it."""
    return _subject(_signed(purpose, token, days))


def open_addressed_link(purpose: str, token: str, address_of: Callable[[int], str | None], *, days: int = LASTS_DAYS) -> int:
    """The same of a link that was made for an address: `address_of` says which one a subject has now, None where there is no such one."""
    return _addressed(_signed(purpose, token, days), address_of)


def open_either_link(purpose: str, token: str, address_of: Callable[[int], str | None], *, days: int = LASTS_DAYS) -> tuple[int, bool]:
    """The same where links were once made for no address: the subject, and whether this link was made for the address that it has now."""
    signed = _signed(purpose, token, days)
    if isinstance(signed, int):
        return _subject(signed), False
    return _addressed(signed, address_of), True


def _addressed(signed: object, address_of: Callable[[int], str | None]) -> int:
    match signed:
        case [subject, str(summed)]:
            subject_id = _subject(subject)
        case _:
            raise LinkBroken
    address = address_of(subject_id)
    if address is None or summed != _sum(subject_id, address):
        raise LinkBroken
    return subject_id


def _signed(purpose: str, token: str, days: int) -> object:
    try:
        return _signer(purpose).loads(token, max_age=days * _DAY_SECONDS)
    except SignatureExpired as error:
        raise LinkExpired(days=days) from error
    except BadData as error:
        raise LinkBroken from error


def _subject(signed: object) -> int:
    if not isinstance(signed, int) or not 0 < signed < 2**31:
        raise LinkBroken
    return signed
