"""Checks Entra's access tokens of applications: signature, issuer, audience, tenant, time, application and role."""

import logging
import threading
import time
from typing import Any, Callable, Mapping

import jwt
import requests
from entrada_airflow import Application

log = logging.getLogger(__name__)

# What a token has to say for itself. `azp` is the application that asked for it, `oid` the application's own object.
REQUIRED = ["exp", "nbf", "iat", "iss", "aud", "tid", "oid", "sub", "azp", "roles"]

# Entra publishes a new key long before it signs with it, so an unknown one is rare: asking more often helps nobody.
MINIMUM_PAUSE = 60
REFRESH_AFTER = 3_600
# Keys that could not be refreshed for so long are not trusted any more: one of them may have been withdrawn.
TRUST_FOR = 86_400


class Refused(Exception):
    """A token is not accepted; the message says why and holds no part of its signature."""


class SigningKeys:
    """A provider's public keys, kept for an hour and asked for again when a token names an unknown one."""

    def __init__(self, uri: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._uri = uri
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: dict[str, Any] = {}
        self._fetched = self._tried = float("-inf")

    def find(self, kid: str) -> Any:
        """The key with this id. Throws Refused for an unknown one."""
        with self._lock:
            now = self._clock()
            if (kid not in self._keys or now - self._fetched > REFRESH_AFTER) and now - self._tried >= MINIMUM_PAUSE:
                self._tried = now
                self._fetch(now)
            if kid not in self._keys or now - self._fetched > TRUST_FOR:
                raise Refused("it is signed with an unknown key")
            return self._keys[kid]

    def _fetch(self, now: float) -> None:
        try:
            answer = requests.get(self._uri, timeout=10, allow_redirects=False)
            answer.raise_for_status()
            keys = [key for key in answer.json()["keys"] if key.get("kty") == "RSA" and key.get("use", "sig") == "sig"]
            self._keys = {key["kid"]: jwt.PyJWK.from_dict(key, algorithm="RS256").key for key in keys}
            self._fetched = now
        except (requests.RequestException, ValueError, KeyError, jwt.PyJWTError) as error:
            log.error("Entra's keys could not be read from %s: %s", self._uri, error)


class AccessTokens:
    """The tokens that this deployment takes."""

    def __init__(self, *, issuer: str, tenant_id: str, audiences: list[str], applications: Mapping[str, Application], keys: SigningKeys) -> None:
        self._issuer = issuer
        self._tenant_id = tenant_id
        self._audiences = audiences
        self._applications = applications
        self._keys = keys

    def application_of(self, token: str) -> tuple[Application, str]:
        """The allowed application that the token was given to, and its object id. Throws Refused for every other token."""
        claims = self._verified(token)
        if claims["tid"] != self._tenant_id:
            raise Refused("it is from another tenant")
        # A person's token has scopes, and another subject than object. `idtyp` is there only if a registration asks for it.
        if "scp" in claims or claims["sub"] != claims["oid"] or claims.get("idtyp", "app") != "app":
            raise Refused("it is a person's, not an application's own")
        application = self._applications.get(str(claims["azp"]).lower())
        if application is None:
            raise Refused(f"the application {claims['azp']} is not among the triggers")
        if not isinstance(claims["roles"], list) or application.app_role not in claims["roles"]:
            raise Refused(f"the application {application.name} does not hold the role {application.app_role}")
        return application, str(claims["oid"]).lower()

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):
                raise Refused("it is not signed with RS256 and a key id")
            return jwt.decode(
                token,
                self._keys.find(header["kid"]),
                algorithms=["RS256"],
                audience=self._audiences,
                issuer=self._issuer,
                leeway=30,
                options={"require": REQUIRED},
            )
        except jwt.PyJWTError as error:
            raise Refused(f"{type(error).__name__}: {error}") from error
