"""
Makes Airflow's custom roles equal to what the settings declare in `[fab] custom_roles`. Airflow itself only ever adds a
missing role: what it once gave would stay for ever. Run once, after migrations: `python entrada_airflow_roles.py`.
"""

import logging
from typing import Any

from airflow.providers.fab.www.security_manager import EXISTING_ROLES

log = logging.getLogger(__name__)

# A role that carries this permission with its own name was made here, and may be removed here. Nothing else checks for it.
# The name matters: Airflow gives every permission to Admin, and somebody may copy a declared role by hand.
MARK = "managed by Entrada"

Declared = dict[str, list[tuple[str, str]]]


def prepare(manager: Any, declared: Declared) -> None:
    """Makes the permissions known. Airflow refuses a declared role with a permission of a DAG that it has not parsed yet."""
    if set(declared) & EXISTING_ROLES:
        raise ValueError(f"these are Airflow's own roles and cannot be declared: {', '.join(sorted(set(declared) & EXISTING_ROLES))}")
    for pairs in declared.values():
        for action, resource in pairs:
            manager.create_permission(action, resource)


def keep_roles(manager: Any, declared: Declared) -> list[str]:
    """Brings the declared roles in line and removes what was declared once; returns what it changed, as readable lines."""
    changes: list[str] = []
    for name, pairs in declared.items():
        role = manager.find_role(name) or manager.add_role(name)
        # Airflow's pages need the last one; Airflow adds it to every custom role.
        wanted = [manager.create_permission(*pair) for pair in [*pairs, (MARK, name), ("can_read", "Website")]]
        changes += [f"role {name}: gains {permission}" for permission in set(wanted) - set(role.permissions)]
        changes += [f"role {name}: loses {permission}" for permission in set(role.permissions) - set(wanted)]
        role.permissions = list(set(wanted))
    for role in manager.get_all_roles():
        if role.name in declared.keys() | EXISTING_ROLES or not _made_here(role):
            continue
        changes.append(f"role {role.name}: removed, it is no longer declared")
        for user in manager.get_all_users():
            user.roles = [held for held in user.roles if held.id != role.id]
        manager.session.delete(role)
    manager.session.commit()
    return changes


def _made_here(role: Any) -> bool:
    return any((held.action.name, held.resource.name) == (MARK, role.name) for held in role.permissions)


def main() -> None:
    from airflow.configuration import conf
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    declared = {
        name: [(item["action"], item["resource"]) for item in items]
        for name, items in conf.getjson("fab", "custom_roles", fallback={}).items()
    }
    with get_application_builder() as appbuilder:
        prepare(appbuilder.sm, declared)
        # What `airflow sync-perm` does: permissions of all views first, then Airflow's own roles.
        appbuilder.add_permissions(update_perms=True)
        appbuilder.sm.sync_roles()
        changes = keep_roles(appbuilder.sm, declared)
    print("\n".join(changes) or "roles: as declared")


if __name__ == "__main__":
    main()
