"""Links for people without an account: signed, for one purpose and one subject, and worth nothing after a while."""

import hashlib

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


def open_link(purpose: str, token: str, *, days: int = LASTS_DAYS) -> int:
    """The id of the subject that a token opens; `LinkExpired` after so many days, `LinkBroken` for what we did not sign for it."""
    try:
        subject_id = _signer(purpose).loads(token, max_age=days * _DAY_SECONDS)
    except SignatureExpired as error:
        raise LinkExpired(days=days) from error
    except BadData as error:
        raise LinkBroken from error
    if not isinstance(subject_id, int) or not 0 < subject_id < 2**31:
        raise LinkBroken
    return subject_id
