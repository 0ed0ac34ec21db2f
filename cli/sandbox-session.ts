import { join } from "node:path";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Settings } from "../model/index.ts";
import type { StackRequest } from "../sandbox/engine/environment.ts";
import { releaseStaleLocks } from "../sandbox/engine/locks.ts";
import { findOfficialPlugins, type OfficialPlugin, type ProviderKind } from "../sandbox/engine/official.ts";
import type { PolicyPack } from "../sandbox/engine/operations.ts";
import { type Recovered, recoverInterrupted } from "../sandbox/engine/recover.ts";
import { type StackState, stackState } from "../sandbox/engine/state.ts";
import { lockSandbox } from "../sandbox/engine/up-lock.ts";
import { openStack } from "../sandbox/engine/workspace.ts";
import { prepareLayout } from "../sandbox/layout.ts";
import type { SupervisorRecord } from "../sandbox/supervisor/record.ts";
import { ensureSandbox } from "../sandbox/supervisor/start.ts";
import { ensureToolchain } from "../sandbox/toolchain/index.ts";
import { Refusal, step } from "./output.ts";
import { policyPack } from "./policy-pack.ts";
import { checkoutLayout, projectRoot } from "./project.ts";
import { sandboxRequest } from "./sandbox-request.ts";

export interface SessionOptions {
  readonly stack: string;
  readonly stackFile: string;
  readonly settings: Settings;
  /** The Pulumi program; the project's own by default. */
  readonly program?: PulumiFn;
  /** Whose plugins; the sandbox's stand-ins by default. */
  readonly providers?: ProviderKind;
}

/** A running sandbox with its stack open, held by this command alone. */
export interface OpenSandbox {
  readonly settings: Settings;
  readonly sandbox: SupervisorRecord;
  /** What the stack was opened with. */
  readonly request: StackRequest;
  readonly stack: Stack;
  readonly state: StackState;
  readonly policies: PolicyPack;
  /** How many locks a killed run had left. */
  readonly staleLocks: number;
  /** What became of the steps that it had interrupted. */
  readonly recovered: readonly Recovered[];
  /** Whether the last run had got to its end. */
  readonly complete: boolean;
  close(): void;
}

/**
 * The plugins that the engine starts itself.
 * @throws Refusal when official ones are asked for and not all of them are installed
 */
export function chosenPlugins(providers: ProviderKind = "stand-in"): OfficialPlugin[] {
  if (providers === "stand-in") return [];
  try {
    return findOfficialPlugins();
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}

/** Toolchain, sandbox, stack: everything that has to be there before the engine may work. */
export async function openSandbox(options: SessionOptions): Promise<OpenSandbox> {
  const { stack: name, stackFile, settings, program } = options;
  const official = chosenPlugins(options.providers);
  const layout = checkoutLayout();
  prepareLayout(layout);
  const lock = lockSandbox(layout);
  try {
    const toolchain = await step("Toolchain", (report) => ensureToolchain({ log: report }));
    const asked = sandboxRequest(layout, toolchain, settings);
    const { sandbox } = await step("Sandbox", (report) => ensureSandbox(layout, asked, report));
    const request: StackRequest = {
      layout,
      sandbox,
      pulumi: toolchain.pulumi,
      projectFile: join(projectRoot, "Pulumi.yaml"),
      stackFile,
      stack: name,
      program: program ?? (await import("../infra/index.ts")).default,
      path: [join(projectRoot, "policies", "bin")],
      official,
    };
    const opened = await step("Opening the stack", async () => {
      const staleLocks = await releaseStaleLocks(layout);
      const stack = await openStack(request);
      const state = stackState(request);
      const { steps, complete } = await recoverInterrupted(state, () => stack.refresh(), sandbox);
      return { stack, state, staleLocks, recovered: steps, complete };
    });
    return { ...opened, settings, sandbox, request, policies: policyPack(layout, settings, name), close: lock.release };
  } catch (error) {
    lock.release();
    throw error;
  }
}
