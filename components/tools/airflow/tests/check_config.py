"""
Prints, as JSON, the Airflow roles that each app role leads to under a ConfigMap's settings, worked out by real Airflow and
Flask-AppBuilder: {"roles": {"Admin": ["Admin"], …}, "unmapped": null}.

usage: check_config.py FOLDER, which holds the folders config and settings
"""

import json
import sys
import tempfile
from pathlib import Path

import harness

with tempfile.TemporaryDirectory() as folder:
    harness.copy(Path(sys.argv[1]), Path(folder))
    harness.prepare(Path(folder))
    harness.migrate(Path(folder))
    client = harness.make_client()
    from flow import sign_in

    values = list(json.loads((Path(folder) / "settings" / "settings.json").read_text())["roles"])
    roles = {value: sign_in(client, oid=f"p-{index}", upn=f"p-{index}@contoso.com", roles=[value])["roles"] for index, value in enumerate(values)}
    print(json.dumps({"roles": roles, "unmapped": sign_in(client, oid="nobody", upn="nobody@contoso.com")["roles"]}))
