"""Sealing a secret that must be read again by this installation and by nobody who only has its database or a backup of it.

XSalsa20-Poly1305 (NaCl's secretbox) under a key that is derived from the secret key of the settings, by BLAKE2b,
with a name for each purpose.
"""

import hashlib
from contextlib import suppress

from flask import current_app

from refurb.kernel.deeds.keys import secrets_of


class CannotBeOpened(Exception):
    """It was sealed under a secret key that is no longer known: the password is to be typed again."""


MAIL = "password of the mail server"


def seal(secret: str, purpose: str = MAIL) -> str:
    """The secret, sealed, in base64; only `unseal` for the same purpose reads it again."""
    from nacl.encoding import Base64Encoder  # noqa: PLC0415 - loaded where it is used
    from nacl.secret import SecretBox  # noqa: PLC0415 - loaded where it is used

    return bytes(SecretBox(_keys(purpose)[0]).encrypt(secret.encode(), encoder=Base64Encoder)).decode()


def unseal(sealed: str, purpose: str = MAIL) -> str:
    """The secret again. Raises `CannotBeOpened`."""
    from nacl.encoding import Base64Encoder  # noqa: PLC0415 - loaded where it is used
    from nacl.exceptions import CryptoError  # noqa: PLC0415 - loaded where it is used
    from nacl.secret import SecretBox  # noqa: PLC0415 - loaded where it is used

    for key in _keys(purpose):
        with suppress(CryptoError, ValueError):
            return SecretBox(key).decrypt(sealed.encode(), encoder=Base64Encoder).decode()
    raise CannotBeOpened


def _keys(purpose: str) -> list[bytes]:
    """The key in force first, then those of older secret keys."""
    secrets = (hashlib.sha256(each.encode()).digest() for each in secrets_of(current_app))
    return [hashlib.blake2b(purpose.encode(), key=each, digest_size=32).digest() for each in secrets]
