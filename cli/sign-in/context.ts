import type { DeclaredTool, Settings } from "../../model/index.ts";
import type { SandboxLayout } from "../../sandbox/layout.ts";
import type { Attempt } from "./code-flow.ts";
import type { DeployedStack, DeployedTool } from "./deployed.ts";
import type { SandboxFetch } from "./network.ts";

/** A service account of the sandbox's cluster. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** What a tool's pods are given by their cluster. */
export interface Pods {
  /** The token that a pod of the account has projected for Entra. */
  token(account: Account): Promise<string>;
  /** Client id of the managed identity behind an account, as its annotation says it. */
  identity(account: Account): Promise<string>;
}

/** What every way into a tool is played with. */
export interface SignInContext {
  readonly settings: Settings;
  readonly layout: SandboxLayout;
  readonly stack: DeployedStack;
  readonly declared: DeclaredTool;
  readonly deployed: DeployedTool;
  readonly fetch: SandboxFetch;
  readonly pods: Pods;
  /** How a sign-in at Entra is played. Default: at home, on an ordinary day. */
  readonly attempt?: Attempt;
}

/** What was asked for beside tool and person, to see something go wrong. */
export interface SignInDetours {
  /** Sent instead of the registered one. */
  readonly redirectUri?: string;
  /** `namespace/name` of the account whose token is shown. */
  readonly serviceAccount?: string;
  /** Path of the one callback to play. */
  readonly callback?: string;
  /** How the client proves itself, instead of what the callback declares. */
  readonly client?: string;
}
