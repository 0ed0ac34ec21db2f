"""The whole code flow in one browser, and what the person may do afterwards."""

from typing import Any, Callable
from urllib.parse import parse_qs, urlsplit

import jwt
import provider

import harness


def sign_in(client: Callable[[], Any], **changes: Any) -> dict[str, Any]:
    """Signs a person of Entra in."""
    return _flow(client, provider.entra(harness.TENANT), "azure", {}, changes, harness.claims)


def partner_sign_in(client: Callable[[], Any], **changes: Any) -> dict[str, Any]:
    """Signs a person of the partner acme in."""
    person = {"iss": "https://acme.okta.com", "aud": "0oa1acmesuperset", "sub": "00uKai", "email": "kai.larsen@acme.com", "name": "Kai Larsen"}
    return _flow(client, provider.partner(person["iss"]), "acme", person, changes, lambda **given: given)


def _flow(client: Callable[[], Any], other: provider.Provider, name: str, person: dict, changes: dict, claims: Callable[..., dict]) -> dict[str, Any]:
    browser = client()
    with other.reachable():
        start = browser.get(f"/auth/login/{name}")
        asked = {key: values[0] for key, values in parse_qs(urlsplit(start.headers["location"]).query).items()}
        other.claims = claims(**{"nonce": asked.get("nonce"), **person, **changes})
        end = browser.get(f"/auth/oauth-authorized/{name}", params={"code": "code", "state": asked["state"]})
        # FAB's index page gives the browser its token.
        browser.get(urlsplit(end.headers["location"]).path)
    parameters, authorization = other.token_request()
    token = browser.cookies.get("_token")
    return {
        "browser": browser,
        "asked": asked,
        "cookie": start.headers.get("set-cookie", ""),
        "token_request": parameters,
        "authorization_header": authorization,
        "signed_in": browser.get("/ui/auth/me").status_code,
        "token_seconds": lifetime(token) if token else None,
        "roles": roles_of(changes.get("oid") or f"acme:{_partner_hash(changes.get('sub', person.get('sub', '')))}") if token else None,
    }


def _partner_hash(subject: str) -> str:
    import hashlib

    return hashlib.sha256(subject.encode()).hexdigest()[:40]


def lifetime(token: str) -> int:
    said = jwt.decode(token, options={"verify_signature": False})
    return said["exp"] - said["iat"]


def roles_of(username: str) -> list[str] | None:
    """The roles that the database holds for a user, sorted."""
    from airflow.providers.fab.auth_manager.models import User
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        user = session.scalars(select(User).where(User.username == username)).unique().one_or_none()
        return None if user is None else sorted(role.name for role in user.roles)
