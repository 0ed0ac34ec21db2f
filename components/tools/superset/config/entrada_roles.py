"""
Makes Superset's dataset-limited roles equal to what the settings declare: adds what is missing and takes away what is no
longer declared. `superset fab import-roles` only ever adds, so access once given would stay for ever.
"""

import logging
from dataclasses import dataclass, field
from typing import Any, Iterable

log = logging.getLogger(__name__)

# A role that carries this permission with its own name was made here, and may be removed here. Nothing else checks for it.
# The name matters: `superset init` gives every permission to Admin, and somebody may copy a declared role by hand.
MARK = "managed by Entrada"

# Superset's own roles: declaring one of these would take away what Superset gives it.
RESERVED = frozenset({"Admin", "Alpha", "Gamma", "Public", "sql_lab"})


@dataclass
class Changes:
    """What one run did, as readable lines; empty when everything was as declared."""

    lines: list[str] = field(default_factory=list)

    def note(self, line: str) -> None:
        self.lines.append(line)
        log.info(line)


def import_roles(declared: list[dict[str, Any]]) -> Changes:
    """
    Brings the declared roles in line; needs Superset's application context. Roles that were not made here are never
    touched. A declared role whose name belongs to a role made by hand is taken over, so that the name means one thing.
    """
    from superset import db, security_manager

    names = {declaration["name"] for declaration in declared}
    if names & RESERVED:
        raise ValueError(f"these are Superset's own roles and cannot be declared: {', '.join(sorted(names & RESERVED))}")
    changes = Changes()
    for declaration in declared:
        role = security_manager.find_role(declaration["name"])
        if role is None:
            role = security_manager.add_role(declaration["name"])
            changes.note(f"role {role.name}: added")
        mark = security_manager.add_permission_view_menu(MARK, role.name)
        wanted = [mark, *(security_manager.add_permission_view_menu(*pair) for pair in _permissions(declaration))]
        _set_permissions(role, wanted, changes)
    for role in list(security_manager.get_all_roles()):
        if role.name not in names | RESERVED and _made_here(role):
            changes.note(f"role {role.name}: removed, it is no longer declared")
            for user in list(role.user):
                user.roles = [held for held in user.roles if held.id != role.id]
            db.session.delete(role)
    db.session.commit()
    return changes


def _made_here(role: Any) -> bool:
    return any((held.permission.name, held.view_menu.name) == (MARK, role.name) for held in role.permissions)


def _set_permissions(role: Any, wanted: list[Any], changes: Changes) -> None:
    before = set(role.permissions)
    for permission in set(wanted) - before:
        changes.note(f"role {role.name}: gains {permission}")
    for permission in before - set(wanted):
        changes.note(f"role {role.name}: loses {permission}")
    if before != set(wanted):
        role.permissions = wanted


def _permissions(declaration: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """
    Superset's own permission pairs. They contain the catalog and, for whole databases, the row id of the database, so a
    database must be registered in Superset first; until then the role exists and gives nothing from it.
    """
    from superset import db, security_manager
    from superset.models.core import Database

    for name, schemas in declaration["databases"].items():
        database = db.session.query(Database).filter_by(database_name=name).one_or_none()
        if database is None:
            log.warning("role %s: database '%s' is not registered in Superset yet", declaration["name"], name)
            continue
        if schemas == ["*"]:
            yield "database_access", security_manager.get_database_perm(database.id, name)
            continue
        catalog = database.get_default_catalog()
        for schema in schemas:
            yield "schema_access", security_manager.get_schema_perm(name, catalog, schema)


def main() -> None:
    """Run once, after migrations: `python entrada_roles.py`."""
    from entrada_environment import Environment
    from superset.app import create_app

    with create_app().app_context():
        changes = import_roles(Environment().roles)
    print("\n".join(changes.lines) or "roles: as declared")


if __name__ == "__main__":
    main()
