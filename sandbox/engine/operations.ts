import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { ChangeCollector } from "./changes.ts";
import { type Drift, DriftCollector } from "./drift.ts";

/** The policy pack, and the file with its settings. */
export interface PolicyPack {
  readonly folder: string;
  readonly configFile: string;
}

export interface OperationOptions {
  readonly policies?: PolicyPack;
  /** Called with every piece of the engine's own text. */
  readonly onOutput?: (text: string) => void;
  /** Called after each finished resource with the count so far. */
  readonly onProgress?: (finished: number) => void;
}

/** An operation that did not succeed; what was collected until then tells why. */
export class OperationFailed extends Error {
  readonly collected: ChangeCollector;
  constructor(message: string, collected: ChangeCollector) {
    super(message);
    this.collected = collected;
  }
}

/** What `up` would change. A mandatory violation makes it fail, before anything is touched. */
export function previewStack(stack: Stack, options: OperationOptions = {}): Promise<ChangeCollector> {
  return collect(options, (common) => stack.preview({ ...common, ...packs(options) }));
}

/** Applies the program. */
export function upStack(stack: Stack, options: OperationOptions = {}): Promise<ChangeCollector> {
  return collect(options, (common) => stack.up({ ...common, ...packs(options), suppressOutputs: true }));
}

export function destroyStack(stack: Stack, options: OperationOptions = {}): Promise<ChangeCollector> {
  return collect(options, (common) => stack.destroy(common));
}

/** Reads every resource from its source into the state; answers what was changed behind the state's back. */
export async function refreshStack(stack: Stack, options: OperationOptions = {}): Promise<Drift[]> {
  const drift = new DriftCollector();
  await stack.refresh({ onOutput: options.onOutput ?? echo, onEvent: drift.onEvent, suppressProgress: true });
  return drift.found;
}

async function collect(options: OperationOptions, run: (common: Common) => Promise<unknown>): Promise<ChangeCollector> {
  const collected = new ChangeCollector();
  const abort = new AbortController();
  let waiting: NodeJS.Timeout | undefined;
  try {
    await run({
      onOutput: options.onOutput ?? echo,
      onEvent: (event) => {
        collected.onEvent(event);
        options.onProgress?.(collected.finished);
        // An inline program that fails in one of its outputs never tells the engine that it is over.
        if (collected.programFailed) waiting ??= setTimeout(() => abort.abort(), afterFailureMs);
      },
      suppressProgress: true,
      signal: abort.signal,
    });
  } catch (error) {
    throw new OperationFailed((error as Error).message, collected);
  } finally {
    clearTimeout(waiting);
  }
  return collected;
}

interface Common {
  readonly onOutput?: (text: string) => void;
  readonly onEvent: ChangeCollector["onEvent"];
  readonly suppressProgress: true;
  readonly signal: AbortSignal;
}

/** How long steps that are under way may take to finish after the program itself has failed. */
const afterFailureMs = 10_000;

/** What the engine itself says is for looking into trouble only: the commands tell its events in their own words. */
const echo = process.env.ENTRADA_DEBUG ? (text: string) => void process.stderr.write(text) : undefined;

function packs({ policies }: OperationOptions) {
  return policies ? { policyPacks: [policies.folder], policyPackConfigs: [policies.configFile] } : {};
}
