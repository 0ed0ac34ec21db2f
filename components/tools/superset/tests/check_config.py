"""
Prints, as JSON, the Superset roles that each app role leads to under a given settings file, worked out by real
Superset and Flask-AppBuilder: {"roles": {"Admin": ["Admin"], …}, "unmapped": null}.

usage: check_config.py --settings settings.json --roles roles.json [--config FOLDER]
"""

import argparse
import json
import tempfile
from pathlib import Path

import harness

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--settings", type=Path, required=True)
parser.add_argument("--roles", type=Path, required=True)
parser.add_argument("--config", type=Path, default=Path(__file__).resolve().parent.parent / "config")
arguments = parser.parse_args()

with tempfile.TemporaryDirectory() as folder:
    harness.prepare(Path(folder), arguments.config.resolve(), arguments.settings.resolve(), arguments.roles.resolve())
    app = harness.make_app()
    values = list(app.config["AUTH_ROLES_MAPPING"])
    print(
        json.dumps(
            {
                "roles": {
                    value: harness.sign_in(app, harness.claims(oid=f"person-{index}", upn=f"person-{index}@contoso.com", roles=[value]))
                    for index, value in enumerate(values)
                },
                "unmapped": harness.sign_in(app, harness.claims(oid="nobody", upn="nobody@contoso.com")),
            }
        )
    )
