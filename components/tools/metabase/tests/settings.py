"""The settings that the jobs read, as settings-files.ts writes them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

ADMINISTRATOR = "metabase-break-glass@contoso.com"


def settings(edition: str, **changes: Any) -> dict[str, Any]:
    """The file of that edition, which the test suite writes with the deployed code, with a test's changes."""
    read = json.loads((Path(os.environ["METABASE_TEST_SETTINGS"]) / f"{edition}.json").read_text(encoding="utf-8"))
    assert read["administrator"] == ADMINISTRATOR
    return {**read, **changes}
