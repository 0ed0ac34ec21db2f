"""A stand-in for Entra's answers inside the process: it signs real ID tokens, so that Authlib's own checks are what passes."""

import json
import time
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

import harness

KEY = RSAKey.generate_key(2048, {"kid": "test-key"})
ISSUER = f"https://login.microsoftonline.com/{harness.TENANT}/v2.0"
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"https://login.microsoftonline.com/{harness.TENANT}/oauth2/v2.0/authorize",
    "token_endpoint": f"https://login.microsoftonline.com/{harness.TENANT}/oauth2/v2.0/token",
    "jwks_uri": f"https://login.microsoftonline.com/{harness.TENANT}/discovery/v2.0/keys",
    "id_token_signing_alg_values_supported": ["RS256"],
}


class Entra:
    """Answers discovery, keys and token requests, and keeps every request that was made."""

    def __init__(self) -> None:
        self.requests: list[requests.PreparedRequest] = []
        self.claims: dict[str, Any] = {}

    def send(self, _adapter: Any, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        self.requests.append(request)
        answer = requests.Response()
        answer.status_code = 200
        answer.request = request
        answer.url = str(request.url)
        answer.headers["Content-Type"] = "application/json"
        answer._content = json.dumps(self._answer(str(request.url))).encode()  # noqa: SLF001
        return answer

    def _answer(self, url: str) -> dict[str, Any]:
        if url.endswith("/.well-known/openid-configuration"):
            return METADATA
        if url == METADATA["jwks_uri"]:
            return {"keys": [KEY.as_dict(private=False)]}
        if url == METADATA["token_endpoint"]:
            now = int(time.time())
            token = jwt.encode({"alg": "RS256", "kid": "test-key"}, {**self.claims, "iat": now, "exp": now + 3600}, KEY)
            # An access token of this size is what breaks sessions that live in a cookie.
            return {"id_token": token, "access_token": "a" * 5000, "token_type": "Bearer", "expires_in": 3600}
        raise AssertionError(f"unexpected request to {url}")

    def sign_in(self, app: Any, **changes: Any) -> dict[str, Any]:
        """The whole code flow in one browser; what came back at each step."""
        browser = app.test_client()
        base = {"base_url": "http://superset.data.contoso.com", "headers": {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}}
        with mock.patch("requests.adapters.HTTPAdapter.send", lambda *args, **options: self.send(*args, **options)):
            start = browser.get("/login/azure", **base)
            asked = {name: values[0] for name, values in parse_qs(urlsplit(start.location).query).items()}
            self.claims = harness.claims(**{"nonce": asked.get("nonce"), "sub": "subject", **changes})
            end = browser.get("/oauth-authorized/azure", query_string={"code": "code", "state": asked["state"]}, **base)
        me = browser.get("/api/v1/me/roles/", **base)
        tokens = [request for request in self.requests if request.url == METADATA["token_endpoint"]]
        return {
            "browser": browser,
            "base": base,
            "asked": asked,
            "cookie": start.headers.get("Set-Cookie", ""),
            "cookie_bytes": len(end.headers.get("Set-Cookie", "")),
            "status": me.status_code,
            "roles": sorted(me.json["result"]["roles"]) if me.status_code == 200 else None,
            "token_request": {name: values[0] for name, values in parse_qs(tokens[-1].body).items()} if tokens else None,
            "authorization_header": tokens[-1].headers.get("Authorization") if tokens else None,
        }
