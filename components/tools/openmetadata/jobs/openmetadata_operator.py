"""The administrator that Entrada's jobs act as, and the server that they act on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openmetadata_api import OpenMetadata
from openmetadata_token import PrivateKey, read_private_key, sign_token


@dataclass(frozen=True)
class Operator:
    """Made by the server at its start, as its file says. No person is called so, and it has no password and no stored token."""

    name: str
    # Domain of the company's people, and of the operator's address.
    domain: str
    key: PrivateKey
    key_id: str
    # The server's configuration file, with the client's id put in.
    config: dict[str, Any]
    server: OpenMetadata


def operator(environment: Mapping[str, str]) -> Operator:
    """Reads OPENMETADATA_URL, SETTINGS_FOLDER, SECRETS_FOLDER, ENTRA_CLIENT_ID and JWT_KEY_ID."""
    text = (Path(environment["SETTINGS_FOLDER"]) / "openmetadata.json").read_text("utf-8")
    config = json.loads(text.replace("${ENTRA_CLIENT_ID}", environment["ENTRA_CLIENT_ID"]))
    [name] = config["authorizerConfiguration"]["adminPrincipals"]
    domain = config["authorizerConfiguration"]["principalDomain"]
    issuer = config["jwtTokenConfiguration"]["jwtissuer"]
    key_id = environment["JWT_KEY_ID"]
    key = read_private_key(Path(environment["SECRETS_FOLDER"]) / "jwt-private-key.der")
    server = OpenMetadata(environment["OPENMETADATA_URL"], lambda: sign_token(key, key_id, issuer, name, domain))
    return Operator(name, domain, key, key_id, config, server)
