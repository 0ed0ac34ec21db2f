"""What Superset's pods were given: what every pod has, and the dataset roles that the settings declare."""

import json
import os
from typing import Any, Mapping

from entrada_pod import SignInPod


class Environment(SignInPod):
    """Reads settings, ids and secrets once and says at once which one is wrong."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        super().__init__("SUPERSET", variables)
        self.roles: list[dict[str, Any]] = json.loads(self._file("SUPERSET_ROLES_FILE").read_text("utf-8"))
