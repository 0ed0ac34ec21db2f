import * as runtime from "@pulumi/pulumi/runtime/index.js";
import { policyFacts } from "../../../cli/policy-pack.ts";
import { loadSettings, readConfig } from "../../../cli/project.ts";
import { type Registered, type Run, runProgram } from "../../../components/testing/mocks.ts";
import program from "../../../infra/index.ts";
import { azureNativeProvider } from "../../../sandbox/providers/azure-native/provider.ts";
import { azureadProvider } from "../../../sandbox/providers/azuread/provider.ts";
import { databricksProvider } from "../../../sandbox/providers/databricks/provider.ts";
import type { Http } from "../../../sandbox/providers/http/http.ts";
import { compareInputs } from "../../../sandbox/providers/kubernetes/compare.ts";
import { needsReplacement } from "../../../sandbox/providers/kubernetes/replacement.ts";
import type { ChangeKind, PropertyMap } from "../../../sandbox/providers/protocol/types.ts";
import { randomProvider } from "../../../sandbox/providers/random/provider.ts";
import { tlsProvider } from "../../../sandbox/providers/tls/provider.ts";
import { findings, unmarked } from "../program-findings.ts";

/** Only compared with: nothing is ever asked. */
const http = {} as Http;
const credentials = { tenantId: "tenant", clientId: "client", clientSecret: "none" };
const providers = new Map(
  [
    azureadProvider(http, credentials),
    azureNativeProvider({ http, credentials, subscriptionId: "subscription" }),
    databricksProvider(http, credentials),
    randomProvider(),
    tlsProvider(),
  ].map((provider) => [provider.name, provider]),
);

/** What the program registers under a stack file. */
export async function registered(file: string): Promise<Run> {
  runtime.setAllConfig(readConfig(file));
  return runProgram(program);
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly replaceReasons?: readonly string[];
  readonly detailedDiff: Readonly<Record<string, { readonly kind: string; readonly inputDiff: boolean }>> | null;
}

/**
 * What `pulumi preview --json` would print between two runs of the program under mocks. The sandbox's providers compare the inputs,
 * and so say what has to be replaced.
 */
export async function playedPreview(before: Run, after: Run) {
  const old = byUrn(before.resources);
  const young = byUrn(after.resources);
  const gone = [...old.keys()]
    .filter((urn) => !young.has(urn))
    .map((urn): Step => ({ op: "delete", urn, detailedDiff: null }));
  const steps = await Promise.all(
    [...young].map(async ([urn, now]): Promise<Step[]> => {
      const then = old.get(urn);
      return then === undefined ? [{ op: "create", urn, detailedDiff: null }] : changed(urn, then, now);
    }),
  );
  return { config: {}, steps: [...gone, ...steps.flat()], duration: 41_300_000_000 };
}

async function changed(urn: string, then: Registered, now: Registered): Promise<Step[]> {
  const changes = await compared(urn, then, now);
  const paths = Object.keys(changes);
  if (paths.length === 0) return [];
  const detailedDiff = Object.fromEntries(
    Object.entries(changes).map(([path, kind]) => [path, { kind, inputDiff: true }]),
  );
  const replaceReasons = paths.filter((path) => changes[path]?.endsWith("-replace"));
  if (replaceReasons.length === 0) return [{ op: "update", urn, detailedDiff }];
  return ["create-replacement", "replace", "delete-replaced"].map((op) => ({ op, urn, replaceReasons, detailedDiff }));
}

async function compared(urn: string, then: Registered, now: Registered): Promise<Readonly<Record<string, ChangeKind>>> {
  const [olds, news] = [then, now].map(({ inputs }) => unmarked(inputs) as PropertyMap);
  if (olds === undefined || news === undefined) return {};
  const [name = ""] = now.type.split(":");
  if (name === "kubernetes") {
    const { apiVersion, kind } = news;
    const data = { configMaps: false, secrets: false };
    return Object.fromEntries(
      Object.entries(compareInputs(olds, news)).map(([path, change]): [string, ChangeKind] => [
        path,
        needsReplacement(String(apiVersion), String(kind), path, data) ? `${change}-replace` : change,
      ]),
    );
  }
  const provider = providers.get(name);
  if (provider === undefined) return {};
  return (await provider.diff({ type: now.type, urn }, `/id/${now.name}`, { inputs: olds, outputs: olds }, news))
    .changes;
}

/** Components and providers are no resources of their own. */
function byUrn(resources: readonly Registered[]): Map<string, Registered> {
  return new Map(
    resources
      .filter(({ type }) => !/^(entrada|pulumi):/.test(type))
      .map((resource) => [`urn:pulumi:sandbox::entrada::${resource.type}::${resource.name}`, resource]),
  );
}

/**
 * The engine's events about policies, as the pack's rules judge the run. How many rules passed is left out, or each new rule would change
 * every example.
 */
export function policyEvents(run: Run, file: string): string {
  const urns = new Map(
    [...byUrn(run.resources)].map(([urn, { type, name }]) => [`${type.split(":").at(-1)} ${name}`, urn]),
  );
  return findings(run, policyFacts(loadSettings(file, { lockOuts: true })), true)
    .map(({ rule, message }) => {
      const [, kind, name] = /(\w+) "([^"]+)"/.exec(message) ?? [];
      const resourceUrn = urns.get(`${kind} ${name}`);
      return JSON.stringify({
        policyEvent: {
          ...(resourceUrn === undefined ? {} : { resourceUrn }),
          policyName: rule,
          enforcementLevel: "mandatory",
          message: message.replace(/^urn:\S+ /, "").trim(),
        },
      });
    })
    .join("\n");
}
