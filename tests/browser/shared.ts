import { afterAll, beforeAll, inject } from "vitest";
import { noteHosts } from "./asked-hosts.ts";
import { startBrowser, type TestBrowser } from "./chromium.ts";
import { Company, type ToolId } from "./company.ts";
import { Person } from "./person.ts";
import { Airflow } from "./tools/airflow.ts";
import { Reports } from "./tools/reports.ts";
import { Superset } from "./tools/superset.ts";
import type { Tool } from "./tools/tool.ts";

/** What a file of browser tests works with; there from its first `beforeAll` on. */
export interface Shared {
  readonly company: Company;
  /** The running tools. */
  readonly tools: Readonly<Record<ToolId, Tool>>;
  /** The reports app as a partner's people reach it. */
  partnersReports(partner: string): Tool;
  /** Somebody with a browser of their own. */
  person(): Promise<Person>;
  /** The name by which somebody of the settings signs in. */
  signInName(key: string): string;
}

/** The company that the global setup brought up, with a browser for this file. Call it once, outside of any test. */
export function useCompany(): Shared {
  const company = new Company(inject("browserSandbox"));
  let browser: TestBrowser | undefined;
  beforeAll(async () => {
    const { proxy, caFile } = company.sandbox.record;
    browser = await startBrowser({ proxy, caFile });
  });
  const people: Person[] = [];
  afterAll(async () => {
    noteHosts(company, new Set(people.flatMap(({ hosts }) => [...hosts])));
    await browser?.close();
  });

  const person = async () => {
    if (browser === undefined) throw new Error("The browser runs inside of tests only.");
    const one = await Person.in(await browser.newContext());
    people.push(one);
    return one;
  };
  const signInName = (key: string) => {
    const found = company.matrix.people.find(({ id }) => id === key);
    if (found === undefined) throw new Error(`The settings have nobody called ${key}.`);
    // A guest signs in with the mail address of their own company, a partner's person with theirs.
    return found.guest ? (company.settings.people[key]?.mail ?? found.upn) : found.upn;
  };
  const url = (id: string) => company.matrix.tools.find((tool) => tool.id === id)?.url ?? "";
  const tenantId = company.settings.tenantId;

  // An administrator whose session is kept open, because Airflow tells roles to nobody else. One question at a time: several
  // people's tests may run side by side, and the administrator has one page.
  let admin: Promise<Person> = Promise.reject(new Error("Nobody has asked yet."));
  admin.catch(() => {});
  const airflowAdmin = () => {
    const before = admin.catch(person);
    admin = before.then(async (ana) => {
      if (!(await airflow.isOpen(ana))) await airflow.signIn(ana, { name: signInName("ana.lima") });
      return ana;
    });
    return admin;
  };
  const airflow = new Airflow(url("airflow"), airflowAdmin);
  return {
    company,
    tools: { superset: new Superset(url("superset")), airflow, reports: new Reports(url("reports"), tenantId) },
    partnersReports: (partner) => new Reports(url("reports").replace("//reports.", `//reports-${partner}.`), tenantId),
    person,
    signInName,
  };
}
