"""Superset's configuration: settings from a file, ids from the environment, secrets from mounted files."""

import sys
from datetime import timedelta
from pathlib import Path

from cachelib.redis import RedisCache
from celery.schedules import crontab
from flask_appbuilder.security.manager import AUTH_OAUTH
from redis import Redis

# Superset loads this file by its path, so its neighbours are not importable without this. Links are not followed: in a
# ConfigMap volume they lead to a folder that goes away when the map changes.
sys.path.insert(0, str(Path(__file__).absolute().parent))

from entrada_environment import Environment  # noqa: E402
from entrada_identity import entra_provider, federated_client  # noqa: E402
from entrada_partners import partner_mapping, partner_provider  # noqa: E402
from entrada_security import ADMIN_ROLES, EntradaSecurityManager, guard_sessions  # noqa: E402

_environment = Environment()
_settings = _environment.settings
_partners = _settings["partners"]
_redis_uri = _environment.redis_uri()
_redis = Redis.from_url(_redis_uri)

# --- Keys and stores -------------------------------------------------------------------------------------------------
SECRET_KEY = _environment.secret("secret-key")
# The key of the rotation window before: `superset re-encrypt-secrets` reads it after a rotation.
PREVIOUS_SECRET_KEY = _environment.secret("previous-secret-key")
SQLALCHEMY_DATABASE_URI = _environment.database_uri()


def _cache(prefix: str, seconds: int) -> dict:
    return {
        "CACHE_TYPE": "RedisCache",
        "CACHE_REDIS_URL": _redis_uri,
        "CACHE_KEY_PREFIX": f"superset-{prefix}-",
        "CACHE_DEFAULT_TIMEOUT": seconds,
    }


CACHE_CONFIG = _cache("cache", 86_400)
DATA_CACHE_CONFIG = _cache("data", 3_600)
FILTER_STATE_CACHE_CONFIG = _cache("filter", 7_776_000)
EXPLORE_FORM_DATA_CACHE_CONFIG = _cache("explore", 604_800)
RESULTS_BACKEND = RedisCache(host=_redis, key_prefix="superset-results-")

# --- Sign-in ---------------------------------------------------------------------------------------------------------
ENTRA_CLIENT_ID = _environment.client_id
ENTRA_TENANT_ID = _environment.tenant_id
ENTRA_ISSUER = _environment.issuer
AUTH_TYPE = AUTH_OAUTH
OAUTH_PROVIDERS = [
    entra_provider(ENTRA_CLIENT_ID, _environment.authority, federated_client(_environment.token_file)),
    *(partner_provider(partner, _environment.secret(f"partner-{partner['key']}-client-secret")) for partner in _partners),
]
ENTRADA_PARTNERS = {partner["key"]: partner for partner in _partners}
CUSTOM_SECURITY_MANAGER = EntradaSecurityManager
AUTH_USER_REGISTRATION = True
# Empty on purpose: what stands here is added to everybody's roles at every sign-in.
AUTH_USER_REGISTRATION_ROLE = ""
AUTH_ROLES_SYNC_AT_LOGIN = True
AUTH_ROLES_MAPPING = {**_settings["roles"], **partner_mapping(_partners, ADMIN_ROLES)}
PUBLIC_ROLE_LIKE = None
# The password API (`/api/v1/security/login`) answers for the configured sign-in alone, which has no passwords.
AUTH_API_LOGIN_ALLOW_MULTIPLE_PROVIDERS = False
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = "5 per second"
RATELIMIT_ENABLED = True
RATELIMIT_STORAGE_URI = _redis_uri
RATELIMIT_KEY_PREFIX = "superset-limit"
# Leaving Superset alone would sign straight in again, so leaving ends the Entra session too.
LOGOUT_REDIRECT_URL = f"{_environment.authority}/oauth2/v2.0/logout"

# --- Sessions: on the server, because the access token alone outgrows a cookie -----------------------------------------
SESSION_SERVER_SIDE = True
SESSION_TYPE = "redis"
SESSION_REDIS = _redis
SESSION_KEY_PREFIX = "superset-session-"
SESSION_USE_SIGNER = True
SESSION_PERMANENT = True
SESSION_REFRESH_EACH_REQUEST = False
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
PERMANENT_SESSION_LIFETIME = timedelta(seconds=_settings["session"]["lifetimeSeconds"])
FLASK_APP_MUTATOR = guard_sessions

# --- Behind the gateway ----------------------------------------------------------------------------------------------
# One proxy is trusted; the gateway removes what callers put into these headers. Without this Entra gets an http redirect URI.
ENABLE_PROXY_FIX = True
PROXY_FIX_CONFIG = {"x_for": 1, "x_proto": 1, "x_host": 1, "x_port": 0, "x_prefix": 0}
PREFERRED_URL_SCHEME = "https"
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "frame-ancestors": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    # The gateway ends TLS and redirects; probes reach the pod without it.
    "force_https": False,
    "session_cookie_secure": True,
}
LOG_LEVEL = _settings["logLevel"].upper()


# --- Background work -------------------------------------------------------------------------------------------------
class CeleryConfig:
    """Queues and results in Redis. Tasks: Superset's own, and the one that keeps declared roles as declared."""

    broker_url = _redis_uri
    result_backend = _redis_uri
    broker_transport_options = {"global_keyprefix": "superset-queue-"}
    result_backend_transport_options = {"global_keyprefix": "superset-task-"}
    broker_connection_retry_on_startup = True
    imports = (
        "superset.sql_lab",
        "superset.tasks.scheduler",
        "superset.tasks.thumbnails",
        "superset.tasks.cache",
        "entrada_tasks",
    )
    worker_prefetch_multiplier = 1
    task_acks_late = False
    task_annotations = {"sql_lab.get_sql_results": {"rate_limit": "100/s"}}
    beat_schedule = {
        "reports.scheduler": {"task": "reports.scheduler", "schedule": crontab(minute="*", hour="*"), "options": {"expires": 604_800}},
        "reports.prune_log": {"task": "reports.prune_log", "schedule": crontab(minute=0, hour=0)},
        "entrada.roles": {"task": "entrada.roles", "schedule": crontab(minute="*/10")},
    }


CELERY_CONFIG = CeleryConfig
