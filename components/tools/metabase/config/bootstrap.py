"""Runs once for each version and each change of the roles, beside a Metabase of its own that no one else reaches: first
set-up with the break-glass account, groups, rights, and (pro) the groups' numeric ids for the web pods' sign-in settings.
"""

from __future__ import annotations

import json
import os
import ssl
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Mapping

from metabase_api import Metabase, MetabaseError, secret
from metabase_rights import group_ids, keep_rights


def bootstrap(settings: Mapping[str, Any], environment: Mapping[str, str]) -> list[str]:
    """Brings Metabase to what the settings say. Returns what was changed."""
    log: list[str] = []
    password = secret(environment["METABASE_SECRETS_FOLDER"], "break-glass-password")
    metabase = Metabase(environment["METABASE_URL"])
    metabase.wait_until_healthy(float(environment.get("METABASE_START_SECONDS", "600")))
    if metabase.set_up(settings["administrator"], password, settings["siteName"]):
        log.append(f"first account made: {settings['administrator']}")
    try:
        metabase.sign_in(settings["administrator"], password)
    except MetabaseError as error:
        raise MetabaseError(
            f"{error}: the break-glass account {settings['administrator']} does not have the password of its vault secret"
        ) from None
    try:
        ids = group_ids(metabase, settings["roles"], True, log)
        keep_rights(metabase, settings["roles"], ids, log)
    finally:
        metabase.sign_out()
    if settings["edition"] == "pro":
        publish(ids, environment)
        log.append(f"group ids published: {ids}")
    return log


def publish(ids: Mapping[str, int], environment: Mapping[str, str]) -> None:
    """Writes role → [group id] into the ConfigMap that the web pods mount, the one object that this pod may change."""
    folder = Path(environment["CLUSTER_TOKEN_FOLDER"])
    namespace = (folder / "namespace").read_text(encoding="utf-8").strip()
    token = (folder / "token").read_text(encoding="utf-8").strip()
    mappings = json.dumps({role: [id] for role, id in sorted(ids.items())}, separators=(",", ":"))
    request = urllib.request.Request(
        f"{environment['CLUSTER_API']}/api/v1/namespaces/{namespace}/configmaps/{environment['METABASE_GROUPS_MAP']}",
        data=json.dumps({"data": {"group-mappings.json": mappings}}).encode(),
        method="PATCH",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/merge-patch+json"},
    )
    trusted = ssl.create_default_context(cafile=str(folder / "ca.crt")) if request.type == "https" else None
    try:
        # The cluster's API is beside us; a proxy for the way out must not see the token.
        handlers: list[Any] = [urllib.request.ProxyHandler({})]
        if trusted is not None:
            handlers.append(urllib.request.HTTPSHandler(context=trusted))
        with urllib.request.build_opener(*handlers).open(request, timeout=30):
            pass
    except urllib.error.HTTPError as error:
        error.close()
        raise MetabaseError(f"the cluster refused the group ids with {error.code}") from None
    except urllib.error.URLError as error:
        raise MetabaseError(f"the cluster's API is not reachable: {error.reason}") from None


def main(run: Any) -> None:
    """Prints what a run changed, or ends with the reason in one line."""
    environment = os.environ
    settings = json.loads(Path(environment["METABASE_SETTINGS_FILE"]).read_text(encoding="utf-8"))
    try:
        for line in run(settings, environment) or ["nothing to change"]:
            print(line, flush=True)
    except Exception as error:  # noqa: BLE001 - whatever it was, the run has failed and says so
        sys.exit(f"failed: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main(bootstrap)
