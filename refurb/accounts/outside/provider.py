"""OpenID Connect as the other service speaks it: where it is asked, what it answers, and whether that is to be believed.

The code flow with PKCE (RFC 7636), `state` and `nonce` (OpenID Connect Core 1.0, §3.1); tokens and signed userinfo (§5.3.2, as ProConnect
sends it) are verified by `joserfc`. Knows no table and no account; nothing here is done within a unit of work, since it waits for others.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from refurb.kernel.deeds.hands import hands

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
"""Signatures with a key of the provider's alone: neither `none`, nor one with the secret that we share."""
PATIENCE = 10
"""Seconds for one answer."""
LONGEST_ANSWER = 1_000_000
KNOWN_FOR = 3600
"""Seconds during which what a provider says of itself is not asked again."""
AWAY_FOR = 30
"""Seconds during which a provider that did not say what it is, is not asked again: strangers may press the button as they like."""
AT_ONCE = 3
"""Questions of one process that wait for an answer at the same moment; its other threads are for people who are here."""
QUEUE = 1
"""Seconds that one more waits for its turn."""
LEEWAY = 60
"""Seconds by which its clock may go wrong."""


class OutsideFault(Exception):
    """The other service does not answer, or not as it should; the text says why, for the log, and holds nobody's data."""


class OutsideAway(OutsideFault):
    """It did not answer a moment ago, or too many wait for it: nothing was asked, and nothing happened that the log does not have."""


@dataclass(frozen=True)
class Provider:
    """One service that signs people in, as the settings say; see `config/settings.py`, `oidc_…`."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    scopes: str
    vouches: bool
    proving: tuple[str, ...]


@dataclass(frozen=True)
class Attempt:
    """What is kept of somebody who was sent to the provider, until she is back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Outsider:
    """Who came back: the pair that names her, her address where the provider vouches for it, and whether she proved herself twice there."""

    issuer: str
    subject: str
    email: str | None
    proved: bool


def new_attempt() -> Attempt:
    """Words that nobody guesses."""
    return Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


def address_to_ask(provider: Provider, attempt: Attempt, back: str) -> str:
    """Where the browser is sent. Raises `OutsideFault`."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": back, "scope": provider.scopes,
        "state": attempt.state, "nonce": attempt.nonce, "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    if provider.proving:
        asked["acr_values"] = " ".join(provider.proving)
    begin = str(_about(provider)["authorization_endpoint"])
    return f"{begin}{'&' if urlsplit(begin).query else '?'}{urlencode(asked)}"


def outsider_of(provider: Provider, attempt: Attempt, code: str, back: str) -> Outsider:
    """Who came back with a code. Raises `OutsideFault` for whatever is not as it should be."""
    about = _about(provider)
    tokens = _json(_ask(_token_request(provider, about, attempt, code, back))[0])
    claims = _verified(tokens.get("id_token"), provider, about, nonce={"essential": True, "value": attempt.nonce}, exp={"essential": True})
    shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if shared else provider.client_id) != provider.client_id:
        raise OutsideFault("the token is another client's (azp)")
    told = _userinfo(provider, about, tokens.get("access_token"))
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject or len(subject) > 255 or told.get("sub", subject) != subject:
        raise OutsideFault("the token names nobody, or another person than the userinfo")
    return Outsider(provider.issuer, subject, _address(provider, claims | told), claims.get("acr") in provider.proving)


def _address(provider: Provider, told: dict[str, Any]) -> str | None:
    """The address that the provider says it has verified; where it never says so, whether it vouches is a setting."""
    email, verified = told.get("email"), told.get("email_verified")
    is_vouched = verified is True or (verified is None and provider.vouches)
    return email if isinstance(email, str) and is_vouched else None


def _token_request(provider: Provider, about: dict[str, Any], attempt: Attempt, code: str, back: str) -> Request:
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": attempt.verifier}
    headers = {"Accept": "application/json"}
    ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "client_secret_basic" in ways:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        sent |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    return Request(str(about["token_endpoint"]), data=urlencode(sent).encode(), headers=headers)  # noqa: S310 - as `_about` saw it


def _userinfo(provider: Provider, about: dict[str, Any], access_token: Any) -> dict[str, Any]:
    """What the provider tells of the person; signed, where it signs it."""
    if "userinfo_endpoint" not in about or not isinstance(access_token, str):
        return {}
    request = Request(str(about["userinfo_endpoint"]), headers={"Authorization": f"Bearer {access_token}"})  # noqa: S310 - as `_about` saw it
    content, kind = _ask(request)
    if kind == "application/jwt":
        return _verified(content.decode("ascii", "replace").strip(), provider, about)
    return _json(content)


def _verified(token: Any, provider: Provider, about: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The claims of a token that this provider signed for us. Raises `OutsideFault`."""
    from joserfc.errors import JoseError  # noqa: PLC0415 - loaded where it is used
    from joserfc.jwt import JWTClaimsRegistry  # noqa: PLC0415 - loaded where it is used

    if not isinstance(token, str):
        raise OutsideFault("there is no token")
    asked: dict[str, Any] = {
        "iss": {"essential": True, "value": provider.issuer}, "aud": {"essential": True, "value": provider.client_id}, **more,
    }  # fmt: skip
    try:
        claims = _decoded(token, about)
        JWTClaimsRegistry(leeway=LEEWAY, **asked).validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise OutsideFault(f"a token is not to be believed: {type(wrong).__name__}") from wrong
    return claims


