"""
Partners: other companies' OpenID Connect providers beside Entra. Three things hold whatever a partner's tokens say: a
partner's person is never the same user as somebody of Entra or of another partner, holds roles from the partner's own
mapping alone, and never an admin role.
"""

import hashlib
import logging
from typing import Any, Mapping

log = logging.getLogger(__name__)

# Names that stand for something else: Entra's provider, and the users of applications.
RESERVED_KEYS = frozenset({"azure", "application"})

Partner = Mapping[str, Any]


def partner_provider(partner: Partner, client_secret: str) -> dict[str, Any]:
    """
    Flask-AppBuilder's provider entry; its name ends the redirect URI. As for Entra, `server_metadata_url` and the scope
    `openid` make Authlib check the ID token's signature, issuer, audience and nonce.
    """
    if partner["key"] in RESERVED_KEYS:
        raise ValueError(f"'{partner['key']}' cannot be a partner's key")
    return {
        "name": partner["key"],
        "icon": "fa-handshake-o",
        "token_key": "access_token",
        "remote_app": {
            "client_id": partner["clientId"],
            "client_secret": client_secret,
            "server_metadata_url": f"{partner['issuer']}/.well-known/openid-configuration",
            "client_kwargs": {
                # Okta's org server puts groups into the ID token for the scope `groups` only.
                "scope": "openid profile email groups",
                "code_challenge_method": "S256",
            },
        },
    }


def partner_role_keys(partner: Partner, claims: Mapping[str, Any]) -> list[str]:
    """The partner's groups of a person, as keys of the role mapping. The partner's key before each keeps them from meaning an Entra role."""
    groups = claims.get(partner["groupsClaim"], [])
    groups = [groups] if isinstance(groups, str) else groups
    return [f"{partner['key']}:{group}" for group in groups if isinstance(group, str)] if isinstance(groups, list) else []


def partner_mapping(partners: list[Partner], admin_roles: frozenset[str]) -> dict[str, list[str]]:
    """The role mapping of all partners. Admin roles are dropped here too, whatever the settings say."""
    mapping: dict[str, list[str]] = {}
    for partner in partners:
        for group, roles in partner["roles"].items():
            refused = sorted(set(roles) & admin_roles)
            if refused:
                log.error("Partner %s: group '%s' is mapped to %s, which partners never hold: dropped", partner["key"], group, ", ".join(refused))
            mapping[f"{partner['key']}:{group}"] = [role for role in roles if role not in admin_roles]
    return mapping


def partner_user(partner: Partner, claims: Mapping[str, Any] | None) -> dict[str, Any]:
    """
    Reads the claims that Authlib verified. `sub` is case-sensitive and up to 255 characters long, while Flask-AppBuilder
    compares user names without case: hence its hash. The mail address carries the partner's key as well, because the
    database takes each address once and a partner could otherwise block, or look like, somebody of Entra.
    """
    key = partner["key"]
    if not claims:
        raise ValueError("the answer holds no verified ID token")
    audiences = claims.get("aud")
    if claims.get("iss") != partner["issuer"]:
        raise ValueError(f"the ID token is not from the issuer of partner {key}")
    if (audiences if isinstance(audiences, list) else [audiences]) != [partner["clientId"]]:
        raise ValueError("the ID token is for another application")
    subject, email = claims.get("sub"), claims.get("email") or claims.get("preferred_username")
    if not subject or not email:
        raise ValueError(f"the ID token of partner {key} lacks sub or email")
    return {
        "username": f"{key}:{hashlib.sha256(subject.encode()).hexdigest()[:40]}",
        "email": f"{key}:{email}",
        "first_name": claims.get("given_name") or claims.get("name", ""),
        "last_name": claims.get("family_name", ""),
        "role_keys": partner_role_keys(partner, claims),
    }
