"""bootstrap.py against Metabase's API and a Kubernetes API that knows one ConfigMap."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from unittest import mock

import bootstrap
import metabase_api
from fake_metabase import BUILDER, EVERYBODY, NATIVE, NONE, FakeMetabase
from metabase_api import MetabaseError
from settings import ADMINISTRATOR, settings


class FakeCluster:
    """One ConfigMap that may be patched, by one token."""

    def __init__(self) -> None:
        self.data: dict[str, str] = {}
        self.status = 200
        cluster = self

        class Handler(BaseHTTPRequestHandler):
            def do_PATCH(self) -> None:  # noqa: N802
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                known = self.path == "/api/v1/namespaces/bi/configmaps/metabase-groups" and set(body) == {"data"}
                ours = self.headers["Authorization"] == "Bearer cluster-token"
                merge = self.headers["Content-Type"] == "application/merge-patch+json"
                status = cluster.status if known and ours and merge else 403
                if status == 200:
                    cluster.data.update(body["data"])
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class BootstrapTest(unittest.TestCase):
    def setUp(self) -> None:
        self.metabase = FakeMetabase()
        self.cluster = FakeCluster()
        self.addCleanup(self.metabase.close)
        self.addCleanup(self.cluster.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, content in {"break-glass-password": "s3cret-of-the-vault\n", "namespace": "bi", "token": "cluster-token"}.items():
            (self.folder / name).write_text(content)
        self.environment = {
            "METABASE_URL": self.metabase.url,
            "METABASE_SECRETS_FOLDER": str(self.folder),
            "METABASE_GROUPS_MAP": "metabase-groups",
            "METABASE_START_SECONDS": "5",
            "CLUSTER_API": self.cluster.url,
            "CLUSTER_TOKEN_FOLDER": str(self.folder),
        }
        patched = mock.patch.object(metabase_api.time, "sleep", lambda _: None)
        patched.start()
        self.addCleanup(patched.stop)
        self.settings = settings("pro")

    def run_it(self, **changes: Any) -> list[str]:
        return bootstrap.bootstrap({**self.settings, **changes}, self.environment)

    def mappings(self) -> Any:
        return json.loads(self.cluster.data["group-mappings.json"])

    def test_sets_up_an_empty_metabase_once_it_is_healthy(self) -> None:
        self.metabase.healthy_after = 3
        self.run_it()
        self.assertEqual(self.metabase.active(), [ADMINISTRATOR])
        self.assertEqual(self.metabase.passwords, {ADMINISTRATOR: "s3cret-of-the-vault"})
        self.assertEqual(
            [name for name, _ in self.metabase.groups.values()],
            ["All Users", "Administrators", "entrada-query", "entrada-view", "entrada-sales-query"],
        )
        self.assertEqual(
            self.mappings(),
            {role: [self.metabase.group(name)] for role, name in {"admin": "Administrators", "query": "entrada-query", "view": "entrada-view", "sales-query": "entrada-sales-query"}.items()},
        )

    def test_changes_nothing_the_second_time(self) -> None:
        self.metabase.database(1, "warehouse", "sales", "returns", "hr")
        self.run_it()
        before, self.metabase.writes = self.mappings(), []
        lines = self.run_it()
        self.assertEqual(self.metabase.writes, [])
        self.assertEqual(self.mappings(), before)
        self.assertEqual([line.split(":")[0] for line in lines], ["group ids published"])

    def test_leaves_no_session_behind_but_that_of_the_set_up(self) -> None:
        self.run_it()
        self.run_it()
        self.assertEqual(len(self.metabase.sessions), 1)

    def test_takes_the_rights_of_all_users_away_and_gives_each_role_its_own(self) -> None:
        self.metabase.database(1, "warehouse", "sales", "returns", "hr")
        self.metabase.database(2, "lake", "public")
        self.run_it()
        query, view, sales = (self.metabase.group(f"entrada-{role}") for role in ("query", "view", "sales-query"))
        self.assertEqual(
            {key: value for key, value in self.metabase.queries.items() if value != NONE},
            {
                (query, 1): NATIVE,
                (query, 2): NATIVE,
                (sales, 1): {"sales": BUILDER, "returns": BUILDER, "hr": NONE},
            },
        )
        self.assertNotIn((view, 1), self.metabase.queries)
        self.assertEqual(self.metabase.roots, {EVERYBODY: "read", query: "write", sales: "write"})

    def test_narrows_a_role_that_had_sql(self) -> None:
        self.metabase.database(1, "warehouse", "sales", "hr")
        self.run_it()
        roles = {**self.settings["roles"], "query": {**self.settings["roles"]["query"], "queries": {"warehouse": ["hr"]}}}
        self.run_it(roles=roles)
        self.assertEqual(self.metabase.queries[self.metabase.group("entrada-query"), 1], {"sales": NONE, "hr": BUILDER})

    def test_says_which_database_is_not_connected_and_goes_on(self) -> None:
        self.assertIn("database warehouse is not connected, so nobody was given rights on it", self.run_it())

    def test_removes_the_group_of_a_role_that_is_gone_and_no_other(self) -> None:
        self.run_it()
        self.metabase.groups[77] = ("by-hand", None)
        roles = {role: value for role, value in self.settings["roles"].items() if role != "sales-query"}
        self.run_it(roles=roles)
        self.assertNotIn("entrada-sales-query", [name for name, _ in self.metabase.groups.values()])
        self.assertIn(77, self.metabase.groups)
        self.assertNotIn("sales-query", self.mappings())

    def test_publishes_nothing_for_the_open_source_edition(self) -> None:
        self.settings = settings("oss")
        del self.environment["METABASE_GROUPS_MAP"]
        self.run_it()
        self.assertEqual(self.cluster.data, {})
        self.assertIn("entrada-view", [name for name, _ in self.metabase.groups.values()])

    def test_fails_when_the_password_is_not_the_vaults(self) -> None:
        self.run_it()
        (self.folder / "break-glass-password").write_text("another1")
        with self.assertRaisesRegex(MetabaseError, f"401: the break-glass account {ADMINISTRATOR} does not have the password"):
            self.run_it()

    def test_fails_when_metabase_does_not_come_up(self) -> None:
        self.environment["METABASE_START_SECONDS"] = "0"
        self.metabase.healthy_after = 10
        with self.assertRaisesRegex(MetabaseError, "did not become healthy in 0 seconds: GET /api/health answered 503"):
            self.run_it()

    def test_fails_when_the_cluster_refuses(self) -> None:
        self.cluster.status = 403
        with self.assertRaisesRegex(MetabaseError, "the cluster refused the group ids with 403"):
            self.run_it()
        self.assertEqual(self.metabase.sessions.keys(), {next(iter(self.metabase.sessions))})

    def test_fails_on_answers_of_another_shape(self) -> None:
        self.run_it()
        for call, body in [
            ("GET /api/session/properties", b"{}"),
            ("POST /api/session", b"{}"),
            ("GET /api/permissions/group", b'{"data": []}'),
            ("GET /api/permissions/group", b"[]"),
            ("GET /api/database", b'{"data": [{"id": 1}]}'),
            ("GET /api/permissions/graph", b'{"groups": {}}'),
            ("GET /api/collection/graph", b"<html>"),
        ]:
            with self.subTest(call=call, body=body):
                self.metabase.before = [(call, 200, body)]
                with self.assertRaises(MetabaseError):
                    self.run_it()

    def test_gives_way_to_somebody_who_changes_rights_at_the_same_time(self) -> None:
        self.metabase.database(1, "warehouse", "sales")
        self.metabase.before = [("PUT /api/permissions/graph", 409, b"")]
        with self.assertRaisesRegex(MetabaseError, "PUT /api/permissions/graph answered 409"):
            self.run_it()

    def test_ends_with_one_line_that_holds_no_secret(self) -> None:
        file = self.folder / "settings.json"
        file.write_text(json.dumps(self.settings))
        self.metabase.before = [("POST /api/setup", 500, b"s3cret-of-the-vault")]
        environment = {**self.environment, "METABASE_SETTINGS_FILE": str(file)}
        with mock.patch.dict(os.environ, environment), self.assertRaises(SystemExit) as ended:
            bootstrap.main(bootstrap.bootstrap)
        self.assertEqual(ended.exception.code, "failed: MetabaseError: POST /api/setup answered 500")
        printed = io.StringIO()
        with mock.patch.dict(os.environ, environment), contextlib.redirect_stdout(printed):
            bootstrap.main(bootstrap.bootstrap)
        self.assertIn(f"first account made: {ADMINISTRATOR}", printed.getvalue())
        self.assertNotIn("s3cret", printed.getvalue())


if __name__ == "__main__":
    sys.exit(unittest.main())
