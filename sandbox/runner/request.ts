import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxLayout } from "../layout.ts";
import type { SupervisorRecord } from "../supervisor/record.ts";
import type { StoreRequest } from "./data/request.ts";
import type { Extent } from "./placement.ts";

/** What the runner is started with. */
export interface RunnerRequest {
  readonly layout: SandboxLayout;
  readonly sandbox: SupervisorRecord;
  readonly software: string;
  /** Vault of the environment, for the passwords that an operator gives the data stores' users. */
  readonly keyVault: string;
}

/** A tool whose pods are to run. */
export interface RunTool {
  /** @example "superset" */
  readonly id: string;
  readonly namespace: string;
  /** @example "https://superset.data.contoso.com" */
  readonly url: string;
}

/** What a command asks of a running runner. */
export interface RunRequest {
  readonly tools: readonly RunTool[];
  readonly stores: StoreRequest;
  readonly extent: Extent;
}

/** How far a tool has come. */
export interface ToolState {
  readonly url: string;
  readonly phase: "starting" | "ready" | "failed" | "stopping";
  /** What it is doing now, for people. */
  readonly step: string;
  /** Why it failed. */
  readonly failure?: string;
}

/** What the runner says of itself. */
export interface RunnerStatus {
  readonly tools: Readonly<Record<string, ToolState>>;
}

/** Hands the request to the runner by a file: a command line is readable by everybody on the machine. */
export function writeRunnerRequest(request: RunnerRequest): string {
  const file = join(request.layout.run, "runner-request.json");
  writeFileSync(file, JSON.stringify(request), { mode: 0o600 });
  return file;
}

export function readRunnerRequest(file: string): RunnerRequest {
  return JSON.parse(readFileSync(file, "utf8")) as RunnerRequest;
}
