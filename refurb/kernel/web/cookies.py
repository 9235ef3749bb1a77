"""The cookie of a session: signed by one serializer that is kept, and not verified again while its text is the same."""

import hashlib
import time
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from refurb.kernel.deeds.keys import keys_for

KEPT = 1024
"""Cookies whose signature was found good; each is a few hundred bytes."""


class _Keys:
    """The serializer of some secret keys, and what the last cookies said that they signed."""

    def __init__(self, secrets: tuple[Any, ...], serializer: URLSafeTimedSerializer) -> None:
        self.secrets = secrets
        self.serializer = serializer
        # A signature that is bad raises, and is not kept.
        self.read = lru_cache(maxsize=KEPT)(self._read)

    def _read(self, text: str) -> tuple[int, Mapping[str, Any], bool]:
        """When a cookie was signed, what it says, and whether that is only plain values."""
        said, signed = self.serializer.loads(text, return_timestamp=True)
        return int(signed.timestamp()), said, all(isinstance(each, str | int | None) for each in said.values())


class KeptCookies(SecureCookieSessionInterface):
    """Flask's sessions in signed cookies. Whoever was shut out is so at once: the account is asked at each request, this only reads."""

    # Flask's own is SHA-1.
    digest_method = staticmethod(hashlib.sha256)
    _keys: _Keys | None = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says, if we signed it and it is not too old; else an empty session."""
        keys = self._of(app)
        text = request.cookies.get(self.get_cookie_name(app))
        if keys is None or not text:
            return None if keys is None else self.session_class()
        try:
            signed, said, is_plain = keys.read(text)
        except BadSignature:
            return self.session_class()
        # The age is a matter of now, whenever the signature was verified.
        if not 0 <= int(time.time()) - signed <= app.permanent_session_lifetime.total_seconds():
            return self.session_class()
        return self.session_class(said if is_plain else deepcopy(dict(said)))

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The serializer, made once for as long as the keys are the same."""
        keys = self._of(app)
        return keys.serializer if keys else None

    def _of(self, app: Flask) -> _Keys | None:
        if not app.secret_key:
            return None
        secrets = keys_for("cookies", app)
        if self._keys is None or self._keys.secrets != secrets:
            how = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
            made = URLSafeTimedSerializer(secrets, salt=self.salt, serializer=self.serializer, signer_kwargs=how)
            self._keys = _Keys(secrets, made)
        return self._keys
