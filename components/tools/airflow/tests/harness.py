"""
Loads the deployed configuration in real Airflow, with stand-ins for what a pod has around it: secret files, ids, and an
SQLite file for PostgreSQL. The configuration's own files are used as they are, but for the folder that they lie in.
"""

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
HOST = "airflow.data.contoso.com"
TRIGGER_CLIENTS = {
    "nightly-loader": "55555555-5555-4555-8555-555555555555",
    "crm": "66666666-6666-4666-8666-666666666666",
    "billing": "44444444-4444-4444-8444-444444444444",
}
SECRETS = ("database-password", "api-secret-key", "jwt-secret", "redis-password", "partner-acme-client-secret")


def prepare(work: Path) -> None:
    """Lays out what the kubelet would: files, the projected token and the environment. `work` holds config and settings."""
    secrets = work / "secrets"
    secrets.mkdir()
    for name in SECRETS:
        (secrets / name).write_text(f"value-of-{name}-{'x' * 64}")
    for name in ("fernet-key", "previous-fernet-key"):
        (secrets / name).write_text(base64.urlsafe_b64encode(name.ljust(32).encode()).decode())
    token = work / "azure-identity-token"
    token.write_text("first-token")
    for name in ("airflow.cfg", "worker.cfg"):
        path = work / "settings" / name
        path.write_text(path.read_text().replace("/etc/airflow", str(work)).replace("python ", f"{sys.executable} "))
    os.environ.update(
        AIRFLOW_CONFIG=str(work / "settings" / "airflow.cfg"),
        AIRFLOW_HOME=str(work / "home"),
        PYTHONPATH=os.pathsep.join([str(work / "config"), os.environ["PYTHONPATH"]]),
        ENTRADA_SETTINGS_FILE=str(work / "settings" / "settings.json"),
        ENTRADA_SECRETS_FOLDER=str(secrets),
        ENTRA_CLIENT_ID=CLIENT,
        ENTRADA_TRIGGER_CLIENTS=",".join(f"{name}={client}" for name, client in TRIGGER_CLIENTS.items()),
        AZURE_TENANT_ID=TENANT,
        AZURE_AUTHORITY_HOST="https://login.microsoftonline.com/",
        AZURE_FEDERATED_TOKEN_FILE=str(token),
        # Airflow reads these last, after its file.
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{work}/airflow.db",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC=f"sqlite+aiosqlite:///{work}/airflow.db",
        AIRFLOW__FAB__CACHE_TTL="0",
        AIRFLOW__CORE__EXECUTOR="LocalExecutor",
    )
    sys.path.insert(0, str(work / "config"))


def migrate(work: Path) -> str:
    """The migration Job, as it is; returns what it printed."""
    run = subprocess.run(["/bin/sh", str(work / "config" / "migrate.sh")], capture_output=True, text=True, env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"})
    if run.returncode != 0:
        raise RuntimeError(f"migrate.sh failed: {run.stdout[-2000:]}\n{run.stderr[-4000:]}")
    return run.stdout


def copy(source: Path, work: Path) -> None:
    """Takes the ConfigMaps' files into the work folder, so that a run leaves nothing behind in them."""
    for name in ("config", "settings"):
        shutil.copytree(source / name, work / name)


def make_client() -> Any:
    """The real API server's application, and a browser that speaks to it as the gateway does."""
    from airflow.api_fastapi.app import create_app
    from starlette.testclient import TestClient

    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    behind = ProxyHeadersMiddleware(create_app(apps="core"), trusted_hosts="*")

    async def gateway(scope: Any, receive: Any, send: Any) -> None:
        """Ends TLS, as the gateway does: the server behind sees http and the headers."""
        await behind({**scope, "scheme": "http"} if scope["type"] == "http" else scope, receive, send)

    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Host": HOST}
    return lambda: TestClient(gateway, base_url=f"https://{HOST}", headers=headers, follow_redirects=False)


def claims(**changes: Any) -> dict[str, Any]:
    """Claims of a person's ID token."""
    person = {
        "oid": "33333333-3333-4333-8333-333333333333",
        "sub": "subject",
        "tid": TENANT,
        "aud": CLIENT,
        "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
        "upn": "ana.lima@contoso.com",
        "email": "ana@contoso.com",
        "given_name": "Ana",
        "family_name": "Lima",
        "roles": [],
    }
    return {name: value for name, value in {**person, **changes}.items() if value is not None}


def application_claims(**changes: Any) -> dict[str, Any]:
    """Claims of an application's own access token, version 2.0."""
    object_id = "77777777-7777-4777-8777-777777777777"
    application = {
        "oid": object_id,
        "sub": object_id,
        "tid": TENANT,
        "aud": CLIENT,
        "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
        "azp": TRIGGER_CLIENTS["nightly-loader"],
        "azpacr": "2",
        "ver": "2.0",
        "roles": ["trigger-Op"],
    }
    return {name: value for name, value in {**application, **changes}.items() if value is not None}
