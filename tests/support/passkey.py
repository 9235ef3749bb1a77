"""A security key in software, that answers as the standard says, or wrongly where a test wants it (W3C, Web Authentication level 2, §6)."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class SoftKey:
    """One key, for one origin; `flags` says whether somebody touched it and proved herself to it."""

    origin: str = "https://refurb.example"
    place: str = "refurb.example"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def _client_data(self, kind: str, asked: str) -> bytes:
        challenge = json.loads(asked)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _authenticator_data(self, flags: int) -> bytes:
        return hashlib.sha256(self.place.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response: bytes) -> str:
        told: dict[str, Any] = {"id": _text(self.credential), "rawId": _text(self.credential), "type": "public-key"}
        return json.dumps({**told, "response": {name: _text(content) for name, content in response.items()}})

    def register(self, asked: str) -> str:
        """What it answers when it is to be registered."""
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        kept = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cose
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._authenticator_data(self.flags | HAS_KEY) + kept})
        return self._answer(clientDataJSON=self._client_data("webauthn.create", asked), attestationObject=attested)

    def prove(self, asked: str) -> str:
        """What it answers when it is asked; it counts where it began to."""
        self.count += 1 if self.count else 0
        client_data, about = self._client_data("webauthn.get", asked), self._authenticator_data(self.flags)
        signed = self.key.sign(about + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client_data, authenticatorData=about, signature=signed)


def challenge_of(asked: str) -> str:
    """The challenge in what a key is asked, as the service wrote it."""
    challenge = json.loads(asked)["challenge"]
    return urlsafe_b64decode(challenge + "===").decode()
