"""reconcile.py against Metabase's API and Graph."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from typing import Any

from bootstrap import bootstrap
from entrada_directory import DirectoryError
from entrada_guard import MassRemoval
from fake_graph import CLIENT, PRINCIPAL, TENANT, FakeGraph
from fake_metabase import EVERYBODY, NATIVE, NONE, FakeMetabase
from metabase_api import MetabaseError
from reconcile import reconcile
from settings import ADMINISTRATOR, settings

PASSWORD = "s3cret-of-the-vault"


class Reconciling(unittest.TestCase):
    edition = "pro"

    def setUp(self) -> None:
        self.graph = FakeGraph(page_size=50)
        self.metabase = FakeMetabase(key="mb_api-key")
        self.addCleanup(self.graph.close)
        self.addCleanup(self.metabase.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        files = {"break-glass-password": PASSWORD, "api-key": "api-key", "token": self.graph.assertion}
        for name, content in files.items():
            (self.folder / name).write_text(content)
        self.environment = {
            "AZURE_TENANT_ID": TENANT,
            "AZURE_CLIENT_ID": CLIENT,
            "AZURE_FEDERATED_TOKEN_FILE": str(self.folder / "token"),
            "AZURE_AUTHORITY_HOST": self.graph.url,
            "ENTRA_SERVICE_PRINCIPAL_ID": PRINCIPAL,
            "GRAPH_URL": self.graph.url,
            "METABASE_URL": self.metabase.url,
            "METABASE_SECRETS_FOLDER": str(self.folder),
        }
        self.settings = settings(self.edition)
        self.metabase.database(1, "warehouse", "sales", "returns")
        bootstrap({**self.settings, "edition": "oss"}, self.environment)
        self.query, self.view = (self.metabase.group(f"entrada-{role}") for role in ("query", "view"))
        self.metabase.password_login = self.edition == "oss"
        self.metabase.sessions.clear()
        self.metabase.writes.clear()

    def run_it(self, **changes: Any) -> list[str]:
        return reconcile({**self.settings, **changes}, self.environment)

    def person(self, key: str, role: str | None, **changes: Any) -> str:
        id = self.graph.user(key, **changes)
        if role is not None:
            self.graph.assign(id, self.settings["roles"][role]["id"], "User")
        return id

    def people(self, count: int, groups: tuple[int, ...] = ()) -> None:
        """Analysts who have their accounts, so that a few leavers are few."""
        for number in range(count):
            self.person(f"person.{number}", "query")
            self.metabase.account(f"person.{number}@contoso.com", self.query, *groups)


class ProTest(Reconciling):
    def test_puts_out_whoever_is_disabled_unassigned_or_unknown(self) -> None:
        self.people(10)
        self.person("eva.lindqvist", "query", enabled=False)
        self.person("pavel.orlov", None)
        for key in ("eva.lindqvist", "pavel.orlov", "by.hand"):
            self.metabase.account(f"{key}@contoso.com", self.query)
        lines = self.run_it()
        self.assertEqual(sorted(lines), [f"{key}@contoso.com: deactivated" for key in ("by.hand", "eva.lindqvist", "pavel.orlov")])
        self.assertEqual(self.metabase.active(), sorted([ADMINISTRATOR, *(f"person.{number}@contoso.com" for number in range(10))]))

    def test_changes_nothing_the_second_time(self) -> None:
        self.people(10, (self.view,))
        self.metabase.account("gone@contoso.com", self.query)
        self.run_it(removalLimit=100)
        self.assertNotEqual(self.metabase.writes, [])
        self.metabase.writes = []
        self.assertEqual(self.run_it(), [])
        self.assertEqual(self.metabase.writes, [])

    def test_takes_memberships_of_lost_roles_away_and_leaves_gaining_to_the_sign_in(self) -> None:
        self.people(10)
        self.person("jon.berg", "view")
        self.metabase.groups[77] = ("by-hand", None)
        self.metabase.account("jon.berg@contoso.com", self.query, 2, 77)
        self.run_it()
        self.assertEqual(self.metabase.groups_of("jon.berg@contoso.com"), ["by-hand"])
        self.assertFalse(self.metabase.users[max(self.metabase.users)]["is_superuser"])

    def test_makes_no_accounts(self) -> None:
        self.person("mei.tanaka", "query")
        self.run_it()
        self.assertEqual(self.metabase.active(), [ADMINISTRATOR])

    def test_lets_people_in_again_who_have_a_role_again(self) -> None:
        self.person("mei.tanaka", "query")
        self.metabase.account("mei.tanaka@contoso.com", self.query, active=False)
        self.assertEqual(self.run_it(), ["mei.tanaka@contoso.com: active again, as mei.tanaka@contoso.com has query"])
        self.assertIn("mei.tanaka@contoso.com", self.metabase.active())

    def test_knows_guests_by_their_mail_and_people_whatever_the_case(self) -> None:
        self.person("mira.holt", "view", userPrincipalName="mira.holt_fabrikam.com#EXT#@contoso.com", mail="Mira.Holt@fabrikam.com")
        self.person("ana.lima", "admin", userPrincipalName="Ana.Lima@Contoso.com")
        self.metabase.account("mira.holt@fabrikam.com", self.view)
        self.metabase.account("ana.lima@contoso.com", 2)
        self.assertEqual(self.run_it(), [])

    def test_counts_a_shared_mail_address_for_nobody(self) -> None:
        self.people(10)
        for key in ("one", "two"):
            self.person(key, "query", mail="desk@contoso.com")
        self.metabase.account("desk@contoso.com", self.query)
        self.metabase.account("one@contoso.com", self.query)
        lines = self.run_it()
        self.assertIn("desk@contoso.com is the mail address of several people, so no account is theirs by it", lines)
        self.assertNotIn("desk@contoso.com", self.metabase.active())
        self.assertIn("one@contoso.com", self.metabase.active())

    def test_keeps_a_sign_in_name_with_its_person_though_it_is_anothers_mail(self) -> None:
        self.person("boss", "view")
        self.person("assistant", "query", mail="boss@contoso.com")
        self.metabase.account("boss@contoso.com", self.query, self.view)
        self.run_it()
        self.assertEqual(self.metabase.groups_of("boss@contoso.com"), ["entrada-view"])

    def test_refuses_a_mass_removal_before_anything_is_changed(self) -> None:
        self.people(6)
        for number in range(5):
            self.metabase.account(f"gone.{number}@contoso.com", self.query)
        with self.assertRaisesRegex(MassRemoval, "5 of 11 people would lose access, more than 25 percent"):
            self.run_it()
        self.assertEqual((len(self.metabase.active()), self.metabase.writes), (12, []))
        self.run_it(removalLimit=100)
        self.assertEqual(len(self.metabase.active()), 7)

    def test_counts_lost_roles_as_removals(self) -> None:
        self.people(5, (self.view,))
        with self.assertRaisesRegex(MassRemoval, "5 of 5 people"):
            self.run_it()

    def test_refuses_an_empty_directory(self) -> None:
        for key in ("ana.lima", "jon.berg", "mei.tanaka", "omar.haddad"):
            self.metabase.account(f"{key}@contoso.com", self.query)
        with self.assertRaisesRegex(MassRemoval, "4 of 4 people"):
            self.run_it()
        self.assertEqual(self.metabase.writes, [])

    def test_never_touches_the_break_glass_account(self) -> None:
        self.person("break.glass", None, userPrincipalName=ADMINISTRATOR.upper())
        self.run_it(removalLimit=100)
        self.assertEqual(self.metabase.groups_of(ADMINISTRATOR), ["Administrators"])
        self.assertEqual((self.metabase.active(), self.metabase.writes), ([ADMINISTRATOR], []))

    def test_fails_when_the_break_glass_account_is_not_there(self) -> None:
        with self.assertRaisesRegex(MetabaseError, "the break-glass account other@contoso.com is not among"):
            self.run_it(administrator="other@contoso.com")

    def test_closes_a_database_that_was_connected_since(self) -> None:
        self.metabase.database(9, "new", "public")
        self.run_it()
        self.assertEqual(self.metabase.queries[EVERYBODY, 9], NONE)
        self.assertEqual(self.metabase.queries[self.query, 9], NATIVE)

    def test_changes_nothing_when_graph_does_not_answer_in_full(self) -> None:
        self.people(2)
        self.metabase.account("gone@contoso.com", self.query)
        self.graph.assign("g-gone", self.settings["roles"]["view"]["id"])
        with self.assertRaises(DirectoryError):
            self.run_it()
        self.assertEqual(self.metabase.writes, [])

    def test_changes_nothing_when_metabase_does_not_answer_in_full(self) -> None:
        self.people(4)
        for call, status, body, reason in [
            ("GET /api/user", 200, b'{"data": [], "total": 3}', "ended after 0 of 3 accounts"),
            ("GET /api/user", 200, b"[]", "data and total"),
            ("GET /api/user", 200, b'{"data": [{"id": 1}], "total": 1}', "list of id, email, is_active"),
            ("GET /api/permissions/membership", 200, b"[]", "with an object"),
            ("GET /api/permissions/group", 403, b"", "answered 403"),
        ]:
            with self.subTest(call=call, body=body):
                self.metabase.before = [(call, status, body)]
                with self.assertRaisesRegex(MetabaseError, reason):
                    self.run_it()
                self.assertEqual(self.metabase.writes, [])

    def test_says_what_to_do_about_a_missing_group(self) -> None:
        del self.metabase.groups[self.view]
        with self.assertRaisesRegex(MetabaseError, "entrada-view is missing: run the job metabase-bootstrap again"):
            self.run_it()

    def test_reads_more_accounts_than_fit_a_page(self) -> None:
        for number in range(450):
            self.metabase.account(f"old.{number}@contoso.com", active=False)
        self.people(2)
        self.assertEqual(self.run_it(), [])

    def test_needs_the_api_key_and_no_password(self) -> None:
        (self.folder / "api-key").write_text("wrong")
        with self.assertRaisesRegex(MetabaseError, "answered 401"):
            self.run_it()
        self.assertEqual(self.metabase.sessions, {})


class OssTest(Reconciling):
    edition = "oss"

    def setUp(self) -> None:
        super().setUp()
        (self.folder / "api-key").unlink()

    def test_makes_accounts_with_their_groups(self) -> None:
        self.person("ana.lima", "admin")
        mei = self.person("mei.tanaka", "query")
        self.graph.assign(mei, self.settings["roles"]["view"]["id"], "User")
        self.person("robot", "view", mail=None, givenName=None)
        self.run_it()
        self.assertEqual(
            {email: self.metabase.groups_of(email) for email in self.metabase.active()},
            {
                ADMINISTRATOR: ["Administrators"],
                "ana.lima@contoso.com": ["Administrators"],
                "mei.tanaka@contoso.com": ["entrada-query", "entrada-view"],
                "robot@contoso.com": ["entrada-view"],
            },
        )
        self.metabase.writes = []
        self.assertEqual(self.run_it(), [])
        self.assertEqual(self.metabase.writes, [])

    def test_moves_people_between_groups_and_ends_half_made_accounts_well(self) -> None:
        self.people(8)
        self.person("jon.berg", "view")
        self.metabase.account("jon.berg@contoso.com", self.query)
        self.person("half.made", "query")
        self.metabase.account("half.made@contoso.com")
        self.run_it()
        self.assertEqual(self.metabase.groups_of("jon.berg@contoso.com"), ["entrada-view"])
        self.assertEqual(self.metabase.groups_of("half.made@contoso.com"), ["entrada-query"])

    def test_puts_out_before_it_lets_in(self) -> None:
        self.people(8)
        self.metabase.account("gone@contoso.com", self.query)
        self.person("new", "query")
        self.metabase.before = [("POST /api/user", 500, b"")]
        with self.assertRaisesRegex(MetabaseError, "POST /api/user answered 500"):
            self.run_it()
        self.assertNotIn("gone@contoso.com", self.metabase.active())

    def test_ends_its_session_even_when_it_fails(self) -> None:
        self.metabase.before = [("GET /api/user", 500, b"")]
        with self.assertRaises(MetabaseError):
            self.run_it()
        self.run_it()
        self.assertEqual(self.metabase.sessions, {})


del Reconciling

if __name__ == "__main__":
    unittest.main()
