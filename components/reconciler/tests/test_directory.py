"""entrada_directory.py against Graph's shapes."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import entrada_directory
from entrada_directory import Directory, DirectoryError
from entrada_guard import MassRemoval, check_removals
from fake_graph import CLIENT, PRINCIPAL, TENANT, FakeGraph

ROLES = {"query": "aaaaaaaa-0000-4000-8000-000000000001", "view": "aaaaaaaa-0000-4000-8000-000000000002"}
DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"


class DirectoryTest(unittest.TestCase):
    def setUp(self) -> None:
        self.graph = FakeGraph()
        self.addCleanup(self.graph.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.token = Path(folder.name) / "token"
        self.token.write_text("service-account-token\n")
        self.environment = {
            "AZURE_TENANT_ID": TENANT,
            "AZURE_CLIENT_ID": CLIENT,
            "AZURE_FEDERATED_TOKEN_FILE": str(self.token),
            "AZURE_AUTHORITY_HOST": f"{self.graph.url}/",
            "ENTRA_SERVICE_PRINCIPAL_ID": PRINCIPAL,
        }
        self.slept = []
        patched = mock.patch.object(entrada_directory.time, "sleep", self.slept.append)
        patched.start()
        self.addCleanup(patched.stop)

    def people(self):
        found = Directory(ROLES, self.environment, self.graph.url).people()
        return {person.name: sorted(person.roles) for person in found}

    def test_joins_what_groups_and_people_are_assigned(self) -> None:
        ana, jon, mei = (self.graph.user(key) for key in ("ana.lima", "jon.berg", "mei.tanaka"))
        self.graph.assign(self.graph.group("g-1", ana, jon, mei), ROLES["query"])
        self.graph.assign(self.graph.group("g-2", jon), ROLES["view"].upper())
        self.graph.assign(self.graph.user("liam.murphy"), ROLES["view"], "User")
        self.assertEqual(
            self.people(), {"ana.lima": ["query"], "jon.berg": ["query", "view"], "liam.murphy": ["view"], "mei.tanaka": ["query"]}
        )

    def test_leaves_out_the_disabled_other_roles_and_what_is_nested(self) -> None:
        out = self.graph.user("eva.lindqvist", enabled=False)
        self.graph.user("zoe.martin")
        nested = [{"@odata.type": "#microsoft.graph.group", "id": "g-inner"}]
        self.graph.assign(self.graph.group("g-1", out, others=nested), ROLES["query"])
        self.graph.assign(self.graph.user("pavel.orlov"), DEFAULT_ACCESS, "User")
        self.graph.assign("sp", ROLES["query"], "ServicePrincipal")
        self.assertEqual(self.people(), {})
        self.assertNotIn("g-inner", "".join(self.graph.requests))

    def test_knows_people_by_sign_in_name_and_mail(self) -> None:
        self.graph.assign(self.graph.user("mira.holt", mail="Mira.Holt@Fabrikam.com"), ROLES["view"], "User")
        self.graph.assign(self.graph.user("robot", mail=None), ROLES["view"], "User")
        found = Directory(ROLES, self.environment, self.graph.url).people()
        self.assertEqual(
            [sorted(person.addresses) for person in found],
            [["mira.holt@contoso.com", "mira.holt@fabrikam.com"], ["robot@contoso.com"]],
        )

    def test_reads_the_token_file_at_each_start_and_signs_in_once(self) -> None:
        self.graph.assertion = "renewed-token"
        self.token.write_text("renewed-token")
        self.people()
        self.assertEqual(sum(request.startswith("POST") for request in self.graph.requests), 1)

    def test_waits_as_asked_and_then_goes_on(self) -> None:
        self.graph.before = [(429, {"Retry-After": "7"}, b"{}"), (503, {}, b""), (429, {"Retry-After": "3600"}, b"{}")]
        self.assertEqual(self.people(), {})
        self.assertEqual(self.slept, [7, 2, 30])

    def test_gives_up_after_five_attempts(self) -> None:
        self.graph.before = [(503, {}, b"")] * 5
        with self.assertRaisesRegex(DirectoryError, "answered 503: no reason given"):
            self.people()
        self.assertEqual(len(self.graph.requests), 5)

    def test_says_why_entra_refused_and_does_not_try_again(self) -> None:
        self.token.write_text("somebody-else")
        with self.assertRaisesRegex(DirectoryError, r"token answered 401: AADSTS700213: No matching federated identity record found\.$"):
            self.people()
        self.assertEqual(len(self.graph.requests), 1)

    def test_takes_a_missing_permission_for_an_error_and_not_for_disabled(self) -> None:
        self.graph.assign(self.graph.group("g-1", self.graph.user("ana.lima", enabled=None)), ROLES["query"])
        with self.assertRaisesRegex(DirectoryError, "lacks User.Read.All"):
            self.people()

    def test_takes_a_vanished_group_for_an_error_and_not_for_empty(self) -> None:
        self.graph.assign("g-gone", ROLES["query"])
        with self.assertRaisesRegex(DirectoryError, "g-gone/members answered 404: Request_ResourceNotFound"):
            self.people()

    def test_sends_its_token_to_nobody_but_graph(self) -> None:
        users = [self.graph.user(f"person.{number}") for number in range(3)]
        self.graph.assign(self.graph.group("g-1", *users), ROLES["query"])
        self.graph.next_link_host = "http://elsewhere.example"
        with self.assertRaisesRegex(DirectoryError, "to another host"):
            self.people()

    def test_refuses_answers_of_another_shape(self) -> None:
        token = (200, {}, b'{"access_token": "graph-token"}')
        for body, reason in [(b"{}", "without a list"), (b"[]", "not answer with an object"), (b"<html>", "not answer with JSON"), (b'{"value": [{}]}', "lacks 'appRoleId'")]:
            with self.subTest(body=body):
                self.graph.before = [token, (200, {}, body)]
                with self.assertRaisesRegex(DirectoryError, reason):
                    self.people()
        self.graph.before = [(200, {}, b'{"token_type": "Bearer"}')]
        with self.assertRaisesRegex(DirectoryError, "lacks 'access_token'"):
            self.people()
        self.graph.assign("x", ROLES["query"], "Robot")
        with self.assertRaisesRegex(DirectoryError, "unknown kind 'Robot'"):
            self.people()

    def test_needs_its_environment(self) -> None:
        self.environment["AZURE_TENANT_ID"] = "common"
        with self.assertRaisesRegex(DirectoryError, "AZURE_TENANT_ID is 'common', which is not a GUID"):
            self.people()
        del self.environment["ENTRA_SERVICE_PRINCIPAL_ID"]
        with self.assertRaisesRegex(DirectoryError, "ENTRA_SERVICE_PRINCIPAL_ID is not set"):
            self.people()


class GuardTest(unittest.TestCase):
    def test_lets_few_go_and_refuses_many(self) -> None:
        for losing, active, limit, refused in [
            (0, 0, 25, False),
            (3, 4, 25, False),
            (4, 16, 25, False),
            (5, 16, 25, True),
            (25, 100, 25, False),
            (26, 100, 25, True),
            (3, 3, 25, False),
            (4, 4, 99, True),
            (100, 100, 100, False),
        ]:
            with self.subTest(losing=losing, active=active, limit=limit):
                if refused:
                    with self.assertRaisesRegex(MassRemoval, f"{losing} of {active} people.*set tools.x to 100"):
                        check_removals(losing, active, limit, "tools.x")
                else:
                    check_removals(losing, active, limit, "tools.x")


if __name__ == "__main__":
    unittest.main()
