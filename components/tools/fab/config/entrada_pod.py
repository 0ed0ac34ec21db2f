"""What a pod was given: a settings file, ids in the environment, secrets in files. Nothing here has a default for a secret."""

import json
import os
import re
from pathlib import Path
from typing import Any, Mapping
from urllib.parse import quote

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# Where certificates of the database and Redis are checked against: the platform's bundle, or the one an operator names.
DEFAULT_CA_FILE = "/etc/ssl/certs/ca-certificates.crt"


class ConfigurationError(Exception):
    """A setting, id or secret is missing or unusable; the message names it and never holds a secret's value."""


class Pod:
    """Settings and secrets of a pod. `prefix` begins the names of its variables, such as SUPERSET_SETTINGS_FILE."""

    def __init__(self, prefix: str, variables: Mapping[str, str] = os.environ) -> None:
        self._prefix = prefix
        self._variables = variables
        self.settings: dict[str, Any] = json.loads(self._file(f"{prefix}_SETTINGS_FILE").read_text("utf-8"))
        self.ca_file = variables.get("SSL_CERT_FILE", DEFAULT_CA_FILE)

    def secret(self, name: str) -> str:
        """A secret from its mounted file. Refuses an empty or missing one instead of falling back to something known."""
        path = Path(self._required(f"{self._prefix}_SECRETS_FOLDER")) / name
        try:
            value = path.read_text("utf-8").strip()
        except OSError as error:
            raise ConfigurationError(f"secret '{name}' is not readable at {path}: {error.strerror}") from error
        if not value:
            raise ConfigurationError(f"secret '{name}' at {path} is empty")
        return value

    def database_uri(self) -> str:
        """SQLAlchemy URL of the tool's own database; with TLS the server's name and certificate are checked."""
        tls = f"?sslmode=verify-full&sslrootcert={quote(self.ca_file, safe='')}" if self.settings["database"]["tls"] else ""
        return f"postgresql+psycopg2://{self._database_address()}{tls}"

    def _database_address(self) -> str:
        database = self.settings["database"]
        user = quote(database["user"], safe="")
        password = quote(self.secret("database-password"), safe="")
        return f"{user}:{password}@{database['host']}:{database['port']}/{database['name']}"

    def redis_uri(self) -> str:
        """Redis URL. Database 0 only, as Azure's Redis clusters have no other: uses are told apart by key prefixes."""
        redis = self.settings["redis"]
        password = quote(self.secret("redis-password"), safe="")
        address = f":{password}@{redis['host']}:{redis['port']}/0"
        if not redis["tls"]:
            return f"redis://{address}"
        return f"rediss://{address}?ssl_cert_reqs=required&ssl_ca_certs={quote(self.ca_file, safe='')}"

    def _file(self, variable: str) -> Path:
        path = Path(self._required(variable))
        if not path.is_file():
            raise ConfigurationError(f"{variable} names {path}, which is not a file")
        return path

    def _guid(self, variable: str) -> str:
        value = self._required(variable)
        if not GUID.fullmatch(value):
            raise ConfigurationError(f"{variable} is '{value}', which is not a GUID")
        return value.lower()

    def _required(self, variable: str) -> str:
        value = self._variables.get(variable, "").strip()
        if not value:
            raise ConfigurationError(f"environment variable {variable} is not set")
        return value


class SignInPod(Pod):
    """A pod that knows the registration and the tenant that people sign in with."""

    def __init__(self, prefix: str, variables: Mapping[str, str] = os.environ) -> None:
        super().__init__(prefix, variables)
        self.client_id = self._guid("ENTRA_CLIENT_ID")
        self.tenant_id = self._guid("AZURE_TENANT_ID")
        self.authority_host = self._required("AZURE_AUTHORITY_HOST").rstrip("/")
        # Only pods that speak to Entra have one.
        self.token_file = variables.get("AZURE_FEDERATED_TOKEN_FILE")

    @property
    def authority(self) -> str:
        """The one tenant that may sign in. `common` would let every tenant in, so only a GUID is taken."""
        return f"{self.authority_host}/{self.tenant_id}"

    @property
    def issuer(self) -> str:
        """The `iss` of this tenant's version 2.0 tokens."""
        return f"{self.authority}/v2.0"
