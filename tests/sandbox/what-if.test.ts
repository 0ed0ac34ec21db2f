import { describe, expect, inject, it } from "vitest";
import { loadSettings, stackFile } from "../../cli/project.ts";
import type { Account, Pods, SignInContext } from "../../cli/sign-in/context.ts";
import { deployedStack } from "../../cli/sign-in/deployed.ts";
import { clusterPods } from "../../cli/sign-in/identity.ts";
import type { Issuer } from "../../cli/sign-in/issuer.ts";
import { sandboxFetch } from "../../cli/sign-in/network.ts";
import { PLATFORM_SIGN_INS } from "../../cli/sign-in/platform.ts";
import { SignInRefused } from "../../cli/sign-in/refused.ts";
import { playWay, waysInto } from "../../cli/sign-in/ways.ts";
import { contracts } from "../../components/tools/registry.ts";
import {
  agreementGrid,
  declaredTools,
  type EverybodyRow,
  type GridEntry,
  sceneOf,
  userPrincipalName,
  whatIfEverybody,
} from "../../model/index.ts";
import { TestSandbox } from "./harness.ts";

/** Sign-ins that are under way at the same time. */
const AT_ONCE = 16;
const LIMIT_MS = 60_000;

const sandbox = new TestSandbox(inject("sharedSandbox"));
const settings = loadSettings(stackFile("sandbox"));
const tools = declaredTools(settings, contracts);
const scene = sceneOf(settings, contracts);

/** A pod's token holds for minutes, and so for every sign-in of the test. */
function remembering(pods: Pods): Pods {
  const tokens = new Map<string, Promise<string>>();
  return {
    ...pods,
    token(account: Account) {
      const key = `${account.namespace}/${account.name}`;
      const known = tokens.get(key) ?? pods.token(account);
      tokens.set(key, known);
      return known;
    },
  };
}

/** Everything that sign-ins to a tool have in common. */
function contexts(): Map<string, SignInContext> {
  const stack = deployedStack(sandbox.layout, "sandbox");
  const fetch = sandboxFetch(sandbox.record);
  const pods = remembering(clusterPods(sandbox.record.kubeconfig));
  const issuers = new Map<string, Issuer>();
  return new Map(
    tools.map((declared) => {
      const deployed = stack.tools[declared.id];
      if (deployed === undefined) throw new Error(`${declared.id} is not deployed.`);
      return [
        declared.id,
        { settings, layout: sandbox.layout, stack, declared, deployed, fetch, pods, attempt: { issuers } },
      ];
    }),
  );
}

/** What a real sign-in ends with: `ok`, or the code of its refusal. */
async function signIn(context: SignInContext, person: string, conditions: GridEntry["conditions"]): Promise<string> {
  const played = { ...context, attempt: { ...context.attempt, played: conditions } };
  const upn = userPrincipalName(settings, person);
  const platform = PLATFORM_SIGN_INS[context.declared.contract.id];
  const [way] = platform === undefined ? waysInto(played, {}) : [];
  try {
    if (way !== undefined) await playWay(played, way, upn);
    else await platform?.(played, upn);
    return "ok";
  } catch (error) {
    if (error instanceof SignInRefused) return error.code;
    throw error;
  }
}

/** What what-if says that a sign-in ends with; the account and the assignment come before Conditional Access. */
function predicted({ person, tool, assigned, verdict }: EverybodyRow): string {
  if (scene.people.find(({ id }) => id === person)?.enabled === false) return "AADSTS50057";
  // Entra lets everybody of the tenant through to Databricks; the workspace then says no itself.
  if (!assigned && tool !== "databricks") return "AADSTS50105";
  if (verdict.outcome !== "allow") return `AADSTS${verdict.code}`;
  return assigned ? "ok" : "403";
}

describe("what-if and real sign-ins", () => {
  it("agree for everybody, every tool and every condition", { timeout: 3 * LIMIT_MS }, async () => {
    const grid = agreementGrid(settings);
    const { rows } = whatIfEverybody(settings, contracts, { grid });
    const played = new Map(grid.map(({ name, conditions }) => [name, conditions]));
    const into = contexts();
    const results: { row: EverybodyRow; expected: string; got: string }[] = [];
    const waiting = rows.values();
    const started = performance.now();
    const work = async () => {
      for (const row of waiting) {
        const context = into.get(row.tool);
        if (context === undefined) throw new Error(`There is no tool ${row.tool}.`);
        const got = await signIn(context, row.person, played.get(row.condition) ?? {});
        results.push({ row, expected: predicted(row), got });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const elapsed = performance.now() - started;
    console.log(`${results.length} sign-ins in ${(elapsed / 1000).toFixed(1)} s`);

    const apart = results.filter(({ expected, got }) => expected !== got);
    expect(
      apart
        .slice(0, 20)
        .map(({ row: { person, tool, condition }, ...codes }) => ({ person, tool, condition, ...codes })),
    ).toEqual([]);
    expect(grid.length).toBeGreaterThanOrEqual(24);
    expect(results.length).toBeGreaterThanOrEqual(2000);
    // Every kind of answer was among them.
    expect(new Set(results.map(({ got }) => got))).toEqual(
      new Set(["ok", "403", "AADSTS50057", "AADSTS50076", "AADSTS50079", "AADSTS50105", "AADSTS53003"]),
    );
    expect(elapsed).toBeLessThan(LIMIT_MS);
  });
});
