"""Runs the configuration through the situations that break Airflow with Entra, and prints what happened as JSON."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable

import provider

import harness

seen: dict[str, Any] = {}
OTHER = "99999999-9999-4999-8999-999999999999"


def refusal(action: Callable[[], Any]) -> str:
    """The message with which an action is refused, or `accepted`."""
    try:
        action()
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"
    return "accepted"


def observe_values(work: Path) -> None:
    from airflow.configuration import conf

    names = ("core auth_manager", "core fernet_key", "api base_url", "api secret_key", "api_auth jwt_secret", "fab cookie_secure",
             "fab session_backend", "fab session_max_lifetime_minutes", "fab enable_proxy_fix", "usage_data_collection enabled")  # fmt: skip
    seen["config"] = {name: conf.get(*name.split()) for name in names}
    from entrada_airflow import AirflowValues

    seen["database_uris"] = [AirflowValues().database(), AirflowValues().database_async()]
    variables = {**os.environ, "ENTRADA_TRIGGER_CLIENTS": f"crm={OTHER}"}
    from entrada_airflow import AirflowPod

    seen["missing_trigger"] = refusal(lambda: AirflowPod(variables).applications())
    backend = conf._get_custom_secret_backend()  # noqa: SLF001
    seen["vault"] = {
        "class": type(backend).__name__,
        "url": backend.vault_url,
        "variables": backend.variables_prefix,
        "config": backend.config_prefix,
        "secret": backend.build_path(backend.connections_prefix, "warehouse", backend.sep),
    }


def observe_worker(work: Path) -> None:
    """A worker has no secret at all: it must start without one, and look for connections in the vault, then at the API server."""
    script = """
import json
import airflow.settings
from airflow.sdk.configuration import conf
from airflow.sdk.execution_time.supervisor import ensure_secrets_backend_loaded
print(json.dumps({"api": conf.get("core", "execution_api_server_url"), "backends": [type(b).__name__ for b in ensure_secrets_backend_loaded()]}))
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW__", "ENTRA_"))}
    environment |= {"AIRFLOW_CONFIG": str(work / "settings" / "worker.cfg"), "ENTRADA_SECRETS_FOLDER": "/nowhere"}
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    seen["worker"] = json.loads(run.stdout.strip().splitlines()[-1]) if run.returncode == 0 else run.stderr[-2000:]


def observe_worker_pod(work: Path) -> None:
    """The executor's own code makes a task's pod of the template."""
    from datetime import datetime, timezone

    from airflow.providers.cncf.kubernetes.pod_generator import PodGenerator

    pod = PodGenerator.construct_pod(
        dag_id="sales", run_id="run", task_id="load", pod_id="sales-load-1", try_number=1, map_index=-1, kube_image=None,
        date=datetime(2026, 11, 23, tzinfo=timezone.utc), args=["python", "-m", "airflow.sdk.execution_time.execute_workload"],
        pod_override_object=None, base_worker_pod=PodGenerator.deserialize_model_file(str(work / "settings" / "worker-pod.json")),
        namespace="airflow", scheduler_job_id="1",
    )  # fmt: skip
    container = pod.spec.containers[0]
    seen["worker_pod"] = {
        "containers": len(pod.spec.containers),
        "name": container.name,
        "image": container.image,
        "command": container.command,
        "args": container.args,
        "account": pod.spec.service_account_name,
        "automount": pod.spec.automount_service_account_token,
        "read_only": container.security_context.read_only_root_filesystem,
        "non_root": pod.spec.security_context.run_as_non_root,
        "component": pod.metadata.labels["app.kubernetes.io/component"],
        "federated": pod.metadata.labels["azure.workload.identity/use"],
        "variables_from": [source.config_map_ref.name for source in container.env_from],
        "volumes": [volume.name for volume in pod.spec.volumes],
        "restart": pod.spec.restart_policy,
    }


