"""Sealing a password that must be read again by this installation and by nobody who only has its database or a backup of it.

XSalsa20-Poly1305 (NaCl's secretbox) under a key that is derived from the secret key of the settings, by BLAKE2b with a name of its own.
"""

import hashlib

from flask import current_app


class CannotBeOpened(Exception):
    """It was sealed under another secret key: the password is to be typed again."""


def seal(secret: str) -> str:
    """The secret, sealed, in base64."""
    from nacl.encoding import Base64Encoder  # noqa: PLC0415 - loaded where it is used
    from nacl.secret import SecretBox  # noqa: PLC0415 - loaded where it is used

    return bytes(SecretBox(_key()).encrypt(secret.encode(), encoder=Base64Encoder)).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises `CannotBeOpened`."""
    from nacl.encoding import Base64Encoder  # noqa: PLC0415 - loaded where it is used
    from nacl.exceptions import CryptoError  # noqa: PLC0415 - loaded where it is used
    from nacl.secret import SecretBox  # noqa: PLC0415 - loaded where it is used

    try:
        return SecretBox(_key()).decrypt(sealed.encode(), encoder=Base64Encoder).decode()
    except (CryptoError, ValueError) as fault:
        raise CannotBeOpened from fault


def _key() -> bytes:
    secret: str = current_app.config["SECRET_KEY"]
    return hashlib.blake2b(b"password of the mail server", key=hashlib.sha256(secret.encode()).digest(), digest_size=32).digest()
