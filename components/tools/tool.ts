import type * as pulumi from "@pulumi/pulumi";
import type { ToolPartner } from "../../model/partners.ts";
import type { ToolContract, ToolSettings } from "../../model/tool-contract.ts";
import type { ToolEnvironment } from "./environment.ts";

/** What a tool's component is built from. */
export interface ToolArgs<S extends ToolSettings> {
  readonly contract: ToolContract<S>;
  /** The tool's part of the settings. */
  readonly settings: S;
  /** What it shares with the other tools. */
  readonly environment: ToolEnvironment;
  /** Object ids of the people who answer for the registration. */
  readonly owners: pulumi.Input<pulumi.Input<string>[]>;
  /** Partners' providers that people may sign in with, beside Entra. */
  readonly partners: readonly ToolPartner[];
}

/** Where a client's secret is kept and who may read it, for tools that cannot do without one. */
export interface ClientSecretPlace {
  /** Name of the vault. */
  readonly vault: pulumi.Input<string>;
  /** Name of the newer of the two overlapping secrets. */
  readonly secretName: string;
  /** Client id of the managed identity that reads it, federated with the tool's service account. */
  readonly identity: pulumi.Input<string>;
}

/** What the stack's outputs say of a tool. Nothing in it is secret. */
export interface ToolOutputs {
  /** Where people open it. */
  readonly url: pulumi.Input<string>;
  readonly tenantId: string;
  /** Client id of its registration; absent where Entra is built into the platform. */
  readonly clientId?: pulumi.Input<string>;
  readonly namespace?: pulumi.Input<string>;
  /** The service account whose token is the registration's credential; else the one that reads the client's secret. */
  readonly serviceAccount?: pulumi.Input<string>;
  /** Issuer of the service account's tokens. */
  readonly issuer?: pulumi.Input<string>;
  readonly clientSecret?: ClientSecretPlace;
  /** What one kind of tool has to say beyond this. */
  readonly details?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Creates one tool. `name` is the tool's id and the first part of all its resources' names. */
export type DeployTool<S extends ToolSettings> = (
  name: string,
  args: ToolArgs<S>,
  opts: pulumi.ComponentResourceOptions,
) => ToolOutputs;

/** A tool as the registry holds it: what is known of it without Pulumi, and its component, loaded where it is needed. */
export interface Tool {
  readonly contract: ToolContract;
  load(): Promise<DeployTool<ToolSettings>>;
}

/** Joins a contract with the module that exports its component as `deploy`. */
export function tool<S extends ToolSettings>(
  contract: ToolContract<S>,
  load: () => Promise<{ readonly deploy: DeployTool<S> }>,
): Tool {
  // Settings reach `deploy` only after this contract's schema took them, so they have the contract's type.
  return {
    contract: contract as unknown as ToolContract,
    load: async () => (await load()).deploy as unknown as DeployTool<ToolSettings>,
  };
}
