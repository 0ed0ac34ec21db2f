"""Runs every few minutes: whoever has no role in Entra any more, or whose account is disabled there, loses the account in
Metabase, and with it every session. Memberships follow the roles too: Metabase itself leaves them as they are when a token
comes without roles.

Edition oss: also makes accounts, since nobody signs in to Metabase with Entra there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping

from bootstrap import main
from entrada_directory import Directory, Person
from entrada_guard import check_removals
from metabase_api import Metabase, MetabaseError, secret
from metabase_rights import group_ids, keep_rights

GRAPH = "https://graph.microsoft.com"


@dataclass
class Plan:
    """What has to change, worked out before anything does."""

    deactivate: list[dict[str, Any]] = field(default_factory=list)
    reactivate: list[tuple[dict[str, Any], Person]] = field(default_factory=list)
    create: list[Person] = field(default_factory=list)
    # (account, group, membership)
    remove: list[tuple[dict[str, Any], int, int]] = field(default_factory=list)
    # (account, group)
    add: list[tuple[dict[str, Any], int]] = field(default_factory=list)
    # Active accounts apart from the break-glass one.
    active: int = 0

    def losing(self) -> int:
        """Active people who would lose the account or a role."""
        removed = {user["id"] for user, _, _ in self.remove if user["is_active"]}
        return len({user["id"] for user in self.deactivate} | removed)


def reconcile(settings: Mapping[str, Any], environment: Mapping[str, str]) -> list[str]:
    """Brings accounts and memberships to what Entra says. Returns what was changed."""
    log: list[str] = []
    roles = settings["roles"]
    graph = environment.get("GRAPH_URL", GRAPH)
    people = Directory({role: settings["id"] for role, settings in roles.items()}, environment, graph).people()
    metabase = Metabase(environment["METABASE_URL"])
    folder = environment["METABASE_SECRETS_FOLDER"]
    if settings["edition"] == "pro":
        metabase.use_key("mb_" + secret(folder, "api-key"))
    else:
        metabase.sign_in(settings["administrator"], secret(folder, "break-glass-password"))
    try:
        ids = group_ids(metabase, roles, False, log)
        found = plan(settings, people, metabase.users(), metabase.memberships(), ids, log)
        check_removals(found.losing(), found.active, settings["removalLimit"], "tools.metabase.reconcile.removalLimit")
        apply(metabase, found, ids, log)
        keep_rights(metabase, roles, ids, log)
    finally:
        metabase.sign_out()
    return log


def plan(
    settings: Mapping[str, Any],
    people: list[Person],
    users: list[dict[str, Any]],
    memberships: Mapping[int, Mapping[int, int]],
    ids: Mapping[str, int],
    log: list[str],
) -> Plan:
    found = Plan()
    owners = owners_of(people, log)
    everything = settings["edition"] == "oss"
    administrator = settings["administrator"].lower()
    if not any(user["email"].lower() == administrator and user["is_active"] for user in users):
        raise MetabaseError(f"the break-glass account {administrator} is not among Metabase's active accounts")
    served: set[str] = set()
    for user in users:
        if user["email"].lower() == administrator:
            continue
        person = owners.get(user["email"].lower())
        found.active += user["is_active"]
        if person is None:
            if user["is_active"]:
                found.deactivate.append(user)
            continue
        if person.id in served and user["is_active"]:
            log.append(f"{user['email']}: a second account of {person.principal_name}")
        served.add(person.id)
        if not user["is_active"]:
            found.reactivate.append((user, person))
        wanted = {ids[role] for role in person.roles}
        present = memberships.get(user["id"], {})
        for group in sorted(set(ids.values())):
            if group in present and group not in wanted:
                found.remove.append((user, group, present[group]))
            elif group in wanted and group not in present and everything:
                found.add.append((user, group))
    if everything:
        found.create = [person for person in people if person.id not in served]
    return found


def owners_of(people: list[Person], log: list[str]) -> dict[str, Person]:
    """Address → the person. A sign-in name is one person's alone. A mail address that several share is nobody's: an account
    under it is not kept for any of them."""
    owners: dict[str, Person] = {}
    shared: set[str] = set()
    for person in people:
        mail = (person.mail or "").lower()
        if mail and owners.setdefault(mail, person).id != person.id:
            shared.add(mail)
    for mail in sorted(shared):
        log.append(f"{mail} is the mail address of several people, so no account is theirs by it")
        del owners[mail]
    return {**owners, **{person.principal_name.lower(): person for person in people}}


def apply(metabase: Metabase, found: Plan, ids: Mapping[str, int], log: list[str]) -> None:
    """Takes away first, so that a failure later never leaves somebody in who has left."""
    for user in found.deactivate:
        metabase.call("DELETE", f"/api/user/{user['id']}")
        log.append(f"{user['email']}: deactivated")
    for user, group, membership in found.remove:
        metabase.call("DELETE", f"/api/permissions/membership/{membership}")
        log.append(f"{user['email']}: taken out of group {group}")
    for user, person in found.reactivate:
        metabase.call("PUT", f"/api/user/{user['id']}/reactivate")
        log.append(f"{user['email']}: active again, as {person.principal_name} has {', '.join(sorted(person.roles))}")
    for user, group in found.add:
        _join(metabase, user["id"], group)
        log.append(f"{user['email']}: put into group {group}")
    for person in found.create:
        email = (person.mail or person.principal_name).lower()
        names = {"first_name": person.first_name, "last_name": person.last_name}
        # Metabase mails a link by which the person sets a password; nobody else ever knows one.
        created = metabase.call("POST", "/api/user", {"email": email, **{key: name for key, name in names.items() if name}})
        log.append(f"{email}: account made")
        for role in sorted(person.roles):
            _join(metabase, created["id"], ids[role])


def _join(metabase: Metabase, user: int, group: int) -> None:
    metabase.call("POST", "/api/permissions/membership", {"group_id": group, "user_id": user})


if __name__ == "__main__":
    main(reconcile)
