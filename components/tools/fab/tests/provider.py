"""A stand-in for an OpenID Connect provider inside the process: it signs real tokens, so that the tool's own checks are what passes."""

import json
import time
from typing import Any
from unittest import mock
from urllib.parse import parse_qs

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

# One key for all: tools keep the keys that they once fetched.
KEY = RSAKey.generate_key(2048, {"kid": "test-key"})


class Provider:
    """Answers discovery, keys and token requests, and keeps every request that was made."""

    def __init__(self, issuer: str, endpoints: str, keys: str) -> None:
        self.issuer = issuer
        self.key = KEY
        self.requests: list[requests.PreparedRequest] = []
        self.claims: dict[str, Any] = {}
        self.metadata = {
            "issuer": issuer,
            "authorization_endpoint": f"{endpoints}/authorize",
            "token_endpoint": f"{endpoints}/token",
            "jwks_uri": keys,
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def sign(self, claims: dict[str, Any], key: Any = None, algorithm: str = "RS256") -> str:
        """A token with these claims, valid for an hour unless they say otherwise; None leaves one out."""
        key = key or self.key
        now = int(time.time())
        present = {name: value for name, value in {"iat": now, "nbf": now, "exp": now + 3600, **claims}.items() if value is not None}
        return jwt.encode({"alg": algorithm, "kid": key.kid}, present, key, algorithms=[algorithm])

    def answer(self, url: str) -> dict[str, Any]:
        if url == f"{self.issuer}/.well-known/openid-configuration":
            return self.metadata
        if url == self.metadata["jwks_uri"]:
            return {"keys": [self.key.as_dict(private=False)]}
        if url == self.metadata["token_endpoint"]:
            # An access token of this size is what breaks sessions that live in a cookie.
            return {"id_token": self.sign(self.claims), "access_token": "a" * 5000, "token_type": "Bearer", "expires_in": 3600}
        raise AssertionError(f"unexpected request to {url}")

    def send(self, _adapter: Any, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        self.requests.append(request)
        answer = requests.Response()
        answer.status_code = 200
        answer.request = request
        answer.url = str(request.url)
        answer.headers["Content-Type"] = "application/json"
        answer._content = json.dumps(self.answer(str(request.url))).encode()  # noqa: SLF001
        return answer

    def reachable(self) -> Any:
        """While this lasts, every request of the process goes to this provider."""
        return mock.patch("requests.adapters.HTTPAdapter.send", lambda *args, **options: self.send(*args, **options))

    def token_request(self) -> tuple[dict[str, str], str | None]:
        """Parameters and Authorization header of the last token request."""
        last = [request for request in self.requests if request.url == self.metadata["token_endpoint"]][-1]
        return {name: values[0] for name, values in parse_qs(last.body).items()}, last.headers.get("Authorization")


def entra(tenant: str) -> Provider:
    """Entra's provider of one tenant."""
    authority = f"https://login.microsoftonline.com/{tenant}"
    return Provider(f"{authority}/v2.0", f"{authority}/oauth2/v2.0", f"{authority}/discovery/v2.0/keys")


def partner(issuer: str) -> Provider:
    """A partner's provider, shaped like Okta's."""
    return Provider(issuer, f"{issuer}/oauth2/v1", f"{issuer}/oauth2/v1/keys")
