import { describe, expect, it, type TestContext } from "vitest";
import { RUNNING, type ToolId } from "./company.ts";
import { leavers } from "./leavers.ts";
import type { Person } from "./person.ts";
import { useCompany } from "./shared.ts";

const shared = useCompany();
const { company, tools, person, partnersReports, signInName } = shared;

/** Somebody whose browser is closed when the test ends. */
async function somebody({ onTestFinished }: TestContext): Promise<Person> {
  const one = await person();
  onTestFinished(() => one.close());
  return one;
}

/** What the access matrix gives somebody in a tool, in the tool's own names, sorted. */
function expectedRoles(key: string, tool: ToolId): string[] {
  const held = company.matrix.people.find(({ id }) => id === key)?.access.filter((one) => one.tool === tool) ?? [];
  const names = company.toolRoles(tool);
  return [...new Set(held.flatMap(({ role }) => names[role] ?? []))].sort();
}

/** What each person can do in each tool that is open to them; the tool's own API is asked for each. */
const EVERYBODY: Readonly<Record<string, Partial<Record<ToolId, readonly string[]>>>> = {
  "ana.lima": {
    superset: ["see dashboards", "see users", "write SQL"],
    airflow: ["run every DAG", "run the DAG sales", "see DAGs", "see users", "write variables"],
  },
  "mei.tanaka": {
    superset: ["see dashboards", "write SQL"],
    airflow: ["run every DAG", "run the DAG sales", "see DAGs"],
    reports: ["publish reports", "read reports"],
  },
  "clara.dubois": { superset: ["see dashboards"], airflow: ["see DAGs"], reports: ["read reports"] },
  "sofia.rossi": {
    superset: ["see dashboards"],
    airflow: ["run the DAG sales", "see DAGs"],
    reports: ["read reports"],
  },
  "priya.nair": {
    superset: ["see dashboards"],
    airflow: ["run every DAG", "run the DAG sales", "see DAGs", "write variables"],
  },
  "mira.holt": { superset: ["see dashboards"] },
};

