"""What Entrada's jobs ask of OpenMetadata's API."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

PAGE_SIZE = 500


class Refused(RuntimeError):
    """The server answered with something other than what was asked for."""

    def __init__(self, method: str, path: str, status: int, text: str) -> None:
        super().__init__(f"{method} {path} was answered {status}: {text[:300] or 'nothing'}")
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to somewhere else."""

    def redirect_request(self, *_: object) -> None:
        return None


class OpenMetadata:
    """A server and somebody's way of signing in to it.

    :param url: where it answers inside the cluster, such as http://openmetadata.openmetadata.svc:8585
    :param token: gives a fresh token for each request
    """

    def __init__(self, url: str, token: Callable[[], str]) -> None:
        self._url = url.rstrip("/")
        self._token = token
        # No proxy of the environment: the server is in the cluster.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    def get(self, path: str, signed_in: bool = True, **query: str | int) -> Any:
        """The answer's JSON. Raises Refused unless it is 200."""
        return self._send("GET", path, query, signed_in=signed_in)

    def find(self, path: str, **query: str | int) -> Any | None:
        """Like `get`, and None where there is no such thing."""
        try:
            return self.get(path, **query)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def delete(self, path: str, **query: str | int) -> None:
        self._send("DELETE", path, query)

    def patch(self, path: str, operations: list[dict[str, Any]]) -> Any:
        """Changes something by JSON Patch (RFC 6902)."""
        return self._send("PATCH", path, {}, body=operations, content_type="application/json-patch+json")

    def put(self, path: str, body: Any) -> Any:
        return self._send("PUT", path, {}, body=body)

    def status_of(self, method: str, path: str, body: Any) -> int:
        """The status of a request without a token, whatever it is."""
        try:
            self._send(method, path, {}, body=body, signed_in=False)
            return 200
        except Refused as refused:
            return refused.status

    def pages(self, path: str, **query: str | int) -> Iterator[dict[str, Any]]:
        """Every entry of a list, page after page."""
        after: str | None = None
        while True:
            paging = {} if after is None else {"after": after}
            page = self.get(path, limit=PAGE_SIZE, **query, **paging)
            yield from page["data"]
            after = page.get("paging", {}).get("after")
            if after is None:
                return

    def wait_until_up(self, seconds: float) -> None:
        """Waits for the server, which answers some time after its pod started."""
        pause = min(5, seconds / 10)
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.get("/api/v1/system/version", signed_in=False)
                return
            except (Refused, OSError) as error:
                if time.monotonic() >= deadline:
                    raise TimeoutError(f"{self._url} did not answer within {seconds:.0f} s: {error}") from error
            time.sleep(pause)

    def _send(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: Any = None,
        signed_in: bool = True,
        content_type: str = "application/json",
    ) -> Any:
        where = f"{path}?{urllib.parse.urlencode(query)}" if query else path
        headers = {"Accept": "application/json"}
        if signed_in:
            headers["Authorization"] = f"Bearer {self._token()}"
        data = None
        if body is not None:
            headers["Content-Type"] = content_type
            data = json.dumps(body).encode()
        request = urllib.request.Request(self._url + where, data=data, headers=headers, method=method)
        try:
            with self._opener.open(request, timeout=60) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            raise Refused(method, path, error.code, error.read().decode("utf-8", "replace")) from None
        return json.loads(text) if text else None
