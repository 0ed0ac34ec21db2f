"""Runs every few minutes: whoever has no role in Entra any more, or whose account is disabled there, loses the account in
OpenMetadata; whoever lost a role loses it there too.

OpenMetadata only ever adds by itself: it makes somebody an administrator at a sign-in and never takes that back, and a token
without roles changes nothing (UserUtil.reSyncUserRolesFromToken). An account is deleted softly, so that what the person owned
keeps its owner, and restored when the person is back. To make somebody an administrator is left to the next sign-in.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entrada_directory import Directory, DirectoryError, Person
from entrada_guard import MassRemoval, check_removals
from openmetadata_api import OpenMetadata, Refused
from openmetadata_operator import operator
from openmetadata_token import InvalidKey

GRAPH = "https://graph.microsoft.com"
# Being an administrator is a mark on a person in OpenMetadata, not a role.
ADMIN = "Admin"
LIMIT = "tools.openmetadata.reconcile.removalLimit"

User = dict[str, Any]


@dataclass
class Plan:
    """What has to change, worked out before anything does."""

    delete: list[User] = field(default_factory=list)
    restore: list[User] = field(default_factory=list)
    demote: list[User] = field(default_factory=list)
    # Account → the names of the roles that it shall have, where they are others.
    roles: list[tuple[User, list[str]]] = field(default_factory=list)
    # People's accounts that are not deleted.
    active: int = 0

    def losing(self) -> int:
        """People who would lose the account, the administration or a role."""
        poorer = {user["id"] for user, wanted in self.roles if _roles(user) - set(wanted)}
        return len({user["id"] for user in (*self.delete, *self.demote)} | poorer)


def plan(users: list[User], people: list[Person], known: set[str]) -> Plan:
    """Compares accounts with Entra. An account is a person's by the sign-in name, which is what OpenMetadata takes it from.

    :param known: roles that OpenMetadata has
    """
    owners = {person.principal_name.lower(): person for person in people}
    found = Plan()
    for user in users:
        person = owners.get(user["email"].lower())
        found.active += not user.get("deleted")
        if person is None:
            if not user.get("deleted"):
                found.delete.append(user)
            continue
        if user.get("deleted"):
            found.restore.append(user)
        if user.get("isAdmin") and ADMIN not in person.roles:
            found.demote.append(user)
        wanted = (person.roles - {ADMIN}) & known
        if _roles(user) != wanted:
            found.roles.append((user, sorted(wanted)))
    return found


def apply(server: OpenMetadata, found: Plan, references: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Takes away first, so that a failure later never leaves somebody in who has left. Returns what was changed."""
    log = []
    for user in found.delete:
        server.delete(f"/api/v1/users/{user['id']}", hardDelete="false")
        log.append(f"{user['email']}: account deleted")
    # What is deleted cannot be changed, so it is restored before it loses what it no longer has.
    for user in found.restore:
        server.put("/api/v1/users/restore", {"id": user["id"]})
        log.append(f"{user['email']}: account restored")
    for user in found.demote:
        server.patch(f"/api/v1/users/{user['id']}", [{"op": "replace", "path": "/isAdmin", "value": False}])
        log.append(f"{user['email']}: no administrator any more")
    for user, wanted in found.roles:
        value = [references[role] for role in wanted]
        server.patch(f"/api/v1/users/{user['id']}", [{"op": "add", "path": "/roles", "value": value}])
        log.append(f"{user['email']}: roles {', '.join(wanted) or 'none'}")
    return log


def reconcile(environment: Mapping[str, str]) -> list[str]:
    settings = json.loads(Path(environment["PEOPLE_FILE"]).read_text("utf-8"))
    people = Directory(settings["roles"], environment, environment.get("GRAPH_URL", GRAPH)).people()
    account = operator(environment)
    references = role_references(account.server, settings["roles"])
    accounts = [
        user
        for user in account.server.pages("/api/v1/users", include="all", fields="roles")
        if not user.get("isBot") and user["name"] != account.name
    ]
    found = plan(accounts, people, set(references))
    check_removals(found.losing(), found.active, settings["removalLimit"], LIMIT)
    return apply(account.server, found, references)


def role_references(server: OpenMetadata, roles: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The roles that OpenMetadata has, as it wants them named in a person."""
    found = {}
    for name in roles:
        role = None if name == ADMIN else server.find(f"/api/v1/roles/name/{urllib.parse.quote(name)}")
        if role is not None:
            found[name] = {"id": role["id"], "type": "role", "name": name}
    return found


def _roles(user: User) -> set[str]:
    return {role["name"] for role in user.get("roles") or []}


if __name__ == "__main__":
    try:
        for line in reconcile(os.environ) or ["nothing to change"]:
            print(line)
    except (DirectoryError, MassRemoval, Refused, InvalidKey, OSError, KeyError, ValueError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
