import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { contracts } from "../../components/tools/registry.ts";
import { type Settings, settingsSchema } from "../../model/index.ts";
import { descriptionOf, schemaAt } from "../../model/settings/described.ts";
import { shown } from "../../model/settings/problem.ts";
import type { ArmSend } from "../bootstrap/arm.ts";
import { type PlannedStep, planState, stateLines } from "../bootstrap/state.ts";
import type { StateArgs, StateUser } from "../bootstrap/wanted.ts";
import { json, line, Refusal, WrongUse } from "../output.ts";
import { loadSettings, projectRoot } from "../project.ts";
import { stackPath } from "../stack-files.ts";

/** What `entrada bootstrap` takes. */
export interface BootstrapOptions {
  /** Default: the stack file's. */
  readonly subscription?: string;
  /** Default: the stack file's. */
  readonly location?: string;
  /** Object ids of programs that deploy as well. */
  readonly deployer?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Where the command works; tests bring their own. */
export interface BootstrapPlace {
  readonly root: string;
  readonly connect: (tenantId?: string) => Promise<{ send: ArmSend; caller: StateUser }>;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

const standard: BootstrapPlace = {
  root: projectRoot,
  connect: async (tenantId) => (await import("../bootstrap/arm.ts")).connect(tenantId),
  wait: (milliseconds) => setTimeout(milliseconds),
};

/**
 * Makes what keeps an environment's state. What is there already stays as it is, so that the command can run twice.
 * @throws WrongUse with everything that is wrong with what was asked; Refusal with what Azure said
 */
export async function bootstrap(environment: string, options: BootstrapOptions, place = standard): Promise<void> {
  const file = stackPath(place.root, environment);
  const settings = existsSync(file) ? loadSettings(file, { lockOuts: true }) : undefined;
  const { subscriptionId, location } = checked(environment, options, settings);
  const { send, caller } = await place.connect(settings?.tenantId);
  const azure = { send, wait: async (milliseconds: number) => void (await place.wait(milliseconds)) };
  const deployers = (options.deployer ?? []).map((objectId) => ({ objectId, type: "ServicePrincipal" as const }));
  const args: StateArgs = {
    environment,
    subscriptionId,
    location,
    tenantId: await tenantOf(send, subscriptionId, settings),
    users: [caller, ...deployers].filter(
      ({ objectId }, index, all) => all.findIndex((other) => other.objectId === objectId) === index,
    ),
  };
  const steps = await planState(azure, args);
  const due = steps.filter(({ action }) => action !== "none");
  if (!options.json) for (const step of steps) for (const text of stepLines(step)) line(text);
  if (options.dryRun !== true) {
    for (const step of due) await step.run();
  }
  const lines = await stateLines(azure, args);
  if (options.json) {
    const resources = steps.map(({ what, action, changes }) => ({ what, action, changes }));
    const changed = options.dryRun ? 0 : due.length;
    json({ environment, changed, due: due.length, resources, ...lines });
    return;
  }
  if (options.dryRun) line(`\nNothing was changed: --dry-run. ${due.length} of ${steps.length} are to do.`);
  else
    line(due.length === 0 ? "\nEverything is there; nothing was changed." : `\nDone: ${due.length} made or changed.`);
  if (lines.secretsProvider === undefined) return;
  line("Next, in the project's folder:");
  line(`  pulumi login '${lines.login}'`);
  line(`  pulumi stack init ${environment} --secrets-provider '${lines.secretsProvider}'`);
}

function stepLines({ what, action, changes }: PlannedStep): string[] {
  const sign = { make: "+", change: "~", none: "=" }[action];
  return [`${sign} ${what}${action === "none" ? ", there already" : ""}`, ...changes.map((change) => `    ${change}`)];
}

/** The subscription and the region, from the options or the stack file; everything that is wrong comes at once. */
function checked(environment: string, options: BootstrapOptions, settings: Settings | undefined) {
  const subscriptionId = options.subscription ?? settings?.subscriptionId;
  const location = options.location ?? settings?.location;
  const problems = [
    ...problem("the environment", ["environment"], environment),
    ...problem("--subscription", ["subscriptionId"], subscriptionId),
    ...problem("--location", ["location"], location),
    ...(options.deployer ?? []).flatMap((id) => problem("--deployer", ["tenantId"], id)),
  ];
  if (
    settings !== undefined &&
    subscriptionId !== undefined &&
    subscriptionId.toLowerCase() !== settings.subscriptionId.toLowerCase()
  ) {
    problems.push(
      `--subscription: found ${shown(subscriptionId)}, but stacks/Pulumi.${environment}.yaml says ${settings.subscriptionId}. Leave the option out, or change the file.`,
    );
  }
  if (problems.length > 0 || subscriptionId === undefined || location === undefined)
    throw new WrongUse(problems, "bootstrap");
  return { subscriptionId, location };
}

function problem(name: string, path: readonly string[], value: string | undefined): string[] {
  const schema = schemaAt(settingsSchema(contracts), path);
  if (schema?.safeParse(value).success === true) return [];
  const fix = value === undefined ? " Give it, or make the stack file first with `entrada init`." : "";
  return [`${name}: found ${shown(value)}, allowed is ${descriptionOf(schema).allowed}.${fix}`];
}

async function tenantOf(send: ArmSend, subscriptionId: string, settings: Settings | undefined): Promise<string> {
  const answer = await send("GET", `/subscriptions/${subscriptionId}?api-version=2022-12-01`);
  if (answer.status !== 200) {
    throw new Refusal(
      `Azure shows you no subscription ${subscriptionId} (${answer.body?.error?.code ?? answer.status}). \`az account list --output table\` shows those that you see.`,
    );
  }
  const tenantId = String(answer.body.tenantId);
  if (settings !== undefined && settings.tenantId.toLowerCase() !== tenantId.toLowerCase()) {
    throw new Refusal(
      `The subscription ${subscriptionId} belongs to the tenant ${tenantId}, and the stack file names ${settings.tenantId}. Correct one of them.`,
    );
  }
  return tenantId;
}
