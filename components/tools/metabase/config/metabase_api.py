"""Metabase's HTTP API, as far as Entrada needs it. It is not versioned: an answer of another shape is an error, never "nothing"."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

PAGE = 200


class MetabaseError(Exception):
    """Metabase refused, or answered in a shape that is not known."""


class Metabase:
    """One Metabase. `sign_in` or `use_key` comes first; `sign_out` ends the session again.

    :param url: without a slash at the end. @example "http://127.0.0.1:3000"
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._headers: dict[str, str] = {}

    def wait_until_healthy(self, seconds: float, pause: float = 2) -> None:
        """Metabase listens at once and answers /api/health with 503 while it migrates its database."""
        end = time.monotonic() + seconds
        while True:
            try:
                if self.call("GET", "/api/health") == {"status": "ok"}:
                    return
                reason = "it is not ok"
            except MetabaseError as error:
                reason = str(error)
            if time.monotonic() >= end:
                raise MetabaseError(f"Metabase did not become healthy in {seconds:.0f} seconds: {reason}")
            time.sleep(pause)

    def set_up(self, administrator: str, password: str, site_name: str) -> bool:
        """Creates the first account, an administrator, unless Metabase has been set up. Returns whether it did."""
        properties = self.call("GET", "/api/session/properties")
        if not isinstance(properties, dict) or not isinstance(properties.get("has-user-setup"), bool):
            raise MetabaseError("Metabase does not say whether it has been set up (has-user-setup)")
        if properties["has-user-setup"]:
            return False
        user = {"email": administrator, "password": password, "first_name": "Break-glass", "last_name": "Administrator"}
        prefs = {"site_name": site_name, "site_locale": "en", "allow_tracking": False}
        self.call("POST", "/api/setup", {"token": properties.get("setup-token"), "user": user, "prefs": prefs})
        return True

    def sign_in(self, username: str, password: str) -> None:
        answer = self.call("POST", "/api/session", {"username": username, "password": password})
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            raise MetabaseError("Metabase gave no session")
        self._headers = {"X-Metabase-Session": answer["id"]}

    def use_key(self, key: str) -> None:
        self._headers = {"X-API-KEY": key}

    def sign_out(self) -> None:
        if "X-Metabase-Session" in self._headers:
            self.call("DELETE", "/api/session")
            self._headers = {}

    def users(self) -> list[dict[str, Any]]:
        """Every person's account, deactivated ones included. Accounts of API keys are not among them."""
        users: list[dict[str, Any]] = []
        while True:
            page = self.call("GET", f"/api/user?status=all&limit={PAGE}&offset={len(users)}")
            if not isinstance(page, dict) or not isinstance(page.get("total"), int):
                raise MetabaseError("GET /api/user did not answer with data and total")
            data = _rows(page.get("data"), "GET /api/user", "id", "email", "is_active")
            users += data
            if len(users) >= page["total"]:
                return users
            if not data:
                raise MetabaseError(f"GET /api/user ended after {len(users)} of {page['total']} accounts")

    def groups(self) -> list[dict[str, Any]]:
        return _rows(self.call("GET", "/api/permissions/group"), "GET /api/permissions/group", "id", "name")

    def memberships(self) -> dict[int, dict[int, int]]:
        """Account id → group id → id of the membership."""
        answer = self.call("GET", "/api/permissions/membership")
        if not isinstance(answer, dict):
            raise MetabaseError("GET /api/permissions/membership did not answer with an object")
        fields = ("membership_id", "group_id", "user_id")
        rows = [row for of_user in answer.values() for row in _rows(of_user, "GET /api/permissions/membership", *fields)]
        found: dict[int, dict[int, int]] = {}
        for row in rows:
            found.setdefault(row["user_id"], {})[row["group_id"]] = row["membership_id"]
        return found

    def databases(self) -> list[dict[str, Any]]:
        answer = self.call("GET", "/api/database")
        # Old versions answered with the list alone.
        return _rows(answer.get("data") if isinstance(answer, dict) else answer, "GET /api/database", "id", "name")

    def schemas(self, database: int) -> list[str]:
        answer = self.call("GET", f"/api/database/{database}/schemas")
        if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
            raise MetabaseError("GET /api/database/:id/schemas did not answer with names")
        return answer

    def graph(self, kind: str) -> dict[str, Any]:
        """The graph of rights on data (`permissions`) or on collections (`collection`), with its revision."""
        answer = self.call("GET", f"/api/{kind}/graph")
        if not isinstance(answer, dict) or not isinstance(answer.get("groups"), dict) or "revision" not in answer:
            raise MetabaseError(f"GET /api/{kind}/graph did not answer with groups and revision")
        return answer

    def call(self, method: str, path: str, body: object | None = None) -> Any:
        """The answer's JSON, or None where there is none. Messages name the call and the status, never what was sent."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", **self._headers, **({} if data is None else {"Content-Type": "application/json"})}
        request = urllib.request.Request(self._url + path, data=data, method=method, headers=headers)
        call = f"{method} {path.split('?')[0]}"
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            error.close()
            raise MetabaseError(f"{call} answered {error.code}") from None
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise MetabaseError(f"{call}: {error}") from None
        try:
            return json.loads(text) if text.strip() else None
        except json.JSONDecodeError:
            raise MetabaseError(f"{call} did not answer with JSON") from None


def secret(folder: str, name: str) -> str:
    value = (Path(folder) / name).read_text(encoding="utf-8").strip()
    if not value:
        raise MetabaseError(f"the secret {name} is empty")
    return value


def _rows(value: Any, call: str, *fields: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) and all(name in row for name in fields) for row in value):
        raise MetabaseError(f"{call} did not answer with a list of {', '.join(fields)}")
    return value
