import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadSettings } from "../cli/project.ts";
import { environmentNames, stackPath } from "../cli/stack-files.ts";
import { contracts } from "../components/tools/registry.ts";
import { declaredConditionalAccess } from "../model/index.ts";
import { shortName } from "../sandbox/engine/changes.ts";
import { type Ask, openDirectory } from "./directory.ts";
import { environmentOf, type Job, RESULTS } from "./job.ts";
import { outputOf } from "./process.ts";
import { runPulumi } from "./pulumi.ts";
import { type StateResource, undeclared } from "./undeclared.ts";

/** What the nightly look at one environment found; `<environment>.json` in the results. */
export interface DriftResult {
  readonly environment: string;
  /** `failed`: nobody knows, because the preview itself did not succeed. */
  readonly state: "clean" | "drifted" | "failed";
  /** What an `up` would put right: operation, resource and, of an update, the properties. */
  readonly changes: readonly {
    readonly op: string;
    readonly resource: string;
    readonly properties: readonly string[];
  }[];
  /** What stands in Entra beside what is declared, a sentence each. An `up` leaves it there. */
  readonly undeclared: readonly string[];
  readonly errors: readonly string[];
}

/**
 * Step: reads what really is there and compares it with the declared. Succeeds where there is drift, which the issue
 * tells of; fails where the preview itself does.
 */
export async function findDrift(job: Job, ask?: Ask): Promise<void> {
  const environment = environmentOf(job);
  const folder = join(job.root, RESULTS, "drift");
  const command = ["preview", "--refresh", "--expect-no-changes", "--json"];
  const { code, collected } = await runPulumi(job, environment, folder, command);
  const { changes, errors } = collected;
  // --expect-no-changes ends with an error of its own, so the changes decide.
  const failed = code !== 0 && changes.length === 0;
  const beside = failed ? [] : await besideDeclared(job, environment, ask);
  const state = failed ? "failed" : changes.length + beside.length > 0 ? "drifted" : "clean";
  const result: DriftResult = {
    environment,
    state,
    changes: changes.map(({ op, urn, properties }) => ({ op, resource: shortName(urn), properties })),
    undeclared: beside,
    errors,
  };
  writeFileSync(join(folder, `${environment}.json`), JSON.stringify(result, undefined, 2));
  job.log(`${environment}: ${state}, ${changes.length} changes, ${beside.length} undeclared.`);
  for (const error of errors) job.log(`error: ${error}`);
  if (state === "failed") throw new Error(`The preview of ${environment} failed; see above.`);
}

async function besideDeclared(job: Job, environment: string, ask: Ask | undefined): Promise<string[]> {
  // Secrets stay encrypted in what it prints.
  const state = await outputOf(job.run, "pulumi", ["stack", "export", "--stack", environment]);
  const { deployment } = JSON.parse(state) as { deployment: { resources?: readonly StateResource[] } };
  return undeclared(deployment.resources ?? [], await openDirectory(job, ask), policiesElsewhere(job, environment));
}

/** Names of the policies that other environments in the same tenant declare. */
export function policiesElsewhere({ root }: Pick<Job, "root">, environment: string): ReadonlySet<string> {
  const settingsOf = (name: string) => loadSettings(stackPath(root, name));
  const { tenantId } = settingsOf(environment);
  const others = environmentNames(root).filter((name) => name !== environment);
  const neighbours = others.map(settingsOf).filter((settings) => settings.tenantId === tenantId);
  const declared = neighbours.flatMap((settings) => declaredConditionalAccess(settings, contracts).policies);
  return new Set(declared.map(({ policy }) => policy.displayName));
}
