"""Runs the configuration through the situations that break Superset with Entra, and prints what happened as JSON."""

import json
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, Callable
from unittest import mock

import harness

settings, roles, config = (Path(argument).resolve() for argument in sys.argv[1:4])
seen: dict[str, Any] = {}


def refusal(action: Callable[[], Any]) -> str:
    """The message with which an action is refused, or `accepted`."""
    try:
        action()
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"
    return "accepted"


def observe_environment(work: Path) -> None:
    from entrada_environment import Environment

    seen["database_uri"] = Environment().database_uri()
    seen["redis_uri"] = Environment().redis_uri()
    seen["missing_secret"] = refusal(lambda: Environment().secret("unknown"))
    (work / "secrets" / "empty").write_text(" \n")
    seen["empty_secret"] = refusal(lambda: Environment().secret("empty"))
    seen["common_tenant"] = refusal(lambda: Environment({**os.environ, "AZURE_TENANT_ID": "common"}))
    seen["no_client_id"] = refusal(lambda: Environment({k: v for k, v in os.environ.items() if k != "ENTRA_CLIENT_ID"}))
    seen["no_settings"] = refusal(lambda: Environment({**os.environ, "SUPERSET_SETTINGS_FILE": "/nowhere/settings.json"}))


def observe_config(app: Any) -> None:
    names = (
        "SESSION_SERVER_SIDE SESSION_TYPE SESSION_USE_SIGNER SESSION_REFRESH_EACH_REQUEST SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY "
        "SESSION_COOKIE_SAMESITE AUTH_ROLES_SYNC_AT_LOGIN AUTH_USER_REGISTRATION_ROLE AUTH_RATE_LIMITED RATELIMIT_ENABLED "
        "ENABLE_PROXY_FIX TALISMAN_ENABLED PUBLIC_ROLE_LIKE LOGOUT_REDIRECT_URL AUTH_API_LOGIN_ALLOW_MULTIPLE_PROVIDERS"
    )
    seen["config"] = {name: app.config[name] for name in names.split()}
    seen["session_seconds"] = app.permanent_session_lifetime.total_seconds()
    seen["keys_differ"] = app.config["SECRET_KEY"] != app.config["PREVIOUS_SECRET_KEY"]
    import entrada_tasks
    from superset.extensions import celery_app

    seen["celery_task"] = entrada_tasks.keep_roles.name
    seen["celery_schedule"] = sorted(celery_app.conf.beat_schedule)
    seen["celery_broker"] = celery_app.conf.broker_url.split(":")[0]


def observe_roles(app: Any) -> None:
    sign_in, claims = harness.sign_in, harness.claims
    bob = {"oid": "bob", "upn": "bob@contoso.com"}
    seen["mapping"] = {
        value: sign_in(app, claims(oid=f"p-{value}", upn=f"p-{value}@contoso.com", roles=[value]))
        for value in app.config["AUTH_ROLES_MAPPING"]
        if ":" not in value
    }
    seen["several"] = sign_in(app, claims(**bob, roles=["Alpha", "Gamma"]))
    seen["promoted"] = sign_in(app, claims(**bob, roles=["Admin"]))
    seen["demoted"] = sign_in(app, claims(**bob, roles=["Gamma"]))
    seen["emptied"] = sign_in(app, claims(**bob))
    seen["no_claim"] = sign_in(app, claims(oid="eve", upn="eve@contoso.com", roles=None))
    seen["partner_role"] = sign_in(app, claims(oid="eve", upn="eve@contoso.com", roles=["acme:acme-viewers"]))
    seen["unknown_role"] = sign_in(app, claims(oid="eve", upn="eve@contoso.com", roles=["Owner"]))
    with app.app_context():
        from superset import security_manager

        seen["stored_roles_after_emptied"] = [role.name for role in security_manager.find_user(username="bob").roles]
        seen["refused_person_stored"] = security_manager.find_user(username="eve") is not None
    for name, person in {
        "other_audience": claims(aud="99999999-9999-4999-8999-999999999999", azp=harness.CLIENT, roles=["Admin"]),
        "other_tenant": claims(tid="99999999-9999-4999-8999-999999999999", roles=["Admin"]),
        "no_address": claims(upn=None, email=None, roles=["Admin"]),
        "unverified": None,
    }.items():
        seen[name] = refusal(lambda person=person: sign_in(app, person))
    with app.app_context():
        from superset import security_manager

        said = {"userinfo": claims(roles=["Admin"])}
        seen["without_id_token"] = refusal(lambda: security_manager.get_oauth_user_info("azure", said))
    seen["email_only"] = sign_in(app, claims(oid="guest", upn=None, email="guest@partner.example", roles=["Gamma"]))


