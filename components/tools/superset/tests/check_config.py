"""
Prints, as JSON, the Superset roles that each app role leads to under a given settings file, worked out by real
Superset and Flask-AppBuilder: {"roles": {"Admin": ["Admin"], …}, "unmapped": null}.

usage: check_config.py settings.json roles.json CONFIG_FOLDER
"""

import json
import sys
import tempfile
from pathlib import Path

import harness

settings, roles, config = (Path(argument).resolve() for argument in sys.argv[1:4])

with tempfile.TemporaryDirectory() as folder:
    harness.prepare(Path(folder), config, settings, roles)
    app = harness.make_app()
    # Keys with a colon are groups of partners.
    values = [value for value in app.config["AUTH_ROLES_MAPPING"] if ":" not in value]
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
