import { setTimeout as sleepFor } from "node:timers/promises";
import { type Answer, type Api, ApiError, type Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";

export const ARM = "https://management.azure.com";

/** What the program's provider says; the sandbox has one subscription in one tenant. */
export interface ArmContext {
  readonly api: Api;
  /** The vaults' own API, at `https://<vault>.vault.azure.net`. */
  readonly vault: Api;
  readonly subscriptionId: string;
  /** Set by `configure` from the provider's `location`; used where a resource names none. */
  readonly defaultLocation: () => string | undefined;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/** Long-running operations end in one of these. https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations */
const TERMINAL = new Set(["succeeded", "failed", "canceled"]);
const POLL = 1_000;

export const withVersion = (path: string, apiVersion: string) => `${path}?api-version=${apiVersion}`;

const stateOf = (body: Json): string | undefined => {
  const state = body.status ?? (body.properties as Json | undefined)?.provisioningState;
  return typeof state === "string" ? state.toLowerCase() : undefined;
};

/** Waits until a PUT, PATCH or DELETE is through, however the service says so. Throws when the operation failed. */
export async function finish(context: ArmContext, path: string, answer: Answer, timeoutSeconds: number): Promise<void> {
  const { api, sleep = sleepFor } = context;
  const operation = answer.headers["azure-asyncoperation"] ?? answer.headers["operation-location"];
  const monitor = operation ?? answer.headers.location;
  const isPending = answer.status === 202 || operation !== undefined || isRunning(answer.body);
  if (!isPending) return failIfFailed(path, answer.body);
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (let last = answer; ; ) {
    const asked = Number(last.headers["retry-after"]) * 1000;
    await sleep(asked > 0 ? asked : POLL);
    last = await api.call("GET", monitor ?? path);
    if (last.status !== 202 && !isRunning(last.body)) return failIfFailed(path, last.body);
    if (Date.now() > deadline) throw new Error(`${path} was not done after ${timeoutSeconds} s.`);
  }
}

function isRunning(body: Json): boolean {
  const state = stateOf(body);
  return state !== undefined && !TERMINAL.has(state);
}

function failIfFailed(path: string, body: Json): void {
  const state = stateOf(body);
  if (state !== "failed" && state !== "canceled") return;
  const error = (body.error ?? {}) as Json;
  throw new Error(
    `The operation on ${path} ended as ${state}: ${String(error.code ?? "")} ${String(error.message ?? "no reason was given")}.`,
  );
}

/** DELETE that takes "not there" for done. */
export async function remove(api: Api, path: string): Promise<Answer | undefined> {
  try {
    return await api.call("DELETE", path);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** The values of an id's named segments: `{ resourcegroups: "rg", vaults: "kv" }`. Names are lower case, as ARM ignores case. */
export function segmentsOf(id: string): Readonly<Record<string, string>> {
  const parts = id.split("/").filter(Boolean);
  return Object.fromEntries(
    parts.flatMap((part, index) => (index % 2 === 0 ? [[part.toLowerCase(), parts[index + 1] ?? ""]] : [])),
  );
}

/** Inputs without those that are undefined. */
export const given = (inputs: Record<string, unknown>): Json =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));

export const isKnown = (inputs: PropertyMap, names: readonly string[]) =>
  names.every((name) => typeof inputs[name] === "string");