def observe_doors(app: Any) -> None:
    with app.app_context():
        from superset import security_manager

        admin = [security_manager.find_role("Admin")]
        security_manager.add_user("local", "Local", "Admin", "local@contoso.com", admin, password="local-password")
    client = app.test_client()
    login = {"username": "local", "password": "local-password", "refresh": True}
    base = {"base_url": "https://superset.data.contoso.com"}
    seen["password_api"] = client.post("/api/v1/security/login", json={**login, "provider": "db"}, **base).status_code
    seen["ldap_api"] = client.post("/api/v1/security/login", json={**login, "provider": "ldap"}, **base).status_code
    seen["password_form"] = client.post("/login/", data=login, **base).status_code
    seen["registration"] = [client.get(path, **base).status_code for path in ("/register/form", "/register/")]
    stranger = client.post("/superset/log/?explode=events", data={"events": "[]"}, **base)
    seen["strangers_usage"] = [stranger.status_code, stranger.headers.get("Set-Cookie")]
    page = client.get("/login/", **base)
    seen["login_page"] = page.status_code
    seen["headers"] = {name: page.headers.get(name) for name in ("Content-Security-Policy", "Strict-Transport-Security")}
    seen["health"] = client.get("/health", base_url="http://10.0.0.7:8088").status_code


def observe_flow(app: Any, work: Path) -> None:
    from entra import BASE, sign_in

    person = {"oid": "flow", "upn": "flow@contoso.com"}
    first = sign_in(app, **person, roles=["Admin"])
    (work / "azure-identity-token").write_text("second-token\n")
    second = sign_in(app, **person, roles=["Alpha"])
    seen["flow"] = {"first": without_browser(first), "second": without_browser(second)}
    for name, changes in {
        "wrong_issuer": {"iss": "https://login.microsoftonline.com/99999999-9999-4999-8999-999999999999/v2.0"},
        "wrong_audience": {"aud": "99999999-9999-4999-8999-999999999999", "azp": harness.CLIENT},
        "wrong_nonce": {"nonce": "replayed"},
        "no_role": {"roles": []},
    }.items():
        seen[f"flow_{name}"] = sign_in(app, **{**person, "roles": ["Admin"], **changes})["status"]
    browser = sign_in(app, **person, roles=["Admin"])["browser"]
    seen["session_before_end"] = browser.get("/api/v1/me/", **BASE).status_code
    with mock.patch("entrada_security.time.time", lambda: time.monotonic() + 10**10):
        seen["session_after_end"] = browser.get("/api/v1/me/", **BASE).status_code


