"""
Loads the deployed configuration in real Superset, with stand-ins for what a pod has around it: secret files, ids, an
SQLite file for PostgreSQL and an in-memory Redis. The configuration's own files are used as they are.
"""

import os
import sys
from pathlib import Path
from typing import Any
from unittest import mock

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
AUTHORITY = "https://login.microsoftonline.com/"
SECRETS = ("secret-key", "previous-secret-key", "database-password", "redis-password", "partner-acme-client-secret")


def prepare(work: Path, config: Path, settings: Path, roles: Path) -> None:
    """Lays out what the kubelet would: secret files, the projected token and the environment."""
    secrets = work / "secrets"
    secrets.mkdir(exist_ok=True)
    for name in SECRETS:
        (secrets / name).write_text(f"value-of-{name}-{'x' * 32}")
    token = work / "azure-identity-token"
    token.write_text("first-token")
    os.environ.update(
        SUPERSET_CONFIG_PATH=str(config / "superset_config.py"),
        SUPERSET_SETTINGS_FILE=str(settings),
        SUPERSET_ROLES_FILE=str(roles),
        SUPERSET_SECRETS_FOLDER=str(secrets),
        SUPERSET_HOME=str(work / "home"),
        ENTRA_CLIENT_ID=CLIENT,
        AZURE_TENANT_ID=TENANT,
        AZURE_AUTHORITY_HOST=AUTHORITY,
        AZURE_FEDERATED_TOKEN_FILE=str(token),
        SCARF_ANALYTICS="false",
    )
    sys.path.insert(0, str(config))


def make_app() -> Any:
    """The real application, with its tables, Superset's own roles (as `superset init` makes them) and the declared ones."""
    import fakeredis
    import redis

    server = fakeredis.FakeServer()

    def from_url(url: str, **options: Any) -> Any:
        return fakeredis.FakeRedis(server=server, **{k: v for k, v in options.items() if k == "decode_responses"})

    mock.patch.object(redis.Redis, "from_url", from_url).start()
    mock.patch.object(redis, "from_url", from_url).start()
    from entrada_environment import Environment

    database = f"sqlite:///{os.environ['SUPERSET_HOME']}.db"
    # The limiter takes only its own storages; memory stands for Redis.
    with (
        mock.patch.object(Environment, "database_uri", lambda _: database),
        mock.patch("flask_limiter.Limiter.init_app", _memory_limits()),
    ):
        from superset.app import create_app

        app = create_app()
    with app.app_context():
        from flask_appbuilder import Model
        from superset import db, security_manager

        Model.metadata.create_all(db.engine)
        for name in ("Admin", "Alpha", "Gamma", "Public", "sql_lab"):
            role = security_manager.add_role(name)
            # One permission stands for all that `superset init` would give: to ask who one is.
            if name != "Public":
                security_manager.add_permission_role(role, security_manager.add_permission_view_menu("can_read", "CurrentUserRestApi"))
        from entrada_roles import import_roles

        import_roles(Environment().roles)
    return app


def _memory_limits() -> Any:
    import flask_limiter

    original = flask_limiter.Limiter.init_app

    def init_app(self: Any, app: Any) -> Any:
        app.config["RATELIMIT_STORAGE_URI"] = "memory://"
        return original(self, app)

    return init_app


def claims(**changes: Any) -> dict[str, Any]:
    """Verified claims of a person, as Authlib hands them over."""
    person = {
        "oid": "33333333-3333-4333-8333-333333333333",
        "tid": TENANT,
        "aud": CLIENT,
        "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
        "upn": "ana.lima@contoso.com",
        "email": "ana@contoso.com",
        "given_name": "Ana",
        "family_name": "Lima",
        "roles": [],
    }
    person.update(changes)
    return {name: value for name, value in person.items() if value is not None}


def sign_in(app: Any, person: dict[str, Any]) -> list[str] | None:
    """What Superset's sign-in gives this person: the role names, or None when it refuses."""
    from superset import security_manager

    with app.test_request_context("/oauth-authorized/azure"):
        answer = {"userinfo": person, "id_token": "which Authlib verified"}
        user = security_manager.auth_user_oauth(security_manager.get_oauth_user_info("azure", answer))
        return sorted(role.name for role in user.roles) if user else None
