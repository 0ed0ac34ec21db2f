"""Entra's token endpoint and the part of Microsoft Graph that a reconciler reads, on loopback. Anything else is 501."""

from __future__ import annotations

import json
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
PRINCIPAL = "33333333-3333-4333-8333-333333333333"
USER_FIELDS = "id,displayName,givenName,surname,userPrincipalName,mail,accountEnabled"


class FakeGraph:
    """A directory for one enterprise application.

    :param page_size: rows of a page, so that paging is real
    """

    def __init__(self, page_size: int = 2) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.members: dict[str, list[dict[str, Any]]] = {}
        self.assignments: list[dict[str, str]] = []
        self.assertion = "service-account-token"
        # Answers that come before the true ones: (status, headers, body).
        self.before: list[tuple[int, dict[str, str], bytes]] = []
        self.next_link_host: str | None = None
        self.requests: list[str] = []
        self._page_size = page_size
        graph = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802
                graph._answer(self, graph._get)

            def do_POST(self) -> None:  # noqa: N802
                graph._answer(self, graph._token)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def user(self, key: str, enabled: bool | None = True, **changes: Any) -> str:
        """Adds somebody; `enabled=None` is a directory that does not say."""
        id = f"{len(self.users) + 1:08d}-0000-4000-8000-000000000000"
        first, last = key.split(".") if "." in key else (key, None)
        user = {
            "id": id,
            "displayName": key,
            "givenName": first,
            "surname": last,
            "userPrincipalName": f"{key}@contoso.com",
            "mail": f"{key}@contoso.com",
            "accountEnabled": enabled,
            **changes,
        }
        self.users[id] = {name: value for name, value in user.items() if name != "accountEnabled" or enabled is not None}
        return id

    def group(self, id: str, *users: str, others: list[dict[str, Any]] | None = None) -> str:
        rows = [{"@odata.type": "#microsoft.graph.user", "id": user} for user in users]
        self.members[id] = [*rows, *(others or [])]
        return id

    def assign(self, principal: str, role: str, kind: str = "Group") -> None:
        self.assignments.append({"principalId": principal, "principalType": kind, "appRoleId": role})

    def _answer(self, handler: BaseHTTPRequestHandler, answer: Any) -> None:
        self.requests.append(f"{handler.command} {handler.path}")
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers: dict[str, str] = {}
        if self.before:
            status, headers, text = self.before.pop(0)
        else:
            status, value = answer(handler, body)
            text = json.dumps(value).encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)

    def _token(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, Any]:
        if handler.path != f"/{TENANT}/oauth2/v2.0/token":
            return 501, {"error": "no such route"}
        form = dict(urllib.parse.parse_qsl(body.decode()))
        wanted = {
            "grant_type": "client_credentials",
            "client_id": CLIENT,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion,
            "scope": "https://graph.microsoft.com/.default",
        }
        if form != wanted:
            description = "AADSTS700213: No matching federated identity record found.\r\nTrace ID: 0"
            return 401, {"error": "invalid_client", "error_description": description}
        return 200, {"token_type": "Bearer", "expires_in": 3599, "access_token": "graph-token"}

    def _get(self, handler: BaseHTTPRequestHandler, _: bytes) -> tuple[int, Any]:
        if handler.headers.get("Authorization") != "Bearer graph-token":
            return 401, {"error": {"code": "InvalidAuthenticationToken", "message": "Access token is empty."}}
        parts = urllib.parse.urlsplit(handler.path)
        query = dict(urllib.parse.parse_qsl(parts.query))
        skip = int(query.pop("$skiptoken", "0"))
        match parts.path.split("/")[1:]:
            case ["v1.0", "servicePrincipals", id, "appRoleAssignedTo"] if id == PRINCIPAL and query == {"$top": "999"}:
                return self._page(parts.path, query, self.assignments, skip)
            case ["v1.0", "groups", id, "members"] if id in self.members and query == {"$select": USER_FIELDS, "$top": "999"}:
                rows = [{**row, **self.users.get(row["id"], {})} for row in self.members[id]]
                return self._page(parts.path, query, rows, skip)
            case ["v1.0", "users", id] if id in self.users and query == {"$select": USER_FIELDS}:
                return 200, self.users[id]
            case ["v1.0", "groups" | "users" | "servicePrincipals", *_]:
                return 404, {"error": {"code": "Request_ResourceNotFound", "message": "Resource does not exist."}}
        return 501, {"error": {"code": "NotImplemented", "message": handler.path}}

    def _page(self, path: str, query: dict[str, str], rows: list[Any], skip: int) -> tuple[int, Any]:
        end = skip + self._page_size
        page: dict[str, Any] = {"value": rows[skip:end]}
        if end < len(rows):
            more = urllib.parse.urlencode({**query, "$skiptoken": str(end)})
            page["@odata.nextLink"] = f"{self.next_link_host or self.url}{path}?{more}"
        return 200, page
