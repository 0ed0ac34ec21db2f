"""What Airflow's pods were given: what every pod has, and the applications that may ask for a token."""

import os
from dataclasses import dataclass
from typing import Mapping

from entrada_pod import ConfigurationError, GUID, Pod, SignInPod

PREFIX = "ENTRADA"


@dataclass(frozen=True)
class Application:
    """An application that may trigger DAGs."""

    # Key under `triggers` of the settings.
    name: str
    client_id: str
    # App role that its token has to carry.
    app_role: str
    # The one Airflow role that it gets.
    role: str


class AirflowPod(SignInPod):
    """The pods that people and applications sign in to."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        super().__init__(PREFIX, variables)
        self.token_seconds: int = self.settings["tokens"]["lifetimeSeconds"]
        # Entra names an API by its registration's client id, and older clients by its identifier URI.
        self.audiences = [self.client_id, self.settings["identifierUri"]]

    @property
    def keys_uri(self) -> str:
        """Where Entra publishes the keys of this tenant's tokens."""
        return f"{self.authority}/discovery/v2.0/keys"

    def applications(self) -> dict[str, Application]:
        """Client id → application. Ids are known after a deployment only, so they come by environment: name=id,name=id."""
        entries = [entry.split("=", 1) for entry in self._variables.get("ENTRADA_TRIGGER_CLIENTS", "").split(",") if entry]
        ids = dict(entries)
        applications = {}
        for name, trigger in self.settings["triggers"].items():
            client_id = ids.get(name, "").lower()
            if not GUID.fullmatch(client_id):
                raise ConfigurationError(f"ENTRADA_TRIGGER_CLIENTS has no client id for the trigger '{name}'")
            applications[client_id] = Application(name, client_id, trigger["appRole"], trigger["role"])
        return applications


class AirflowValues(Pod):
    """Values of airflow.cfg that are made of secrets."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        super().__init__(PREFIX, variables)

    def database(self) -> str:
        return self.database_uri()

    def database_async(self) -> str:
        """The same database for asyncpg, which takes its certificate file from PGSSLROOTCERT."""
        tls = "?ssl=verify-full" if self.settings["database"]["tls"] else ""
        return f"postgresql+asyncpg://{self._database_address()}{tls}"

    def redis(self) -> str:
        return self.redis_uri()

    def fernet_keys(self) -> str:
        """The newer key encrypts; both decrypt."""
        return f"{self.secret('fernet-key')},{self.secret('previous-fernet-key')}"

    def api_secret_key(self) -> str:
        return self.secret("api-secret-key")

    def jwt_secret(self) -> str:
        return self.secret("jwt-secret")
