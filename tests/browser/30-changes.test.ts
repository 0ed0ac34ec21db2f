import { CoreV1Api } from "@kubernetes/client-node";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { kubeConfig, type StateResource, stateResources } from "../sandbox/live.ts";
import { AIRFLOW_CACHE, type Edit, RUNNING, type ToolId } from "./company.ts";
import { useCompany } from "./shared.ts";

const { company, tools, person, signInName } = useCompany();

/** Person → tool → what the tool counts; a refusal's code where the sign-in ends on Entra's page. */
type Held = Record<string, Partial<Record<ToolId, readonly string[] | string>>>;

const ANALYST = { superset: ["Alpha", "sql_lab"], airflow: ["User"], reports: ["Author"] };
const SALES = { superset: ["Gamma", "sales-reader"], airflow: ["sales-runner"], reports: ["Reader"] };
const REFUSED = { superset: "AADSTS50105", airflow: "AADSTS50105", reports: "AADSTS50105" };

const AS_DECLARED: Held = {
  "sofia.rossi": SALES,
  "jon.berg": { superset: ["Admin", "Alpha", "sql_lab"], airflow: ["Admin", "User"], reports: ["Author"] },
  "omar.haddad": ANALYST,
  "clara.dubois": { superset: ["Gamma"], airflow: ["Viewer"], reports: ["Reader"] },
};

/** Sofia is promoted, Jon is no administrator any more, Omar left the team; Clara is none of their business. */
const CHANGES: readonly Edit[] = [
  [["teams", "bi-admins", "members"], ["ana.lima"]],
  [
    ["teams", "analysts", "members"],
    ["mei.tanaka", "jon.berg", "eva.lindqvist", "sofia.rossi"],
  ],
];
const CHANGED: Held = {
  "sofia.rossi": {
    superset: ["Alpha", "Gamma", "sales-reader", "sql_lab"],
    airflow: ["User", "sales-runner"],
    reports: ["Author", "Reader"],
  },
  "jon.berg": ANALYST,
  "omar.haddad": REFUSED,
  "clara.dubois": AS_DECLARED["clara.dubois"] ?? {},
};

/** Whom the changes are about; Clara is looked at while they hold. */
const CHANGING = ["sofia.rossi", "jon.berg", "omar.haddad"] as const;

/** Signs people in to every tool, each with a new browser, two at a time. */
async function held(keys: readonly string[]): Promise<Held> {
  const waiting = [...keys];
  const roles: Record<string, Held[string]> = {};
  const next = async () => {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) roles[key] = await heldBy(key);
  };
  await Promise.all([next(), next()]);
  return roles;
}

/** What is expected of some people alone. */
const of = (keys: readonly string[], all: Held): Held => Object.fromEntries(keys.map((key) => [key, all[key] ?? {}]));

async function heldBy(key: string): Promise<Held[string]> {
  const one = await person();
  const roles: Held[string] = {};
  for (const id of RUNNING) {
    const { refusal } = await tools[id].signIn(one, { name: signInName(key) });
    // The tool's own page may still be on its way to the session when the provider has let go.
    if (refusal === undefined) await vi.waitFor(async () => expect(await tools[id].isOpen(one)).toBe(true), 15_000);
    roles[id] = refusal?.code ?? (await tools[id].roles(one));
  }
  await one.close();
  return roles;
}

/** Whether somebody may change Airflow's variables with a session of now, which Jon may as an administrator alone. */
async function mayWriteVariables(key: string): Promise<() => Promise<boolean>> {
  const one = await person();
  await tools.airflow.signIn(one, { name: signInName(key) });
  return async () => (await tools.airflow.rights(one)).includes("write variables");
}

/** Each pod that runs on this machine, with how often its containers were started again. */
async function pods(): Promise<string[]> {
  const { items } = await kubeConfig(company.sandbox).makeApiClient(CoreV1Api).listPodForAllNamespaces();
  return items
    .filter(({ spec, status }) => spec?.nodeName === "sandbox-node-2" && status?.phase === "Running")
    .map(({ metadata, status }) => {
      const restarts = status?.containerStatuses?.map(({ restartCount }) => restartCount).join(",");
      return `${metadata?.namespace} ${metadata?.uid} ${restarts}`;
    })
    .sort();
}

/** What stands otherwise in the state than before, besides the teams. */
function touched(before: readonly StateResource[]): string[] {
  // A secret is encrypted anew whenever the state is written.
  const plain = (key: string, value: unknown) => (key === "ciphertext" ? undefined : value);
  const text = (resource: StateResource | undefined) => JSON.stringify([resource?.inputs, resource?.outputs], plain);
  const then = new Map(before.map((one) => [one.urn, one]));
  const now = new Map(stateResources(company.sandbox).map((one) => [one.urn, one]));
  const urns = [...new Set([...then.keys(), ...now.keys()])];
  return urns.filter(
    (urn) => text(then.get(urn)) !== text(now.get(urn)) && !/::(pulumi:pulumi:Stack|.*Group.*)::/.test(urn),
  );
}

describe("roles that the settings give and take away", () => {
  let podsBefore: string[];
  let stateBefore: StateResource[];
  beforeAll(async () => {
    await company.settle();
    podsBefore = await pods();
    stateBefore = stateResources(company.sandbox);
    expect(await held(CHANGING)).toEqual(of(CHANGING, AS_DECLARED));
  });

  it("are the tools' own at the next sign-in, without a pod that starts again", async () => {
    await company.up(CHANGES);
    expect(touched(stateBefore)).toEqual([]);
    expect(await held(Object.keys(CHANGED))).toEqual(CHANGED);
    await expect
      .poll(await mayWriteVariables("jon.berg"), { timeout: AIRFLOW_CACHE * 1_000, interval: 1_000 })
      .toBe(false);
    expect(podsBefore.length).toBeGreaterThanOrEqual(4);
    expect(await pods()).toEqual(podsBefore);
  });

  it("come back the same way", async () => {
    await company.up();
    expect(await held(CHANGING)).toEqual(of(CHANGING, AS_DECLARED));
    await expect
      .poll(await mayWriteVariables("jon.berg"), { timeout: AIRFLOW_CACHE * 1_000, interval: 1_000 })
      .toBe(true);
    expect(await pods()).toEqual(podsBefore);
  });
});
