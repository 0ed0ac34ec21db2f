import { Refusal } from "../output.ts";
import type { ArmAnswer, ArmSend } from "./arm.ts";
import {
  AUTHORIZATION,
  NAMESPACES,
  PROVIDERS,
  type StateArgs,
  stateNames,
  type Wanted,
  wantedState,
} from "./wanted.ts";

/** What is to be done about one thing. */
export interface PlannedStep {
  readonly what: string;
  readonly action: "make" | "change" | "none";
  /** For a change: setting, what is there, what it becomes. */
  readonly changes: readonly string[];
  readonly run: () => Promise<void>;
}

/** Connection and patience; tests bring their own. */
export interface Azure {
  readonly send: ArmSend;
  readonly wait: (milliseconds: number) => Promise<void>;
}

const POLL_MS = 2000;
/** A storage account takes seconds, a registration a few minutes at most. */
const POLLS = 150;

/** Compares what is there with what has to be. Nothing is changed. */
export async function planState(azure: Azure, args: StateArgs): Promise<PlannedStep[]> {
  const steps: PlannedStep[] = [];
  for (const namespace of NAMESPACES) steps.push(await planRegistration(azure, args, namespace));
  for (const wanted of wantedState(args)) steps.push(await planResource(azure, wanted));
  return steps;
}

/** The lines that Pulumi needs. Without a key that is there yet, its version is not known. */
export async function stateLines(azure: Azure, args: StateArgs): Promise<{ login: string; secretsProvider?: string }> {
  const names = stateNames(args);
  const login = `azblob://${names.container}?storage_account=${names.account}`;
  const key = wantedState(args).find(({ id }) => id.includes("/keys/") && !id.includes("/roleAssignments/"));
  const answer = key === undefined ? undefined : await azure.send("GET", versioned(key.id, key.apiVersion));
  const uri = answer?.status === 200 ? String(answer.body.properties.keyUriWithVersion) : undefined;
  // With the version: a rotated key would be asked to decrypt what an older one encrypted.
  return uri === undefined ? { login } : { login, secretsProvider: uri.replace(/^https:/, "azurekeyvault:") };
}

async function planRegistration({ send, wait }: Azure, args: StateArgs, namespace: string): Promise<PlannedStep> {
  const path = `/subscriptions/${args.subscriptionId}/providers/${namespace}`;
  const state = async () => {
    const answer = await send("GET", versioned(path, PROVIDERS));
    expect(answer, [200], `read ${namespace}`);
    return String(answer.body.registrationState);
  };
  return {
    what: `resource provider ${namespace}`,
    action: (await state()) === "Registered" ? "none" : "make",
    changes: [],
    run: async () => {
      expect(await send("POST", versioned(`${path}/register`, PROVIDERS)), [200, 202], `register ${namespace}`);
      await until(wait, async () => (await state()) === "Registered", `${namespace} is registered`);
    },
  };
}

async function planResource(azure: Azure, wanted: Wanted): Promise<PlannedStep> {
  const present = await find(azure, wanted);
  const fixed = wanted.once === true || wanted.assignment !== undefined;
  const changes = present === undefined || fixed ? [] : differing(wanted.body, present);
  return {
    what: wanted.what,
    action: present === undefined ? "make" : changes.length > 0 ? "change" : "none",
    changes,
    run: async () => {
      const answer = await azure.send("PUT", versioned(wanted.id, wanted.apiVersion), wanted.body);
      // Somebody gave the same role meanwhile.
      if (wanted.assignment !== undefined && answer.body?.error?.code === "RoleAssignmentExists") return;
      expect(answer, [200, 201, 202], `make ${wanted.what}`);
      if (wanted.assignment === undefined)
        await until(azure.wait, () => isReady(azure, wanted), `${wanted.what} is there`);
    },
  };
}

/** What is there already; undefined where nothing is, nor what it would lie in. */
async function find({ send }: Azure, { id, apiVersion, what, assignment }: Wanted): Promise<unknown> {
  if (assignment === undefined) {
    const answer = await send("GET", versioned(id, apiVersion));
    expect(answer, [200, 404], `read ${what}`);
    return answer.status === 200 ? answer.body : undefined;
  }
  const { scope, role, principalId } = assignment;
  const list = `${scope}/providers/Microsoft.Authorization/roleAssignments?api-version=${AUTHORIZATION}&$filter=principalId eq '${principalId}'`;
  const answer = await send("GET", encodeURI(list));
  expect(answer, [200, 404], `read ${what}`);
  const found = answer.status === 200 ? (answer.body.value as { properties: Record<string, string> }[]) : [];
  return found.find(
    ({ properties }) =>
      properties.roleDefinitionId?.toLowerCase().endsWith(role) === true &&
      `${scope}/`.toLowerCase().startsWith(`${properties.scope}/`.toLowerCase()),
  );
}

async function isReady({ send }: Azure, { id, apiVersion, what }: Wanted): Promise<boolean> {
  const answer = await send("GET", versioned(id, apiVersion));
  expect(answer, [200, 404], `read ${what}`);
  const state: unknown = answer.body?.properties?.provisioningState;
  if (state === "Failed" || state === "Canceled") throw new Refusal(`Azure could not make ${what}: it is ${state}.`);
  return answer.status === 200 && (state === undefined || state === "Succeeded");
}

async function until(wait: Azure["wait"], done: () => Promise<boolean>, what: string): Promise<void> {
  for (let poll = 0; poll < POLLS; poll++) {
    if (await done()) return;
    await wait(POLL_MS);
  }
  throw new Refusal(
    `After ${(POLLS * POLL_MS) / 60_000} minutes Azure does not say that ${what}. Run the command again: it goes on where it stopped.`,
  );
}

/** Each wanted value that is another one, in words. Texts have no case, as ids and regions have none. */
export function differing(wanted: unknown, present: unknown, path = ""): string[] {
  if (typeof wanted === "object" && wanted !== null && !Array.isArray(wanted)) {
    return Object.entries(wanted).flatMap(([key, value]) =>
      differing(value, (present as Record<string, unknown> | undefined)?.[key], path === "" ? key : `${path}.${key}`),
    );
  }
  const [a, b] = [wanted, present].map((value) =>
    JSON.stringify(value ?? null)
      .toLowerCase()
      .replaceAll(" ", ""),
  );
  return a === b ? [] : [`${path}: ${JSON.stringify(present ?? null)} becomes ${JSON.stringify(wanted)}`];
}

function versioned(path: string, apiVersion: string): string {
  return `${path}?api-version=${apiVersion}`;
}

const FIXES: Readonly<Record<string, string>> = {
  AuthorizationFailed:
    "Let somebody run it who is Owner of the subscription, or Contributor and Role Based Access Control Administrator.",
  StorageAccountAlreadyTaken: "Somebody else in Azure has that name; use another subscription or environment name.",
  VaultAlreadyExists: "Somebody else in Azure has that name; use another subscription or environment name.",
  ConflictError:
    "A vault of that name was deleted and is kept: bring it back with `az keyvault recover --name <name>`.",
  RequestDisallowedByPolicy: "A policy of the subscription forbids it; ask who keeps the policies for an exemption.",
};

/** Throws what Azure said, with what to do, unless the answer is one of those that are expected. */
function expect(answer: ArmAnswer, statuses: readonly number[], doing: string): void {
  if (statuses.includes(answer.status)) return;
  const { code = `HTTP ${answer.status}`, message = "" } = answer.body?.error ?? {};
  const fix = FIXES[code] ?? "What is made already stays; the command can run again.";
  throw new Refusal(`Azure refused to ${doing}: ${code}. ${message}\n${fix}`);
}
