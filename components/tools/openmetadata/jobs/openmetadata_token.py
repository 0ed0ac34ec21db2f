"""Tokens that OpenMetadata takes as its own, because they are signed with its own key.

OpenMetadata verifies a bearer token's signature against the keys of its `publicKeyUrls`, its own among them, and its end; it
looks for a stored copy only of bots' and people's personal tokens (JwtFilter). So a job that may read the server's private key
needs no token that somebody made, kept and forgot.

Standard library only: the job's image holds Python and nothing else. RS256 is RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2).
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

INTEGER = 0x02
OCTET_STRING = 0x04
SEQUENCE = 0x30
RSA_ENCRYPTION = bytes.fromhex("06092a864886f70d010101")
# The head of a SHA-256 digest inside a signature (RFC 8017, 9.2, note 1).
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


class InvalidKey(ValueError):
    """The private key's file is not what it should be."""


@dataclass(frozen=True)
class PrivateKey:
    """An RSA key: modulus, public and private exponent."""

    modulus: int
    public_exponent: int
    private_exponent: int

    def sign(self, message: bytes) -> bytes:
        """Signs with RSASSA-PKCS1-v1_5 and SHA-256."""
        size = (self.modulus.bit_length() + 7) // 8
        digest = SHA256_PREFIX + hashlib.sha256(message).digest()
        padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
        signature = pow(int.from_bytes(padded, "big"), self.private_exponent, self.modulus)
        return signature.to_bytes(size, "big")


def read_private_key(path: Path) -> PrivateKey:
    """Reads a PKCS #8 file in DER, the form that the server itself wants.

    :raises InvalidKey: when it is anything else, such as PEM; the message holds nothing of it
    """
    der = path.read_bytes()
    try:
        tag, document, rest = _element(der)
        _expect(tag == SEQUENCE and not rest)
        _, _, after_version = _element(document)
        tag, algorithm, after_algorithm = _element(after_version)
        _expect(tag == SEQUENCE and algorithm.startswith(RSA_ENCRYPTION))
        tag, wrapped, _ = _element(after_algorithm)
        _expect(tag == OCTET_STRING)
        tag, numbers, _ = _element(wrapped)
        _expect(tag == SEQUENCE)
        _, modulus, public_exponent, private_exponent = _integers(numbers, 4)
    except (IndexError, ValueError) as error:
        raise InvalidKey(f"{path} is not an RSA private key in PKCS #8 DER") from error
    return PrivateKey(modulus, public_exponent, private_exponent)


def _expect(condition: bool) -> None:
    if not condition:
        raise ValueError("unexpected structure")


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """The first element of DER: tag, content and what follows it."""
    tag, length, start = data[0], data[1], 2
    if length >= 0x80:
        start += length - 0x80
        length = int.from_bytes(data[2:start], "big")
    end = start + length
    _expect(end <= len(data))
    return tag, data[start:end], data[end:]


def _integers(data: bytes, count: int) -> list[int]:
    numbers = []
    for _ in range(count):
        tag, content, data = _element(data)
        _expect(tag == INTEGER)
        numbers.append(int.from_bytes(content, "big"))
    return numbers


def sign_token(key: PrivateKey, key_id: str, issuer: str, name: str, domain: str, seconds: int = 300) -> str:
    """A token for one of OpenMetadata's users, in the form of those that it makes for people.

    `preferred_username` carries the domain too, so that a server that enforces the domain for its own tokens takes it as well.
    """
    now = int(time.time())
    address = f"{name}@{domain}"
    header = {"alg": "RS256", "kid": key_id, "typ": "JWT"}
    claims = {
        "iss": issuer,
        "sub": name,
        "preferred_username": address,
        "email": address,
        "isBot": False,
        "tokenType": "OM_USER",
        "iat": now,
        "exp": now + seconds,
    }
    signed = ".".join(_encode(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    return f"{signed}.{_encode(key.sign(signed.encode()))}"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
