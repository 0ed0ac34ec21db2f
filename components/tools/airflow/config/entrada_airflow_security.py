"""Airflow's security manager of people, with the doors closed that Entra does not guard."""

from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride
from entrada_sign_in import EntradaSignIn

# Roles that change other people's rights. Partners never hold them.
ADMIN_ROLES = frozenset({"Admin"})


class EntradaAirflowSecurityManager(EntradaSignIn, FabAirflowSecurityManagerOverride):
    """Signs in who holds a role at Entra or at a partner, and nobody by password."""
