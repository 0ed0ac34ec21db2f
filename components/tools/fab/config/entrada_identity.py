"""A tool proves itself to Entra with its service account's token: no client secret exists."""

from pathlib import Path
from typing import Any, Callable, Optional

from authlib.common.urls import add_params_to_qs

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# Authlib's signature of a client authentication method.
ClientAuthentication = Callable[[Any, str, str, dict[str, str], Any], tuple[str, dict[str, str], str]]


def federated_client(token_file: Optional[str]) -> ClientAuthentication:
    """
    An Authlib client authentication that sends the projected token as `client_assertion`. The kubelet replaces the file
    about every 50 minutes, so it is read at every token request.
    """

    def authenticate(auth: Any, method: str, uri: str, headers: dict[str, str], body: Any) -> tuple[str, dict[str, str], str]:
        if not token_file:
            raise RuntimeError("AZURE_FEDERATED_TOKEN_FILE is not set: this pod has no service-account token to sign in with")
        assertion = Path(token_file).read_text("utf-8").strip()
        body = add_params_to_qs(
            body or "",
            [
                ("client_id", auth.client_id),
                ("client_assertion_type", ASSERTION_TYPE),
                ("client_assertion", assertion),
            ],
        )
        if "Content-Length" in headers:
            headers["Content-Length"] = str(len(body))
        return uri, headers, body

    return authenticate


def entra_provider(client_id: str, authority: str, authentication: ClientAuthentication) -> dict[str, Any]:
    """
    Flask-AppBuilder's provider entry. The name must be `azure` (Flask-AppBuilder looks it up by that name and the redirect
    URI ends with it). `server_metadata_url` together with the `openid` scope is what makes Authlib check the ID token's
    signature, issuer, audience and nonce: with hand-written endpoints a foreign tenant's token is taken.
    """
    return {
        "name": "azure",
        "icon": "fa-windows",
        "token_key": "access_token",
        "remote_app": {
            "client_id": client_id,
            "server_metadata_url": f"{authority}/v2.0/.well-known/openid-configuration",
            "api_base_url": f"{authority}/oauth2/v2.0/",
            "client_kwargs": {
                "scope": "openid profile email",
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": authentication,
            },
        },
    }
