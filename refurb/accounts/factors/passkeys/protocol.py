"""WebAuthn as the browser speaks it: what is asked of a key, and whether its answer is one (W3C, Web Authentication level 2, §7).

Knows no table; `webauthn` checks signatures, and is loaded where it is used: sixteen MiB come with it.
User verification (a PIN, a finger, a face) is always asked: whoever finds a key has nothing.
"""

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

LONGEST_ANSWER = 16_000
"""Signs of an answer; that of a key with a certificate takes 4,000."""
_PORTS = {"https": 443, "http": 80}


class NoAnswer(ValueError):
    """What came in is no answer of a key to what was asked of it."""


class CountWentBack(NoAnswer):
    """The key says that it was used less often than it was: perhaps there are two of it."""


class Obstacle(StrEnum):
    """Why browsers use no passkey at an address."""

    NUMBERS = "numbers"
    """The address is one of numbers, and a passkey is for a name."""
    OPEN = "open"
    """The address is not HTTPS, nor that of the computer itself."""


@dataclass(frozen=True)
class RelyingParty:
    """For whom passkeys are: the name that they are bound to (RP ID), and the one origin that may ask them."""

    name: str
    origin: str

    @property
    def obstacle(self) -> Obstacle | None:
        """Why browsers would refuse; None where they do not."""
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            pass
        else:
            return Obstacle.NUMBERS
        is_own = self.name == "localhost" or self.name.endswith(".localhost")
        return None if is_own or self.origin.startswith("https:") else Obstacle.OPEN


def place_of(base_url: str) -> RelyingParty:
    """The place that the service's own address makes."""
    parts = urlsplit(base_url)
    name = parts.hostname or ""
    shown = f"[{name}]" if ":" in name else name
    port = "" if parts.port in (None, _PORTS.get(parts.scheme)) else f":{parts.port}"
    return RelyingParty(name, f"{parts.scheme}://{shown}{port}")


@dataclass(frozen=True)
class NewKey:
    """What a key that was registered says of itself: see `models.Passkey`."""

    credential: str
    public_key: bytes
    sign_count: int


def registration(place: RelyingParty, challenge: str, *, service: str, account_id: int, email: str, name: str, known: Sequence[str]) -> str:
    """What the browser is to ask of a new key (JSON); keys that are `known` are not registered twice."""
    from webauthn import generate_registration_options, options_to_json  # noqa: PLC0415 - loaded where it is used
    from webauthn.helpers import structs  # noqa: PLC0415 - loaded where it is used

    return options_to_json(
        generate_registration_options(
            rp_id=place.name, rp_name=service, user_id=f"account {account_id}".encode(), user_name=email, user_display_name=name,
            challenge=challenge.encode(), timeout=120_000, exclude_credentials=_described(known),
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.DISCOURAGED, user_verification=structs.UserVerificationRequirement.REQUIRED
            ),
        )
    )  # fmt: skip


def question(place: RelyingParty, challenge: str, known: Sequence[str]) -> str:
    """What the browser is to ask of one of the keys that are `known` (JSON)."""
    from webauthn import generate_authentication_options, options_to_json  # noqa: PLC0415 - loaded where it is used
    from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415 - loaded where it is used

    asked = generate_authentication_options(
        rp_id=place.name, challenge=challenge.encode(), timeout=120_000, allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return options_to_json(asked)


def _described(known: Sequence[str]) -> "list[PublicKeyCredentialDescriptor]":
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415 - loaded where it is used
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor  # noqa: PLC0415 - loaded where it is used

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known]


def challenge_in(answer: str) -> str:
    """The challenge that an answer says it answers; raises `NoAnswer`."""
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415 - loaded where it is used

    try:
        client_data = json.loads(base64url_to_bytes(_read(answer)["response"]["clientDataJSON"]))
        return str(base64url_to_bytes(client_data["challenge"]), "utf-8")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as wrong:
        raise NoAnswer from wrong


def credential_in(answer: str) -> str:
    """By which name the key that answered is known; raises `NoAnswer`."""
    found = _read(answer).get("id")
    if not isinstance(found, str):
        raise NoAnswer
    return found


def _read(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as wrong:
        raise NoAnswer from wrong
    if not isinstance(found, dict):
        raise NoAnswer
    return found


def registered(answer: str, place: RelyingParty, challenge: str) -> NewKey:
    """The key that an answer registers; raises `NoAnswer`."""
    from webauthn import verify_registration_response  # noqa: PLC0415 - loaded where it is used
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415 - loaded where it is used

    try:
        made = verify_registration_response(
            credential=_read(answer), expected_challenge=challenge.encode(), expected_rp_id=place.name, expected_origin=place.origin,
            require_user_verification=True,
        )  # fmt: skip
    except Exception as wrong:
        raise NoAnswer from wrong
    return NewKey(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)


def answered(answer: str, place: RelyingParty, challenge: str, *, public_key: bytes, sign_count: int) -> int:
    """How often the key says that it was used, where the answer is one; raises `NoAnswer`, `CountWentBack`."""
    from webauthn import verify_authentication_response  # noqa: PLC0415 - loaded where it is used

    try:
        # The count is compared afterwards, so that one which went back is told apart from an answer that is forged.
        said = verify_authentication_response(
            credential=_read(answer), expected_challenge=challenge.encode(), expected_rp_id=place.name, expected_origin=place.origin,
            credential_public_key=public_key, credential_current_sign_count=0, require_user_verification=True,
        )  # fmt: skip
    except Exception as wrong:
        raise NoAnswer from wrong
    if (said.new_sign_count or sign_count) and said.new_sign_count <= sign_count:
        raise CountWentBack
    return said.new_sign_count