def observe_tokens(client: Callable[[], Any]) -> None:
    from joserfc.jwk import OctKey, RSAKey
    from flow import lifetime, roles_of

    entra, claims = provider.entra(harness.TENANT), harness.application_claims
    browser = client()

    def ask(token: str, path: str = "/auth/token") -> Any:
        with entra.reachable():
            return browser.post(path, json={}, headers={"Authorization": f"Bearer {token}"})

    right = ask(entra.sign(claims()))
    token = right.json()["access_token"]
    seen["token"] = {"status": right.status_code, "seconds": lifetime(token), "roles": roles_of(f"application:{claims()['oid']}")}
    bearer = {"Authorization": f"Bearer {token}"}
    seen["token_rights"] = {
        # Op writes variables and starts runs (404: there is no such DAG), and sees no users.
        "variable": browser.post("/api/v2/variables", json={"key": "k", "value": "v"}, headers=bearer).status_code,
        "run": browser.post("/api/v2/dags/none/dagRuns", json={"logical_date": None}, headers=bearer).status_code,
        "users": browser.get("/auth/fab/v1/users", headers=bearer).status_code,
    }
    with entra.reachable():
        seen["token_in_body"] = browser.post("/auth/token", json={"access_token": entra.sign(claims())}).status_code
        seen["token_with_password"] = browser.post(
            "/auth/token", json={"username": "a", "password": "b"}, headers={"Authorization": f"Bearer {entra.sign(claims())}"}
        ).status_code
    seen["token_cli_seconds"] = lifetime(ask(entra.sign(claims()), "/auth/token/cli").json()["access_token"])
    uri = f"api://{harness.TENANT}/airflow-dev"
    seen["token_identifier_uri"] = ask(entra.sign(claims(aud=uri))).status_code
    custom = claims(azp=harness.TRIGGER_CLIENTS["crm"], oid="crm-object", sub="crm-object", roles=["trigger-sales-runner"])
    seen["token_custom_role"] = [ask(entra.sign(custom)).status_code, roles_of("application:crm-object")]

    issuer = f"https://login.microsoftonline.com/{OTHER}/v2.0"
    other_key = RSAKey.generate_key(2048, {"kid": "test-key"})
    unknown_key = RSAKey.generate_key(2048, {"kid": "unknown"})
    refused = {
        "audience": entra.sign(claims(aud=OTHER)),
        "graph_audience": entra.sign(claims(aud="00000003-0000-0000-c000-000000000000")),
        "issuer": entra.sign(claims(iss=issuer)),
        "v1_issuer": entra.sign(claims(iss=f"https://sts.windows.net/{harness.TENANT}/")),
        "tenant": entra.sign(claims(tid=OTHER)),
        "application": entra.sign(claims(azp=OTHER)),
        "no_application": entra.sign(claims(azp=None)),
        "role": entra.sign(claims(roles=["Op"])),
        "role_of_another": entra.sign(claims(roles=["trigger-sales-runner"])),
        "no_role": entra.sign(claims(roles=None)),
        "role_as_text": entra.sign(claims(roles="trigger-Op")),
        "expired": entra.sign(claims(exp=1_700_000_000)),
        "not_yet": entra.sign(claims(nbf=4_000_000_000)),
        "no_end": entra.sign({**claims(), "exp": None}),
        "person": entra.sign(claims(scp="user_impersonation")),
        "person_subject": entra.sign(claims(sub="somebody")),
        "person_type": entra.sign(claims(idtyp="user")),
        "other_key": entra.sign(claims(), other_key),
        "unknown_key": entra.sign(claims(), unknown_key),
        "hmac": entra.sign(claims(), OctKey.generate_key(256, {"kid": "test-key"}), "HS256"),
        "none": _unsigned(claims()),
        "no_token": "",
        "garbage": "a.b.c",
        "airflow_token": token,
    }
    seen["token_refused"] = {name: ask(wrong).status_code for name, wrong in refused.items()}
    passwords = {"username": "local", "password": "local-password"}
    seen["passwords"] = {path: browser.post(path, json=passwords).status_code for path in ("/auth/token", "/auth/token/cli")}

    from airflow.providers.fab.auth_manager.models import Role, User
    from airflow.utils.session import create_session
    from sqlalchemy import select

    def change(action: Callable[[Any, Any], None]) -> None:
        with create_session() as session:
            action(session.scalars(select(User).where(User.username == f"application:{claims()['oid']}")).unique().one(), session)

    # Somebody gives the application's user more by hand: the next token takes it away again.
    change(lambda user, session: setattr(user, "roles", [session.scalars(select(Role).where(Role.name == "Admin")).unique().one()]))
    ask(entra.sign(claims()))
    seen["token_after_promotion"] = roles_of(f"application:{claims()['oid']}")
    change(lambda user, _: setattr(user, "active", False))
    seen["token_switched_off"] = ask(entra.sign(claims())).status_code
    seen["token_switched_off_old"] = browser.get("/api/v2/variables", headers=bearer).status_code


def _unsigned(claims: dict[str, Any]) -> str:
    import jwt

    return jwt.encode({**claims, "iat": 1, "nbf": 1, "exp": 4_000_000_000}, None, algorithm="none", headers={"kid": "test-key"})


def observe_keys() -> None:
    from entrada_access_tokens import Refused, SigningKeys

    entra = provider.entra(harness.TENANT)
    now = [0.0]
    keys = SigningKeys(entra.metadata["jwks_uri"], clock=lambda: now[0])

    def find(kid: str, at: float) -> str:
        now[0] = at
        with entra.reachable():
            try:
                keys.find(kid)
            except Refused:
                return f"unknown after {len(entra.requests)}"
        return f"known after {len(entra.requests)}"

    steps = [("test-key", 0), ("test-key", 30), ("new", 40), ("new", 70), ("new", 80), ("test-key", 4_000)]
    seen["keys"] = [find(kid, at) for kid, at in steps]
    entra.answer = lambda url: (_ for _ in ()).throw(ValueError("out of order"))
    seen["keys_out_of_order"] = [find("test-key", 8_000), find("test-key", 91_000)]


