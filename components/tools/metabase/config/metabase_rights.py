"""Groups of Metabase, one for each role, and what they may query.

Metabase gives every account its group All Users, and All Users the right to query each database that is connected and to
change the root collection. Both are taken away here, again and again: a database that is connected later opens itself anew.
"""

from __future__ import annotations

from typing import Any, Mapping

from metabase_api import Metabase, MetabaseError

# Groups of this prefix are ours: made, and removed with their role. Groups made by hand are left alone.
PREFIX = "entrada-"
NATIVE, BUILDER, NONE = "query-builder-and-native", "query-builder", "no"


def group_ids(metabase: Metabase, roles: Mapping[str, Mapping[str, Any]], change: bool, log: list[str]) -> dict[str, int]:
    """Role → id of its group.

    :param roles: `roles` of the settings: each has `admin` and `group`
    :param change: whether to make what is missing and remove what is no longer declared; else a missing group is an error
    """
    rows = metabase.groups()
    found = {row["name"]: row["id"] for row in rows}
    ids: dict[str, int] = {}
    for role, settings in roles.items():
        name = settings["group"]
        if settings["admin"]:
            ids[role] = _magic(rows, "admin", "Administrators")
        elif name in found:
            ids[role] = found[name]
        elif change:
            created = metabase.call("POST", "/api/permissions/group", {"name": name})
            ids[role] = created["id"]
            log.append(f"group {name} made")
        else:
            raise MetabaseError(f"the group {name} is missing: run the job metabase-bootstrap again")
    declared = {settings["group"] for settings in roles.values()}
    for name, id in sorted(found.items()):
        if change and name.startswith(PREFIX) and name not in declared:
            metabase.call("DELETE", f"/api/permissions/group/{id}")
            log.append(f"group {name} removed, as no role has it any more")
    return ids


def keep_rights(metabase: Metabase, roles: Mapping[str, Mapping[str, Any]], ids: Mapping[str, int], log: list[str]) -> None:
    """Brings what All Users and our groups may query and curate to what is declared. Rights to view are left alone: in
    Metabase's paid editions they may have been narrowed by hand."""
    everybody = _magic(metabase.groups(), "all-internal-users", "All Users")
    queries = {ids[role]: settings["queries"] for role, settings in roles.items() if not settings["admin"]}
    _keep_queries(metabase, {everybody: {}, **queries}, log)
    _keep_collections(metabase, everybody, [id for id, granted in queries.items() if granted], log)


def _keep_queries(metabase: Metabase, declared: Mapping[int, Mapping[str, list[str]]], log: list[str]) -> None:
    graph = metabase.graph("permissions")
    databases = metabase.databases()
    known = {database["name"] for database in databases}
    missing = {name for granted in declared.values() for name in granted if name != "*" and name not in known}
    for name in sorted(missing):
        log.append(f"database {name} is not connected, so nobody was given rights on it")
    changes: dict[str, dict[str, Any]] = {}
    for database in databases:
        schemas = metabase.schemas(database["id"])
        for group, granted in declared.items():
            wanted = _wanted(granted.get(database["name"], granted.get("*", [])), schemas)
            present = _present(graph, group, database["id"])
            if _spread(present, schemas) != _spread(wanted, schemas):
                changes.setdefault(str(group), {})[str(database["id"])] = {"create-queries": wanted}
                log.append(f"group {group} on database {database['name']}: {wanted}")
    if changes:
        # The revision makes Metabase refuse (409) when somebody changed rights in between; the next run starts anew.
        metabase.call("PUT", "/api/permissions/graph", {"revision": graph["revision"], "groups": changes})


def _wanted(granted: list[str], schemas: list[str]) -> str | dict[str, str]:
    """The whole database comes with SQL; single schemas by the query builder alone, as SQL could read all of them."""
    if granted == ["*"]:
        return NATIVE
    if not set(granted) & set(schemas):
        return NONE
    return {schema: BUILDER if schema in granted else NONE for schema in schemas}


def _present(graph: Mapping[str, Any], group: int, database: int) -> str | dict[str, Any]:
    # Metabase leaves out what is not granted.
    return graph["groups"].get(str(group), {}).get(str(database), {}).get("create-queries", NONE)


def _spread(value: str | Mapping[str, Any], schemas: list[str]) -> str | dict[str, Any]:
    """One form for what Metabase tells in several: schemas that are all alike are told as one word."""
    if isinstance(value, str) and (value == NATIVE or not schemas):
        return value
    each = {schema: value if isinstance(value, str) else value.get(schema, NONE) for schema in schemas}
    return each if any(right != NONE for right in each.values()) else NONE


def _keep_collections(metabase: Metabase, everybody: int, curators: list[int], log: list[str]) -> None:
    graph = metabase.graph("collection")
    root = {group: graph["groups"].get(str(group), {}).get("root", "none") for group in [everybody, *curators]}
    changes = {str(group): {"root": "write"} for group in curators if root[group] != "write"}
    if root[everybody] == "write":
        changes[str(everybody)] = {"root": "read"}
    if changes:
        metabase.call("PUT", "/api/collection/graph", {"revision": graph["revision"], "groups": changes})
        log.append(f"root collection: {changes}")


def _magic(rows: list[dict[str, Any]], kind: str, name: str) -> int:
    """A group that Metabase itself keeps. Its name can be another, so its kind counts first."""
    for row in rows:
        if row.get("magic_group_type") == kind:
            return row["id"]
    for row in rows:
        if row["name"] == name:
            return row["id"]
    raise MetabaseError(f"Metabase has no group {name}")
