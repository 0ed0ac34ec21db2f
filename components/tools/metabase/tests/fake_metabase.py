"""
The part of Metabase's HTTP API that Entrada uses, on loopback, with the shapes and quirks of version 0.65: rights that are
not granted are left out of the graph, a write without the newest revision answers 409, sessions of deactivated accounts
end. What it does not know answers 501.
"""

from __future__ import annotations

import json
import re
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Callable

EVERYBODY, ADMINISTRATORS = 1, 2
NATIVE, BUILDER, NONE = "query-builder-and-native", "query-builder", "no"


class Refused(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


class FakeMetabase:
    """:param key: an API key that is known, as the pro edition makes it from its configuration file"""

    def __init__(self, key: str | None = None) -> None:
        self.key = key
        self.setup_token: str | None = "setup-token"
        self.healthy_after = 0
        self.password_login = True
        self.users: dict[int, dict[str, Any]] = {}
        self.passwords: dict[str, str] = {}
        self.sessions: dict[str, int] = {}
        self.groups = {EVERYBODY: ("All Users", "all-internal-users"), ADMINISTRATORS: ("Administrators", "admin")}
        self.members: dict[int, tuple[int, int]] = {}
        self.databases: dict[int, tuple[str, list[str]]] = {}
        self.queries: dict[tuple[int, int], Any] = {}
        self.roots: dict[int, str] = {EVERYBODY: "write"}
        self.revision = 0
        self.writes: list[str] = []
        self.before: list[tuple[str, int, bytes]] = []
        self._next = 100
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                fake._handle(self)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

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

    # What a test arranges and looks at.

    def database(self, id: int, name: str, *schemas: str) -> None:
        """Connects a database, which Metabase opens to All Users."""
        self.databases[id] = (name, list(schemas))
        self.queries[EVERYBODY, id] = NATIVE

    def account(self, email: str, *groups: int, active: bool = True, password: str | None = None) -> int:
        id = self._id()
        self.users[id] = {"id": id, "email": email, "is_active": active, "is_superuser": ADMINISTRATORS in groups}
        if password is not None:
            self.passwords[email] = password
        for group in (EVERYBODY, *groups):
            self.members[self._id()] = (group, id)
        return id

    def groups_of(self, email: str) -> list[str]:
        id = next(user["id"] for user in self.users.values() if user["email"] == email)
        names = [self.groups[group][0] for group, user in self.members.values() if user == id]
        return sorted(name for name in names if name != "All Users")

    def active(self) -> list[str]:
        return sorted(user["email"] for user in self.users.values() if user["is_active"])

    def group(self, name: str) -> int:
        return next(id for id, (found, _) in self.groups.items() if found == name)

    def _id(self) -> int:
        self._next += 1
        return self._next

    # The API.

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length", 0))
        text = handler.rfile.read(length)
        parts = urllib.parse.urlsplit(handler.path)
        call = f"{handler.command} {parts.path}"
        if self.before and self.before[0][0] == call:
            _, status, body = self.before.pop(0)
        else:
            try:
                value = self._route(handler, call, dict(urllib.parse.parse_qsl(parts.query)), json.loads(text) if text else None)
                status, body = (204, b"") if value is None else (200, json.dumps(value).encode())
            except Refused as refused:
                status, body = refused.status, b'"refused"'
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _route(self, handler: BaseHTTPRequestHandler, call: str, query: dict[str, str], body: Any) -> Any:
        if call == "GET /api/health":
            self.healthy_after -= 1
            if self.healthy_after >= 0:
                raise Refused(503)
            return {"status": "ok"}
        if call == "GET /api/session/properties":
            return {"has-user-setup": bool(self.users), "setup-token": self.setup_token}
        if call == "POST /api/setup":
            return self._set_up(body)
        if call == "POST /api/session":
            return self._sign_in(body)
        session = self._authorize(handler)
        if not call.startswith("GET ") and call != "DELETE /api/session":
            self.writes.append(call)
        routes: list[tuple[str, Callable[..., Any]]] = [
            (r"DELETE /api/session", lambda: self.sessions.pop(session) and None),
            (r"GET /api/user", lambda: self._list_users(query)),
            (r"POST /api/user", lambda: self._create_user(body)),
            (r"DELETE /api/user/(\d+)", self._deactivate),
            (r"PUT /api/user/(\d+)/reactivate", self._reactivate),
            (r"GET /api/permissions/group", self._list_groups),
            (r"POST /api/permissions/group", lambda: self._create_group(body)),
            (r"DELETE /api/permissions/group/(\d+)", self._delete_group),
            (r"GET /api/permissions/membership", self._list_members),
            (r"POST /api/permissions/membership", lambda: self._join(body)),
            (r"DELETE /api/permissions/membership/(\d+)", self._leave),
            (r"GET /api/database", lambda: {"data": self._list_databases(), "total": len(self.databases)}),
            (r"GET /api/database/(\d+)/schemas", lambda id: self._known(self.databases, id)[1]),
            (r"GET /api/permissions/graph", self._graph),
            (r"PUT /api/permissions/graph", lambda: self._put_graph(body)),
            (r"GET /api/collection/graph", self._collections),
            (r"PUT /api/collection/graph", lambda: self._put_collections(body)),
        ]
        for pattern, answer in routes:
            found = re.fullmatch(pattern, call)
            if found:
                return answer(*(int(group) for group in found.groups()))
        raise Refused(501)

    def _set_up(self, body: Any) -> Any:
        if self.users:
            raise Refused(403)
        if body["token"] != self.setup_token or not body["prefs"]["site_name"]:
            raise Refused(400)
        user = body["user"]
        if set(user) != {"email", "password", "first_name", "last_name"} or not re.search(r"\d", user["password"]):
            raise Refused(400)
        self.setup_token = None
        self.account(user["email"], ADMINISTRATORS, password=user["password"])
        return {"id": self._session(user["email"])}

    def _sign_in(self, body: Any) -> Any:
        email = body["username"]
        active = email in self.active()
        if not self.password_login or not active or self.passwords.get(email) != body["password"]:
            raise Refused(401)
        return {"id": self._session(email)}

    def _session(self, email: str) -> str:
        session = f"session-{self._id()}"
        self.sessions[session] = next(user["id"] for user in self.users.values() if user["email"] == email)
        return session

    def _authorize(self, handler: BaseHTTPRequestHandler) -> str:
        session = handler.headers.get("X-Metabase-Session", "")
        if self.key is not None and handler.headers.get("X-API-KEY") == self.key:
            return ""
        user = self.users.get(self.sessions.get(session, 0))
        if user is None or not user["is_active"]:
            raise Refused(401)
        if not user["is_superuser"]:
            raise Refused(403)
        return session

    def _list_users(self, query: dict[str, str]) -> Any:
        if query.get("status") != "all":
            raise Refused(400)
        offset, limit = int(query["offset"]), int(query["limit"])
        rows = sorted(self.users.values(), key=lambda user: user["email"])
        return {"data": rows[offset : offset + limit], "total": len(rows), "limit": limit, "offset": offset}

    def _create_user(self, body: Any) -> Any:
        if set(body) - {"email", "first_name", "last_name"} or any(user["email"] == body["email"] for user in self.users.values()):
            raise Refused(400)
        return self.users[self.account(body["email"])]

    def _deactivate(self, id: int) -> Any:
        self._known(self.users, id)["is_active"] = False
        return {"success": True}

    def _reactivate(self, id: int) -> Any:
        user = self._known(self.users, id)
        if user["is_active"]:
            raise Refused(400)
        user.update(is_active=True, is_superuser=False)
        return user

    def _list_groups(self) -> Any:
        return [{"id": id, "name": name, "magic_group_type": kind, "member_count": 0} for id, (name, kind) in self.groups.items()]

    def _create_group(self, body: Any) -> Any:
        if set(body) != {"name"} or body["name"] in [name for name, _ in self.groups.values()]:
            raise Refused(400)
        id = self._id()
        self.groups[id] = (body["name"], None)
        return {"id": id, "name": body["name"], "is_tenant_group": False}

    def _delete_group(self, id: int) -> None:
        if self._known(self.groups, id)[1] is not None:
            raise Refused(400)
        del self.groups[id]
        self.members = {key: row for key, row in self.members.items() if row[0] != id}

    def _list_members(self) -> Any:
        found: dict[str, list[Any]] = {}
        for id, (group, user) in self.members.items():
            row = {"membership_id": id, "group_id": group, "user_id": user, "is_group_manager": False}
            found.setdefault(str(user), []).append(row)
        return found

    def _join(self, body: Any) -> Any:
        group, user = body["group_id"], body["user_id"]
        self._known(self.groups, group)
        if (group, user) in self.members.values():
            raise Refused(400)
        self.members[self._id()] = (group, user)
        self._known(self.users, user)["is_superuser"] |= group == ADMINISTRATORS
        return []

    def _leave(self, id: int) -> None:
        group, user = self._known(self.members, id)
        others = [row for row in self.members.values() if row[0] == ADMINISTRATORS and row[1] != user]
        if group == EVERYBODY or (group == ADMINISTRATORS and not others):
            raise Refused(400)
        del self.members[id]
        if group == ADMINISTRATORS:
            self.users[user]["is_superuser"] = False

    def _list_databases(self) -> Any:
        return [{"id": id, "name": name, "engine": "postgres"} for id, (name, _) in self.databases.items()]

    def _graph(self) -> Any:
        groups: dict[str, Any] = {}
        for (group, database), value in self.queries.items():
            if value != NONE:
                groups.setdefault(str(group), {})[str(database)] = {"view-data": "unrestricted", "create-queries": value}
        return {"revision": self.revision, "groups": groups}

    def _put_graph(self, body: Any) -> Any:
        self._revise(body)
        for group, databases in body["groups"].items():
            self._known(self.groups, int(group))
            for database, rights in databases.items():
                schemas = self._known(self.databases, int(database))[1]
                if set(rights) != {"create-queries"}:
                    raise Refused(400)
                self.queries[int(group), int(database)] = self._merged(int(group), int(database), rights["create-queries"], schemas)
        return self._graph()

    def _merged(self, group: int, database: int, value: Any, schemas: list[str]) -> Any:
        if isinstance(value, str):
            if value not in (NATIVE, BUILDER, NONE):
                raise Refused(400)
            return value
        if not set(value.values()) <= {BUILDER, NONE}:
            raise Refused(400)
        before = self.queries.get((group, database), NONE)
        base = before if isinstance(before, dict) else {schema: BUILDER if before == NATIVE else before for schema in schemas}
        return {**base, **{schema: right for schema, right in value.items() if schema in schemas}}

    def _collections(self) -> Any:
        groups = {str(id): {"root": self.roots.get(id, "none")} for id in self.groups}
        return {"revision": self.revision, "groups": {**groups, str(ADMINISTRATORS): {"root": "write"}}}

    def _put_collections(self, body: Any) -> Any:
        self._revise(body)
        for group, rights in body["groups"].items():
            self.roots[int(group)] = rights["root"]
        return self._collections()

    def _revise(self, body: Any) -> None:
        if set(body) != {"revision", "groups"}:
            raise Refused(400)
        if body["revision"] != self.revision:
            raise Refused(409)
        self.revision += 1

    def _known(self, rows: dict[int, Any], id: int) -> Any:
        if id not in rows:
            raise Refused(404)
        return rows[id]
