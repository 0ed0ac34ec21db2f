"""The whole code flow in one browser, against providers that sign real ID tokens."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import provider

import harness

BASE = {"base_url": "http://superset.data.contoso.com", "headers": {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}}


def sign_in(app: Any, **changes: Any) -> dict[str, Any]:
    """Signs a person of Entra in; what came back at each step."""
    return flow(app, provider.entra(harness.TENANT), "azure", {"sub": "subject", **changes}, harness.claims)


def partner_sign_in(app: Any, key: str, issuer: str, **changes: Any) -> dict[str, Any]:
    """Signs a partner's person in."""
    person = {"iss": issuer, "aud": "0oa1acmesuperset", "sub": "00uKai", "email": "kai.larsen@acme.com", "name": "Kai Larsen", "groups": []}
    return flow(app, provider.partner(issuer), key, changes, lambda **more: {**person, **more})


def flow(app: Any, other: provider.Provider, name: str, changes: dict[str, Any], claims: Any) -> dict[str, Any]:
    browser = app.test_client()
    with other.reachable():
        start = browser.get(f"/login/{name}", **BASE)
        asked = {key: values[0] for key, values in parse_qs(urlsplit(start.location).query).items()}
        other.claims = claims(**{"nonce": asked.get("nonce"), **changes})
        end = browser.get(f"/oauth-authorized/{name}", query_string={"code": "code", "state": asked["state"]}, **BASE)
    me = browser.get("/api/v1/me/roles/", **BASE)
    parameters, authorization = other.token_request()
    return {
        "browser": browser,
        "asked": asked,
        "cookie": start.headers.get("Set-Cookie", ""),
        "cookie_bytes": len(end.headers.get("Set-Cookie", "")),
        "session_id_renewed": cookie_value(start) != cookie_value(end),
        "status": me.status_code,
        "roles": sorted(me.json["result"]["roles"]) if me.status_code == 200 else None,
        "token_request": parameters,
        "authorization_header": authorization,
    }


def cookie_value(answer: Any) -> str:
    return answer.headers.get("Set-Cookie", "").split(";")[0]
