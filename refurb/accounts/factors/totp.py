"""Codes of an application that change every 30 seconds: RFC 6238 (TOTP) over RFC 4226 (HOTP), with SHA-1 and six digits.

Those are the parameters that every application reads; knows no account and no table.
"""

import base64
import hmac
import secrets
import struct
from urllib.parse import quote, urlencode

SECRET_BYTES = 20
"""RFC 4226 §4: 128 bits at least, 160 recommended."""
STEP_SECONDS = 30
DIGITS = 6
LONGEST_ADDRESS = 180
"""Bytes that a QR code holds which a telephone still reads from a screen."""
DRIFT = 1
"""Steps before and after the present one whose code is taken too, for clocks that go wrong (RFC 6238 §6)."""


def new_secret() -> str:
    """A secret, in base32 as applications take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of a step (RFC 4226 §5.3)."""
    drawn = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    start = drawn[-1] & 15
    number = int.from_bytes(drawn[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_at(seconds: float) -> int:
    """The step of an instant, in seconds since 1970."""
    return int(seconds // STEP_SECONDS)


def step_of(secret: str, typed: str, seconds: float) -> int | None:
    """The step whose code was typed, if it is one of those about the present one; each is compared in constant time."""
    present = step_at(seconds)
    steps = range(present - DRIFT, present + DRIFT + 1)
    found = [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), typed.encode())]
    return found[-1] if found else None


def address(secret: str, *, account: str, issuer: str) -> str:
    """What the application's camera reads: the `otpauth` address of the key URI format, its names cut so that a QR code holds them."""
    issuer = issuer.replace(":", " ")
    told = (_address(secret, account[:length], issuer[:length]) for length in (200, 60, 30, 20, 12, 6))
    return next((each for each in told if len(each) <= LONGEST_ADDRESS), _address(secret, "", "Refurb"))


def _address(secret: str, account: str, issuer: str) -> str:
    asked = urlencode({"secret": secret, "issuer": issuer.strip()}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer.strip())}:{quote(account)}?{asked}"


def spaced(secret: str) -> str:
    """The secret in groups of four, for whoever types it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