def observe_partners(app: Any) -> None:
    from entra import partner_sign_in, sign_in

    issuer = "https://acme.okta.com"
    acme = partial(partner_sign_in, app, "acme", issuer)
    seen["partner_flow"] = without_browser(acme(groups=["acme-viewers", "unknown"]))
    for name, changes in {
        # Groups named like Entra's roles, and a group that the settings wrongly map to an admin role.
        "own_roles": {"groups": ["Admin", "Alpha", "acme:acme-viewers"]},
        "admin_group": {"groups": ["acme-admins"]},
        "no_groups": {"groups": None},
        "groups_as_text": {"groups": "acme-viewers"},
        "wrong_issuer": {"iss": "https://evil.okta.com", "groups": ["acme-viewers"]},
        "wrong_audience": {"aud": "0oa1other", "azp": "0oa1acmesuperset", "groups": ["acme-viewers"]},
        "several_audiences": {"aud": ["0oa1acmesuperset", "0oa1other"], "azp": "0oa1acmesuperset", "groups": ["acme-viewers"]},
        "wrong_nonce": {"nonce": "replayed", "groups": ["acme-viewers"]},
        "no_subject": {"sub": None, "groups": ["acme-viewers"]},
    }.items():
        seen[f"partner_{name}"] = acme(**changes)["roles"]
    # The partner takes the mail address and the object id of somebody of Entra.
    sign_in(app, oid="clara", upn="clara@contoso.com", roles=["Admin"])
    seen["partner_same_mail"] = acme(sub="clara", oid="clara", email="clara@contoso.com", groups=["acme-viewers"])["roles"]
    seen["partner_before_entra"] = acme(sub="later", email="later@contoso.com", groups=["acme-viewers"])["roles"]
    seen["entra_after_partner"] = sign_in(app, oid="later", upn="later@contoso.com", roles=["Alpha"])["roles"]
    seen["partner_other_case"] = acme(sub="00ukai", email="other@acme.com", groups=["acme-viewers"])["roles"]
    with app.app_context():
        from superset import security_manager

        users = security_manager.get_all_users()
        seen["partner_users"] = sorted(user.email for user in users if user.username.startswith("acme:"))
        seen["clara_roles"] = [role.name for role in security_manager.find_user(username="clara").roles]
        security_manager.add_user("by-hand", "By", "Hand", "taken@contoso.com", [security_manager.find_role("Admin")])
    seen["entra_taken_mail"] = sign_in(app, oid="taken", upn="taken@contoso.com", roles=["Alpha"])["roles"]
    from entrada_partners import partner_provider

    seen["partner_reserved"] = refusal(lambda: partner_provider({"key": "azure"}, "secret"))


def without_browser(flow: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in flow.items() if name != "browser"}


def observe_import(app: Any) -> None:
    with app.app_context():
        from entrada_roles import import_roles
        from superset import db, security_manager
        from superset.models.core import Database

        def granted(name: str) -> list[str] | None:
            role = security_manager.find_role(name)
            return sorted(str(permission) for permission in role.permissions if "managed by" not in str(permission)) if role else None

        before = [{"name": "reader", "databases": {"lake": ["sales", "hr"]}}, {"name": "leaver", "databases": {"lake": ["*"]}}]
        import_roles(before)
        seen["import_without_database"] = granted("reader")
        db.session.add(Database(database_name="lake", sqlalchemy_uri="postgresql://reader@lake.internal/analytics"))
        db.session.commit()
        import_roles(before)
        seen["import_added"] = {"reader": granted("reader"), "leaver": granted("leaver")}
        seen["import_again"] = import_roles(before).lines
        by_hand = security_manager.add_role("by-hand")
        person = security_manager.add_user("holder", "H", "H", "holder@contoso.com", [security_manager.find_role("leaver"), by_hand])
        extra = security_manager.add_permission_view_menu("schema_access", "[lake].[analytics].[payroll]")
        security_manager.add_permission_role(security_manager.find_role("reader"), extra)
        seen["import_removed_lines"] = import_roles([{"name": "reader", "databases": {"lake": ["sales"]}}]).lines
        seen["import_removed"] = {"reader": granted("reader"), "leaver": granted("leaver"), "by-hand": granted("by-hand")}
        db.session.refresh(person)
        seen["holder_roles"] = [role.name for role in person.roles]
        seen["import_reserved"] = refusal(lambda: import_roles([{"name": "Admin", "databases": {}}]))
        # What every later version of the image goes through: init gives all permissions, marks among them, to Superset's roles.
        security_manager.sync_role_definitions()
        copied = security_manager.add_role("copy-by-hand")
        copied.permissions = list(security_manager.find_role("reader").permissions)
        db.session.commit()
        seen["import_after_init"] = import_roles([{"name": "reader", "databases": {"lake": ["sales"]}}]).lines
        seen["kept_after_init"] = [name for name in ("Admin", "Alpha", "Gamma", "copy-by-hand") if security_manager.find_role(name)]
        seen["admin_kept"] = security_manager.find_role("Admin") is not None


with tempfile.TemporaryDirectory() as folder:
    harness.prepare(Path(folder), config, settings, roles)
    observe_environment(Path(folder))
    application = harness.make_app()
    observe_config(application)
    observe_roles(application)
    observe_doors(application)
    observe_flow(application, Path(folder))
    observe_partners(application)
    observe_import(application)
    print(json.dumps(seen))