// Several people at a time (`maxConcurrency`), as on any working day: nobody's session may depend on nobody else being there.
describe.concurrent("people at the tools", () => {
  leavers(shared);

  // Signing in.
  it.for(Object.entries(EVERYBODY))(
    "%s has the rights of the matrix, and one sign-in opens every tool",
    async ([key, rights], context) => {
      const one = await somebody(context);
      const open = RUNNING.filter((tool) => rights[tool] !== undefined);
      for (const tool of open) {
        const passed = await tools[tool].signIn(one, { name: signInName(key) });
        // Only the first tool shows pages: after it, Entra knows the person.
        expect(passed).toEqual({ pages: tool === open[0] ? ["pick", "verify"] : [] });
        expect(await tools[tool].roles(one)).toEqual(expectedRoles(key, tool));
        expect(await tools[tool].rights(one)).toEqual(rights[tool]);
      }
    },
  );

  it("the people here cover every role that the company's people hold", () => {
    const held = (keys: readonly string[]) =>
      new Set(
        keys.flatMap((key) => RUNNING.flatMap((tool) => expectedRoles(key, tool).map((role) => `${tool} ${role}`))),
      );
    const company_ = company.matrix.people.filter(({ partner }) => partner === undefined).map(({ id }) => id);
    expect([...held(Object.keys(EVERYBODY))].sort()).toEqual([...held(company_)].sort());
  });

  it.for<[what: string, key: string, code: string]>([
    ["in no team", "pavel.orlov", "AADSTS50105"],
    ["a member by nesting alone", "zoe.martin", "AADSTS50105"],
    ["disabled", "eva.lindqvist", "AADSTS50057"],
    ["without a second factor", "noah.fischer", "AADSTS50079"],
  ])("somebody %s is turned away by every tool's sign-in, on Entra's page", async ([, key, code], context) => {
    for (const tool of RUNNING) {
      const one = await somebody(context);
      const { refusal } = await tools[tool].signIn(one, { name: signInName(key) });
      expect([tool, refusal?.code]).toEqual([tool, code]);
      expect(await tools[tool].isOpen(one)).toBe(false);
    }
  });

  // Conditional Access.
  it.for(RUNNING)(
    "Conditional Access keeps %s shut from another country, and says so on the page",
    async (tool, context) => {
      const one = await somebody(context);
      const as = { name: signInName("mei.tanaka"), conditions: { country: "BR" } };
      expect((await tools[tool].signIn(one, as)).refusal?.code).toBe("AADSTS53003");
      expect(await tools[tool].isOpen(one)).toBe(false);
    },
  );

  it("Conditional Access takes only a security key from an administrator", async (context) => {
    const one = await somebody(context);
    const asked = tools.superset.signIn(one, { name: signInName("ana.lima"), method: "authenticator" });
    await expect(asked).rejects.toThrow("does not offer authenticator");
    expect(await one.page.locator('button[name="mfa"]').count()).toBe(1);
  });

  // A partner's person.
  const as = { name: "kai.larsen@acme.com" };

  it("a partner's person comes in through the partner's provider with the role of the partner's group", async (context) => {
    const one = await somebody(context);
    expect(await tools.superset.signIn(one, as, { partner: "acme", path: "/" })).toEqual({ pages: ["pick"] });
    expect(await tools.superset.roles(one)).toEqual(company.toolRoles("superset")["partner-reader"]);
    expect(await tools.superset.rights(one)).toEqual(["see dashboards"]);
    const reports = partnersReports("acme");
    expect(await reports.signIn(one, as)).toEqual({ pages: [] });
    expect(await reports.roles(one)).toEqual(["Reader"]);
    expect(await reports.rights(one)).toEqual(["read reports"]);
  });

  it("a partner's person is turned away by a tool that gives the partner's groups nothing", async (context) => {
    const one = await somebody(context);
    await tools.airflow.signIn(one, as, { partner: "acme" });
    expect(await tools.airflow.isOpen(one)).toBe(false);
  });

  it("a partner's person is turned away by the partner when deactivated", async (context) => {
    const one = await somebody(context);
    const { refusal } = await tools.superset.signIn(one, { name: "ivo.brandt@acme.com" }, { partner: "acme" });
    expect(refusal?.code).toBe("E0000004");
  });

  // A deep link.
  it.for([
    ["superset", "/chart/list/"],
    ["airflow", "/variables"],
    ["reports", "/reports/stock"],
  ] as const)("a deep link of %s leads to the page that was asked for", async ([tool, path], context) => {
    const one = await somebody(context);
    await tools[tool].signIn(one, { name: signInName("mei.tanaka") }, { path });
    await one.page.waitForURL((url) => url.pathname === path);
    expect(await tools[tool].isOpen(one)).toBe(true);
  });

  // Signing out.
  it.for(["superset", "reports"] as const)(
    "signing out of %s ends its session and Entra's; signing in again works",
    async (tool, context) => {
      const one = await somebody(context);
      const as = { name: signInName("mei.tanaka") };
      await tools[tool].signIn(one, as);
      const identity = await tools[tool].identity(one);
      expect(await tools[tool].isOpen(one)).toBe(true);
      await tools[tool].signOut(one);
      expect(await tools[tool].isOpen(one)).toBe(false);
      expect(await tools[tool].signIn(one, as)).toEqual({ pages: ["pick", "verify"] });
      expect(await tools[tool].identity(one)).toBe(identity);
    },
  );

  it("signing out of Airflow ends its session alone: Entra lets the person in again without a word", async (context) => {
    const one = await somebody(context);
    const as = { name: signInName("mei.tanaka") };
    await tools.airflow.signIn(one, as);
    await tools.airflow.signOut(one);
    expect(await tools.airflow.isOpen(one)).toBe(false);
    expect(await tools.airflow.signIn(one, as)).toEqual({ pages: [] });
    expect(await tools.airflow.isOpen(one)).toBe(true);
  });
});
