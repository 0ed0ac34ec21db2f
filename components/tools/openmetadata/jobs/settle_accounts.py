"""Closes what an OpenMetadata server is shipped with, and makes sure that it runs as it was told to.

Runs after each change of the server, and ends with 1 and the reason when anything is not as it should be:

- the server signs with its own key, and serves no other one;
- it takes the operator's token, and the operator is an administrator;
- the sign-in settings that it runs with, which it keeps in its database, are those of the file;
- the shipped administrator is gone, and passwords open nothing.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import urllib.parse
from pathlib import Path
from typing import Any

from openmetadata_api import OpenMetadata, Refused
from openmetadata_operator import operator
from openmetadata_token import InvalidKey, PrivateKey

# Domains of the accounts that releases have been shipped with; bots have such addresses too.
SHIPPED_DOMAINS = ("open-metadata.org", "openmetadata.org")
SHIPPED_ADMIN = "admin"
# Lists whose order means something.
ORDERED = ("jwtPrincipalClaims",)
WAIT_SECONDS = 600.0


class Unsettled(RuntimeError):
    """Something is not as it should be."""


def check_keys(server: OpenMetadata, key: PrivateKey, key_id: str) -> None:
    keys = server.get("/api/v1/system/config/jwks", signed_in=False)["keys"]
    served = [(entry["kid"], _number(entry["n"]), _number(entry["e"])) for entry in keys]
    if served != [(key_id, key.modulus, key.public_exponent)]:
        names = ", ".join(str(kid) for kid, _, _ in served) or "none"
        raise Unsettled(f"the server serves other keys than its own {key_id}: {names}")


def check_operator(server: OpenMetadata, operator: str) -> None:
    try:
        user = server.get("/api/v1/users/loggedInUser")
    except Refused as refused:
        raise Unsettled(
            f"the server does not take {operator}'s token: its start has not made the account, or its database still holds other"
            f" sign-in settings ({refused})"
        ) from refused
    if user.get("name") != operator or user.get("isAdmin") is not True:
        raise Unsettled(f"{operator}'s token signs in as {user.get('name')}, administrator: {user.get('isAdmin')}")


def check_settings(server: OpenMetadata, config: dict[str, Any]) -> None:
    actual = server.get("/api/v1/system/security/config")
    wrong = [
        f"{part}.{path}"
        for part in ("authenticationConfiguration", "authorizerConfiguration")
        for path in differences(config[part], actual.get(part) or {})
    ]
    if wrong:
        raise Unsettled(f"the server runs with other sign-in settings than its file says: {', '.join(wrong)}")


def differences(wanted: dict[str, Any], actual: dict[str, Any], prefix: str = "") -> list[str]:
    """Paths at which the server's settings are not the wanted ones. What is not in the file is the server's own affair."""
    found: list[str] = []
    for name, value in wanted.items():
        if name == "secret":
            # The server shows it masked.
            continue
        path, other = prefix + name, actual.get(name)
        if isinstance(value, dict):
            found += differences(value, other if isinstance(other, dict) else {}, f"{path}.")
        elif isinstance(value, list) and isinstance(other, list) and name not in ORDERED:
            found += [] if sorted(value) == sorted(other) else [path]
        elif value != other and not (value == "" and other is None):
            found.append(path)
    return found


def check_passwords(server: OpenMetadata) -> None:
    for domain in SHIPPED_DOMAINS:
        login = {"email": f"{SHIPPED_ADMIN}@{domain}", "password": base64.b64encode(SHIPPED_ADMIN.encode()).decode()}
        if server.status_of("POST", "/api/v1/users/login", login) == 200:
            raise Unsettled(f"{login['email']} signs in with the shipped password")


def remove_shipped_accounts(server: OpenMetadata, company_domain: str) -> list[str]:
    """Deletes the shipped accounts for good, and looks again."""
    removed = []
    for user in shipped_accounts(server, company_domain):
        server.delete(f"/api/v1/users/{user['id']}", hardDelete="true")
        removed.append(user["email"])
    left = [user["email"] for user in shipped_accounts(server, company_domain)]
    if left:
        raise Unsettled(f"these accounts are still there after they were deleted: {', '.join(left)}")
    return removed


def shipped_accounts(server: OpenMetadata, company_domain: str) -> list[dict[str, Any]]:
    """The accounts of the shipped domains, and "admin" unless somebody of the company is called so. Never a bot."""
    users = server.pages("/api/v1/users", include="all")
    return [user for user in users if not user.get("isBot") and _is_shipped(user, company_domain)]


def _is_shipped(user: dict[str, Any], company_domain: str) -> bool:
    domain = user["email"].rpartition("@")[2].lower()
    return domain in SHIPPED_DOMAINS or (user["name"] == SHIPPED_ADMIN and domain != company_domain)


def missing_roles(server: OpenMetadata, roles: list[str]) -> list[str]:
    """Roles that access gives out and OpenMetadata does not know: it ignores them without a word."""
    return [role for role in roles if server.find(f"/api/v1/roles/name/{urllib.parse.quote(role)}") is None]


def settle(environment: dict[str, str]) -> None:
    roles = json.loads((Path(environment["SETTINGS_FOLDER"]) / "roles.json").read_text("utf-8"))
    account = operator(environment)
    server = account.server
    server.wait_until_up(float(environment.get("WAIT_SECONDS", WAIT_SECONDS)))
    check_keys(server, account.key, account.key_id)
    check_operator(server, account.name)
    check_settings(server, account.config)
    removed = remove_shipped_accounts(server, account.domain)
    check_passwords(server)
    emails = "".join(f" {email}" for email in removed)
    print(f"settled: key {account.key_id}, {len(removed)} shipped account(s) deleted{emails}")
    for role in missing_roles(server, roles):
        print(f"warning: OpenMetadata has no role {role}: people whom access gives it get no right from it", file=sys.stderr)


def _number(base64url: str) -> int:
    padded = base64url.rstrip("=") + "=" * (-len(base64url.rstrip("=")) % 4)
    return int.from_bytes(base64.urlsafe_b64decode(padded), "big")


if __name__ == "__main__":
    try:
        settle(dict(os.environ))
    except (Unsettled, Refused, InvalidKey, OSError, KeyError, ValueError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
