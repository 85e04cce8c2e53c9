"""An authenticator in software, which answers as WebAuthn Level 2 says, and a browser's part before it."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, BACKED_UP, WITH_KEY = 0x01, 0x04, 0x18, 0x40  # flags of authenticator data, 6.1


@dataclass
class Authenticator:
    """Keeps one passkey. `counts` is what it adds to its counter each time; synced passkeys add nothing."""

    origin: str = "http://localhost"
    counts: int = 1
    flags: int = PRESENT
    count: int = 0
    passkey_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user_handle: bytes = b""

    def create(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`."""
        self.user_handle = base64url_to_bytes(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}  # COSE, ES256
        attested = bytes(16) + len(self.passkey_id).to_bytes(2) + self.passkey_id + cbor2.dumps(public)
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(options["rp"]["id"], WITH_KEY) + attested}
        return self._answer(
            clientDataJSON=self._client("webauthn.create", options),
            attestationObject=cbor2.dumps(statement),
            transports=["internal"],
        )

    def get(self, options: dict[str, Any], rp_id: str | None = None) -> str:
        """The answer to `navigator.credentials.get`."""
        data = self._data(rp_id or options["rpId"])
        client = self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=self.user_handle
        )

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, rp_id: str, more_flags: int = 0) -> bytes:
        self.count += self.counts
        return hashlib.sha256(rp_id.encode()).digest() + bytes([self.flags | more_flags]) + self.count.to_bytes(4)

    def _answer(self, **response: Any) -> str:
        written = {
            name: bytes_to_base64url(value) if isinstance(value, bytes) else value for name, value in response.items()
        }
        own_id = bytes_to_base64url(self.passkey_id)
        return json.dumps({"id": own_id, "rawId": own_id, "type": "public-key", "response": written})