def observe_people(client: Callable[[], Any], work: Path) -> None:
    from flow import partner_sign_in, roles_of, sign_in

    def person(name: str, roles: Any, **changes: Any) -> dict[str, Any]:
        return sign_in(client, oid=name, upn=f"{name}@contoso.com", roles=roles, **changes)

    seen["mapping"] = {value: person(f"p-{value}", [value])["roles"] for value in ("Admin", "Op", "User", "Viewer", "sales-runner")}
    first = person("flow", ["Op", "Viewer"])
    (work / "azure-identity-token").write_text("second-token\n")
    second = person("flow", ["Viewer"])
    seen["flow"] = {"first": _plain(first), "second": _plain(second)}
    seen["emptied"] = [person("flow", [])["signed_in"], roles_of("flow")]
    seen["unmapped"] = [person("eve", roles)["signed_in"] for roles in (None, ["Owner"], ["trigger-Op"], ["acme:acme-viewers"])]
    seen["refused_person_stored"] = roles_of("eve")
    seen["wrong"] = {
        name: person("flow", ["Admin"], **changes)["signed_in"]
        for name, changes in {
            "issuer": {"iss": f"https://login.microsoftonline.com/{OTHER}/v2.0"},
            "audience": {"aud": OTHER, "azp": harness.CLIENT},
            "tenant": {"tid": OTHER},
            "nonce": {"nonce": "replayed"},
        }.items()
    }
    seen["partner"] = _plain(partner_sign_in(client, groups=["acme-viewers", "Admin"]))
    seen["partner_same_mail"] = partner_sign_in(client, sub="flow", email="flow@contoso.com", groups=["acme-viewers"])["roles"]
    seen["partner_admin_group"] = partner_sign_in(client, sub="root", email="root@acme.com", groups=["acme-admins"])["roles"]
    seen["partner_no_group"] = partner_sign_in(client, sub="nobody", email="nobody@acme.com", groups=["Admin", "Op"])["signed_in"]


def _plain(flow: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in flow.items() if name != "browser"}


def observe_doors(client: Callable[[], Any]) -> None:
    from airflow.api_fastapi.app import get_auth_manager

    manager = get_auth_manager()
    with manager.flask_app.app_context():
        security = manager.security_manager
        security.add_user("local", "Local", "Admin", "local@contoso.com", security.find_role("Admin"), password="local-password")
        seen["password_checks"] = [security.auth_user_db("local", "local-password"), security.auth_user_ldap("local", "local-password")]
    login = {"username": "local", "password": "local-password", "provider": "db", "refresh": True}
    browser = client()
    seen["password_api"] = browser.post("/auth/api/v1/security/login", json=login).status_code
    seen["password_form"] = browser.post("/auth/login/", data=login).status_code
    seen["registration"] = [browser.get(path).status_code for path in ("/auth/register/form", "/auth/register/activation/x")]
    seen["anonymous"] = [browser.get(path).status_code for path in ("/api/v2/dags", "/auth/fab/v1/users", "/api/v2/config")]
    seen["version"] = browser.get("/api/v2/version").status_code


def observe_roles() -> None:
    from airflow.api_fastapi.app import get_auth_manager
    from entrada_airflow_roles import keep_roles, prepare

    manager = get_auth_manager()
    with manager.flask_app.app_context():
        security = manager.security_manager

        def held(name: str) -> list[str] | None:
            role = security.find_role(name)
            return sorted(str(permission) for permission in role.permissions) if role else None

        seen["declared_role"] = held("sales-runner")
        declared = {"sales-runner": [("can_read", "DAGs")], "leaver": [("can_read", "Pools")]}
        keep_roles(security, declared)
        person = security.add_user("holder", "H", "H", "holder@contoso.com", [security.find_role("leaver"), security.find_role("Viewer")])
        by_hand = security.add_role("copy-by-hand")
        by_hand.permissions = list(security.find_role("leaver").permissions)
        security.sync_roles()
        seen["roles_again"] = keep_roles(security, declared)
        seen["roles_removed"] = keep_roles(security, {"sales-runner": [("can_read", "DAGs")]})
        seen["role_changed"] = held("sales-runner")
        seen["roles_left"] = sorted(role.name for role in security.get_all_roles())
        seen["holder_roles"] = [role.name for role in person.roles]
        seen["role_reserved"] = refusal(lambda: prepare(security, {"Op": []}))


def observe_missing_file(work: Path) -> None:
    """Without webserver_config.py Airflow would quietly take passwords: it must not start."""
    (work / "config" / "webserver_config.py").rename(work / "config" / "gone.py")
    from airflow.api_fastapi.app import get_auth_manager

    seen["missing_config"] = refusal(lambda: get_auth_manager().get_fastapi_app())


with tempfile.TemporaryDirectory() as folder:
    place = Path(folder)
    harness.copy(Path(sys.argv[1]), place)
    harness.prepare(place)
    printed = harness.migrate(place)
    seen["migrated"] = [line for line in printed.splitlines() if line.startswith("role")]
    observe_values(place)
    observe_worker(place)
    observe_worker_pod(place)
    make = harness.make_client()
    observe_keys()
    observe_doors(make)
    observe_tokens(make)
    observe_people(make, place)
    observe_roles()
    observe_missing_file(place)
    print(json.dumps(seen))
