import { type Run, runProgram } from "../../../testing/mocks.ts";
import { TEST_NOW, testEnvironment } from "../../../testing/tool-environment.ts";
import type { ToolOutputs } from "../../tool.ts";
import { metabaseContract } from "../contract.ts";
import { deploy } from "../metabase.ts";
import type { MetabaseSettings } from "../settings.ts";

export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const JOB = "kubernetes:batch/v1:Job";
export const CRON_JOB = "kubernetes:batch/v1:CronJob";
export const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
export const NAMES = "kubernetes:cilium.io/v2:CiliumNetworkPolicy";

/** A run under mocks, and what it says of the tool. */
export interface Created {
  readonly run: Run;
  readonly outputs: ToolOutputs;
}

export async function create(settings: MetabaseSettings, now = TEST_NOW, preview = false): Promise<Created> {
  let outputs: ToolOutputs | undefined;
  const start = () => {
    const environment = testEnvironment({}, now);
    const args = { contract: metabaseContract, settings, environment, owners: ["owner-id"], partners: [] };
    outputs = deploy("metabase", args, {});
  };
  const run = await runProgram(start, { preview });
  if (outputs === undefined) throw new Error("nothing was deployed");
  return { run, outputs };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: string[];
  readonly env: { name: string; value: unknown }[];
  readonly restartPolicy?: string;
}

export interface PodTemplate {
  readonly metadata: { annotations: Record<string, string> };
  readonly spec: {
    serviceAccountName: string;
    containers: [Container];
    initContainers?: [Container];
    volumes: { name: string }[];
  };
}

export function template(run: Run, type: string, name: string): PodTemplate {
  const { spec } = run.find(type, name).inputs as { spec: { template?: PodTemplate; jobTemplate?: unknown } };
  return spec.template ?? (spec.jobTemplate as { spec: { template: PodTemplate } }).spec.template;
}

export function environmentOf({ env }: Container): Record<string, unknown> {
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
}

/** Who reads which secret of the vault: identity → names. */
export function readers(run: Run): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { type, inputs } of run.resources) {
    if (type !== "azure-native:authorization:RoleAssignment") continue;
    const principal = String(inputs.principalId).replace(/^principal-of-/, "");
    found[principal] = [...(found[principal] ?? []), String(inputs.scope).replace("/id/vault/secrets/", "")].sort();
  }
  return found;
}

/** Resources that both editions have. */
export const BOTH = {
  "azure-native:keyvault:Vault": 1,
  "azure-native:resources:ResourceGroup": 1,
  "azuread:index/application:Application": 1,
  "azuread:index/servicePrincipal:ServicePrincipal": 1,
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant": 1,
  // Four teams' roles, and three permissions of the reconciler at Graph.
  "azuread:index/appRoleAssignment:AppRoleAssignment": 7,
  "kubernetes:core/v1:Namespace": 1,
  [JOB]: 1,
  [CRON_JOB]: 1,
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": 1,
};
