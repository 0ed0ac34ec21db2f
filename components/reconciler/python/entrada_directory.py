"""Who may use a tool, as Entra says it: read from Microsoft Graph with the pod's service-account token, without a secret.

Rights: Application.Read.All (who is assigned), GroupMember.Read.All (who is in the assigned groups), User.Read.All (whose
account is enabled). Python's standard library alone, so that any Python image runs it.
"""

from __future__ import annotations

import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Iterator, Mapping

GRAPH = "https://graph.microsoft.com"
USER_FIELDS = "id,displayName,givenName,surname,userPrincipalName,mail,accountEnabled"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Graph asks to wait with 429 and 503; 500, 502 and 504 pass. Everything else is an answer.
PASSING = {429, 500, 502, 503, 504}
ATTEMPTS = 5


class DirectoryError(Exception):
    """Entra or Graph did not say what is needed, so nothing may be concluded from it."""


@dataclass(frozen=True)
class Person:
    """Somebody with an enabled account and at least one role."""

    id: str
    name: str
    first_name: str | None
    last_name: str | None
    principal_name: str
    mail: str | None
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def addresses(self) -> frozenset[str]:
        """What a tool may know the person by, in lower case."""
        return frozenset(address.lower() for address in (self.principal_name, self.mail) if address)


class Directory:
    """One tool's assignments.

    :param environment: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE, AZURE_AUTHORITY_HOST and
        ENTRA_SERVICE_PRINCIPAL_ID, the object id of the tool's enterprise application
    :param roles: value of each app role → its id
    """

    def __init__(self, roles: Mapping[str, str], environment: Mapping[str, str] = os.environ, graph: str = GRAPH) -> None:
        self._environment = environment
        self._graph = graph
        self._roles = {id.lower(): value for value, id in roles.items()}
        self._principal = self._guid("ENTRA_SERVICE_PRINCIPAL_ID")
        self._tenant = self._guid("AZURE_TENANT_ID")
        self._token: str | None = None

    def people(self) -> list[Person]:
        """Everybody who can sign in to the tool now: assigned, directly or as a direct member of an assigned group (Entra
        gives no app role through nesting), and with an enabled account."""
        users: dict[str, dict[str, Any]] = {}
        roles: dict[str, set[str]] = {}
        for assignment in self._pages(f"/v1.0/servicePrincipals/{self._principal}/appRoleAssignedTo?$top=999"):
            role = self._roles.get(str(_text(assignment, "appRoleId")).lower())
            if role is None:
                continue  # Another role of the registration, or default access, which gives nothing in a tool.
            for user in self._holders(assignment):
                id = _text(user, "id")
                users[id] = user
                roles.setdefault(id, set()).add(role)
        return sorted(
            (self._person(user, roles[id]) for id, user in users.items() if _enabled(user)),
            key=lambda person: person.principal_name.lower(),
        )

    def _holders(self, assignment: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        kind, principal = _text(assignment, "principalType"), _text(assignment, "principalId")
        if kind == "User":
            yield self._get(f"{self._graph}/v1.0/users/{principal}?$select={USER_FIELDS}")
        elif kind == "Group":
            for member in self._pages(f"/v1.0/groups/{principal}/members?$select={USER_FIELDS}&$top=999"):
                if member.get("@odata.type") == "#microsoft.graph.user":
                    yield member
        elif kind != "ServicePrincipal":
            raise DirectoryError(f"Graph names a principal of the unknown kind {kind!r}")

    def _person(self, user: Mapping[str, Any], roles: set[str]) -> Person:
        name = user.get("displayName") or _text(user, "userPrincipalName")
        return Person(
            id=_text(user, "id"),
            name=name,
            first_name=user.get("givenName"),
            last_name=user.get("surname"),
            principal_name=_text(user, "userPrincipalName"),
            mail=user.get("mail"),
            roles=frozenset(roles),
        )

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        url: str | None = self._graph + path
        while url is not None:
            page = self._get(url)
            values = page.get("value")
            if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
                raise DirectoryError(f"Graph answered {_path(url)} without a list")
            yield from values
            url = page.get("@odata.nextLink")
            # The token goes to Graph and to nobody else, whatever an answer says.
            if url is not None and not url.startswith(f"{self._graph}/"):
                raise DirectoryError(f"Graph sent the next page of {_path(self._graph + path)} to another host")

    def _get(self, url: str) -> dict[str, Any]:
        if self._token is None:
            self._token = self._sign_in()
        return _json(urllib.request.Request(url, headers={"Authorization": f"Bearer {self._token}"}))

    def _sign_in(self) -> str:
        authority = self._environment.get("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/").rstrip("/")
        with open(self._required("AZURE_FEDERATED_TOKEN_FILE"), encoding="utf-8") as file:
            assertion = file.read().strip()
        form = {
            "grant_type": "client_credentials",
            "client_id": self._required("AZURE_CLIENT_ID"),
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
            "scope": f"{GRAPH}/.default",
        }
        body = urllib.parse.urlencode(form).encode()
        answer = _json(urllib.request.Request(f"{authority}/{self._tenant}/oauth2/v2.0/token", data=body))
        return _text(answer, "access_token")

    def _guid(self, name: str) -> str:
        value = self._required(name)
        if not GUID.fullmatch(value):
            raise DirectoryError(f"{name} is {value!r}, which is not a GUID")
        return value

    def _required(self, name: str) -> str:
        value = self._environment.get(name, "").strip()
        if not value:
            raise DirectoryError(f"environment variable {name} is not set")
        return value


def _enabled(user: Mapping[str, Any]) -> bool:
    enabled = user.get("accountEnabled")
    # Without User.Read.All Graph leaves the property out. To take that for "disabled" would put everybody out.
    if not isinstance(enabled, bool):
        raise DirectoryError(f"Graph does not say whether {user.get('id')} is enabled: the identity lacks User.Read.All")
    return enabled


def _json(request: urllib.request.Request) -> dict[str, Any]:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                answer = json.load(response)
            if not isinstance(answer, dict):
                raise DirectoryError(f"{_path(request.full_url)} did not answer with an object")
            return answer
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in PASSING or attempt == ATTEMPTS:
                    raise DirectoryError(f"{_path(request.full_url)} answered {error.code}: {_reason(error)}") from None
            time.sleep(_wait(error.headers.get("Retry-After"), attempt))
        except (urllib.error.URLError, TimeoutError) as error:
            if attempt == ATTEMPTS:
                raise DirectoryError(f"{_path(request.full_url)} is not reachable: {error}") from None
            time.sleep(_wait(None, attempt))
        except json.JSONDecodeError:
            raise DirectoryError(f"{_path(request.full_url)} did not answer with JSON") from None
    raise AssertionError("the last attempt returns or raises")


def _wait(retry_after: str | None, attempt: int) -> float:
    """Seconds: what the server asks for, at most half a minute, else 1, 2, 4 and 8."""
    return min(float(retry_after), 30) if (retry_after or "").isdigit() else 2 ** (attempt - 1)


def _reason(error: urllib.error.HTTPError) -> str:
    """Entra's `error_description` or Graph's `error.code` and `error.message`, in one line."""
    try:
        answer = json.load(error)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return "no reason given"
    found = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(found, dict):
        return f"{found.get('code')} {found.get('message')}".splitlines()[0]
    return str(answer.get("error_description", found)).splitlines()[0] if isinstance(answer, dict) else "no reason given"


def _path(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    if not isinstance(found, str) or not found:
        raise DirectoryError(f"an answer lacks {key!r}")
    return found