def _decoded(token: str, about: dict[str, Any]) -> dict[str, Any]:
    """With the keys that are known, and once more with those of today: a provider changes them."""
    from joserfc import jwt  # noqa: PLC0415 - loaded where it is used
    from joserfc.errors import InvalidKeyIdError  # noqa: PLC0415 - loaded where it is used

    try:
        return dict(jwt.decode(token, _keys(about, anew=False), algorithms=ALGORITHMS).claims)
    except InvalidKeyIdError:
        return dict(jwt.decode(token, _keys(about, anew=True), algorithms=ALGORITHMS).claims)


_known: dict[str, tuple[float, Any]] = {}
_failed: dict[str, float] = {}


def _kept(url: str, *, anew: bool = False) -> dict[str, Any]:
    at, found = _known.get(url, (0.0, {}))
    if anew or not found or at < time.monotonic() - KNOWN_FOR:
        _refuse_away(url)
        try:
            found = _json(_ask(Request(url, headers={"Accept": "application/json"}))[0])  # noqa: S310 - as `_about` saw it
        except OutsideAway:
            raise
        except OutsideFault:
            _failed[url] = time.monotonic()
            raise
        _known[url] = time.monotonic(), found
    return dict(found)


def _refuse_away(url: str) -> None:
    if url in _failed and time.monotonic() < _failed[url] + AWAY_FOR:
        raise OutsideAway(f"{urlsplit(url).netloc} failed a moment ago")


def _about(provider: Provider) -> dict[str, Any]:
    """What the provider says of itself (OpenID Connect Discovery 1.0): it is the one that was meant, and its addresses are as safe."""
    found = _kept(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise OutsideFault("the service says that it is another issuer")
    scheme = urlsplit(provider.issuer).scheme
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if urlsplit(str(found.get(name, ""))).scheme not in {"https", scheme}:
            raise OutsideFault(f"{name} is missing, or not as safe as the issuer")
    if urlsplit(str(found.get("userinfo_endpoint", provider.issuer))).scheme not in {"https", scheme}:
        raise OutsideFault("userinfo_endpoint is not as safe as the issuer")
    return found


def _keys(about: dict[str, Any], *, anew: bool) -> "KeySet":
    from joserfc.jwk import KeySet  # noqa: PLC0415 - loaded where it is used

    return KeySet.import_key_set(_kept(str(about["jwks_uri"]), anew=anew))  # type: ignore[arg-type]  # checked by what imports it


class _Straight(HTTPRedirectHandler):
    """Nothing that we ask of a provider leads elsewhere."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


_opener: OpenerDirector = build_opener(_Straight)


_asking = threading.BoundedSemaphore(AT_ONCE)


def _ask(request: Request) -> tuple[bytes, str]:
    """The content of an answer, and its kind. Raises `OutsideFault`."""
    hands.let_go()
    if not _asking.acquire(timeout=QUEUE):
        raise OutsideAway(f"too many wait for {urlsplit(request.full_url).netloc}")
    try:
        return _answered(request)
    finally:
        _asking.release()


def _answered(request: Request) -> tuple[bytes, str]:
    try:
        with _opener.open(request, timeout=PATIENCE) as answer:
            content: bytes = answer.read(LONGEST_ANSWER + 1)
            kind = str(answer.headers.get_content_type())
    except HTTPError as wrong:
        raise OutsideFault(f"{urlsplit(request.full_url).path} answered {wrong.code}") from wrong
    except (URLError, OSError, HTTPException, ValueError) as wrong:
        raise OutsideFault(f"{urlsplit(request.full_url).netloc} does not answer: {type(wrong).__name__}") from wrong
    if len(content) > LONGEST_ANSWER:
        raise OutsideFault("the answer is too long")
    return content, kind


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise OutsideFault("the answer is no JSON") from wrong
    if not isinstance(found, dict):
        raise OutsideFault("the answer is no object")
    return found
