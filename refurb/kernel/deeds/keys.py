"""The keys of the installation: one for each purpose, derived from the secret key; what older secret keys signed is still read.

HKDF with SHA-256 (RFC 5869): who learns the key of the links learns nothing about that of the cookies, nor about the secret.
"""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from flask import Flask, current_app

_SALT = b"refurb keys"


@lru_cache(maxsize=256)
def derived(secret: str, purpose: str) -> str:
    """The key for a purpose, 64 hexadecimal digits: RFC 5869 §2.2 and one block of §2.3."""
    drawn = hmac.digest(_SALT, secret.encode(), "sha256")
    return hmac.new(drawn, purpose.encode() + b"\x01", hashlib.sha256).hexdigest()


def secrets_of(app: Flask) -> tuple[str, ...]:
    """The secret keys of an application, the one in force first."""
    key: Any = app.secret_key
    return (key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))


def key_for(purpose: str) -> str:
    """The key that signs, or blurs, for a purpose from now on."""
    return derived(secrets_of(current_app)[0], purpose)


def keys_for(purpose: str, app: Flask | None = None) -> tuple[str, ...]:
    """Every key with which something may be signed for a purpose, the one in force last, as itsdangerous takes them.

    The secret keys themselves are among them: until keys had purposes, they signed.
    """
    secrets = secrets_of(app or current_app)
    return (*reversed(secrets), *(derived(each, purpose) for each in reversed(secrets)))
