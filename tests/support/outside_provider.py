"""Providers of OpenID Connect: one that says what a test wants it to say, the truth or something forged, and one that others wrote."""

import base64
import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from tests.support.serving import free_port

CLIENT, SECRET = "refurb", "a secret of the client"


@dataclass
class FakeProvider:
    """What it says of a person and of itself; each may be changed while it runs."""

    issuer: str
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    claims: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    signing: Any = None
    userinfo_signing: Any = None
    about: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] | None = None
    asked: dict[str, str] = field(default_factory=dict)
    authorization: str = ""

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo", "jwks_uri": f"{self.issuer}/jwks", **self.about,
        }  # fmt: skip

    def arrive(self, address: str, code: str = "code") -> str:
        """Sign somebody in whom we sent to this address: where her browser is sent back."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return f"/connexion/externe/retour?code={code}&state={self.asked['state']}"

    def id_token(self) -> str:
        """Who it says that somebody is."""
        instant = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "ada", "iat": instant, "exp": instant + 300, "nonce": self.asked.get("nonce"),
            **self.claims,
        }  # fmt: skip
        return self._signed({name: each for name, each in claims.items() if each is not None}, self.signing)

    def _signed(self, claims: dict[str, Any], signing: Any) -> str:
        header = {"alg": "ES256", "kid": "one", **self.header}
        if header["alg"] == "none":
            parts = [json.dumps(each).encode() for each in (header, claims)]
            return ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts) + "."
        return jwt.encode(header, claims, signing or self.key, algorithms=[header["alg"]])

    def answer(self, path: str, sent: dict[str, list[str]], authorization: str) -> tuple[int, str, bytes]:
        """The status, kind and content of an answer."""
        if path == "/.well-known/openid-configuration":
            return 200, "application/json", json.dumps(self.metadata()).encode()
        if path == "/jwks":
            return 200, "application/json", json.dumps({"keys": [self.key.as_dict(private=False)]}).encode()
        if path == "/token":
            self.authorization = authorization
            proof = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"][0].encode()).digest()).decode().rstrip("=")
            if sent["code"] != ["code"] or proof != self.asked.get("code_challenge"):
                return 400, "application/json", b'{"error": "invalid_grant"}'
            token = self.token or {"access_token": "access", "token_type": "Bearer", "id_token": self.id_token()}
            return 200, "application/json", json.dumps(token).encode()
        told = {"sub": "ada", **self.told}
        if self.userinfo_signing is None:
            return 200, "application/json", json.dumps(told).encode()
        signed = self._signed({"iss": self.issuer, "aud": CLIENT, **told}, self.userinfo_signing)
        return 200, "application/jwt", signed.encode()


def shared_key() -> OctKey:
    """The client's secret as a key, as which a careless service takes it."""
    return OctKey.import_key(SECRET)


@contextmanager
def fake_provider() -> Iterator[FakeProvider]:
    """One that answers on a port of its own."""
    provider: FakeProvider

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            sent = parse_qs(self.rfile.read(length).decode())
            status, kind, content = provider.answer(urlsplit(self.path).path, sent, self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _do  # noqa: N815 - as the library calls them

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = FakeProvider(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()


@contextmanager
def others_provider() -> Iterator[str]:
    """The address of `oidc-provider-mock`, which asks for a nonce; in a process of its own, as it warns of what it is made of."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    """Knock until somebody answers; `TimeoutError` where nobody does."""
    for _each in range(200):
        try:
            urlopen(f"{address}/.well-known/openid-configuration", timeout=5)
        except URLError:
            time.sleep(0.1)  # between two knocks
        else:
            return
    raise TimeoutError(address)


def make_known(address: str, subject: str, **claims: Any) -> None:
    """Have the provider that others wrote know somebody, of whom it says these claims."""
    known = Request(f"{address}/users/{subject}", data=json.dumps(claims).encode(), method="PUT")
    known.add_header("Content-Type", "application/json")
    urlopen(known, timeout=10)
