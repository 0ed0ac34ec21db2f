"""People's sign-in, read by Flask-AppBuilder. Everything else of Airflow stands in airflow.cfg."""

from entrada_airflow import AirflowPod
from entrada_airflow_security import ADMIN_ROLES, EntradaAirflowSecurityManager
from entrada_identity import entra_provider, federated_client
from entrada_partners import partner_mapping, partner_provider
from flask_appbuilder.const import AUTH_OAUTH

_pod = AirflowPod()
_partners = _pod.settings["partners"]

ENTRA_CLIENT_ID = _pod.client_id
ENTRA_TENANT_ID = _pod.tenant_id
ENTRA_ISSUER = _pod.issuer
ENTRADA_PARTNERS = {partner["key"]: partner for partner in _partners}

AUTH_TYPE = AUTH_OAUTH
SECURITY_MANAGER_CLASS = EntradaAirflowSecurityManager
OAUTH_PROVIDERS = [
    entra_provider(ENTRA_CLIENT_ID, _pod.authority, federated_client(_pod.token_file)),
    *(partner_provider(partner, _pod.secret(f"partner-{partner['key']}-client-secret")) for partner in _partners),
]
AUTH_USER_REGISTRATION = True
# Empty on purpose: what stands here would be added to everybody's roles at every sign-in.
AUTH_USER_REGISTRATION_ROLE = ""
AUTH_ROLES_SYNC_AT_LOGIN = True
AUTH_ROLES_MAPPING = {**_pod.settings["roles"], **partner_mapping(_partners, ADMIN_ROLES)}
# The password API (`/auth/api/v1/security/login`) answers for the configured sign-in alone, which has no passwords.
AUTH_API_LOGIN_ALLOW_MULTIPLE_PROVIDERS = False
