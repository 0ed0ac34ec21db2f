import { setImmediate } from "node:timers/promises";
import type { ProviderResource } from "@pulumi/pulumi";
import { type EnvironmentVault, existingVault, Vault } from "../components/azure/vault.ts";
import { ConditionalAccess } from "../components/entra/conditional-access/conditional-access.ts";
import { Teams } from "../components/entra/teams.ts";
import type { ToolEnvironment } from "../components/tools/environment.ts";
import { contracts, loadTool } from "../components/tools/registry.ts";
import type { ToolOutputs } from "../components/tools/tool.ts";
import {
  type DeclaredConditionalAccess,
  declaredConditionalAccess,
  declaredTools,
  namedPeople,
  partnersOf,
  type Settings,
  secretWindows,
  type ToolContract,
  type ToolSettings,
  userPrincipalName,
} from "../model/index.ts";
import { createPlatform, type Platform } from "./platform.ts";
import { createClusterProvider, createProviders } from "./providers.ts";
import { readSettings } from "./settings.ts";

/** The stack: teams, vault and tools of one environment, as its settings say. Outputs hold nothing secret. */
export default async function program() {
  const settings = readSettings();
  const providers = createProviders(settings);
  // Nothing is sent while code runs: this lets the engine configure the providers while the rest is being built.
  await setImmediate();

  const protect = settings.environment === "prod";
  const access = declaredConditionalAccess(settings, contracts);
  const teams = createTeams(settings, access, protect, providers);
  const platform = createPlatform(settings, teams, protect, providers);
  const vault = createVault(settings, protect, providers);
  platform?.guardVault(vault);
  const environment = shared(settings, teams, vault, platform, protect);
  const everywhere = [...providers, createClusterProvider(settings, platform?.kubeconfig)];
  const tools = await createTools(settings, environment, teams, everywhere);
  createConditionalAccess(settings, access, teams, tools, protect, providers);

  return {
    tools,
    keyVault: vault.name,
    resourceGroup: vault.resourceGroupName,
    ...(platform && { platform: platform.outputs }),
    conditionalAccess: Object.fromEntries(
      access.policies.map(({ policy: { displayName, state } }) => [displayName, state]),
    ),
  };
}

function createTeams(
  settings: Settings,
  access: DeclaredConditionalAccess,
  protect: boolean,
  providers: ProviderResource[],
): Teams {
  const { breakGlass } = settings.conditionalAccess;
  const people = access.policies.length === 0 ? [] : [...breakGlass, ...namedPeople(access)];
  return new Teams(
    "teams",
    { teams: settings.teams, people, userPrincipalName: (entry) => userPrincipalName(settings, entry), protect },
    { providers },
  );
}

/** Policies come last: they name groups and tools, and Entra refuses what is not there yet. */
function createConditionalAccess(
  settings: Settings,
  declared: DeclaredConditionalAccess,
  teams: Teams,
  tools: Readonly<Record<string, ToolOutputs>>,
  protect: boolean,
  providers: ProviderResource[],
): void {
  if (declared.policies.length === 0) return;
  const { organization, environment, conditionalAccess } = settings;
  new ConditionalAccess(
    "conditional-access",
    {
      declared,
      breakGlassName: `${organization} ${environment} break-glass`,
      breakGlass: teams.personIds(conditionalAccess.breakGlass),
      teams: teams.groupIds,
      tools: Object.fromEntries(
        Object.entries(tools).flatMap(([id, { clientId }]) => (clientId === undefined ? [] : [[id, clientId]])),
      ),
      people: Object.fromEntries(
        namedPeople(declared).map((entry) => [entry, teams.personIds([entry]).apply(([id = ""]) => id)]),
      ),
      deployer: settings.deployer,
      protect,
    },
    { providers },
  );
}

function createVault(settings: Settings, protect: boolean, providers: ProviderResource[]): EnvironmentVault {
  const existing = settings.platform?.vault?.existing;
  if (existing !== undefined) return existingVault(existing);
  const { name: vaultName, publicAccess, allowedIps, retentionDays } = settings.keyVault;
  const { location, tenantId } = settings;
  const resourceGroup = `rg-entrada-${settings.environment}`;
  return new Vault(
    "vault",
    { vaultName, resourceGroup, location, tenantId, publicAccess, allowedIps, retentionDays, protect },
    { providers },
  );
}

function shared(
  settings: Settings,
  teams: Teams,
  vault: EnvironmentVault,
  platform: Platform | undefined,
  protect: boolean,
): ToolEnvironment {
  const { environment, domain, userDomain, tenantId, subscriptionId, location, cluster, secrets, sessions } = settings;
  return {
    environment,
    domain,
    userDomain,
    tenantId,
    subscriptionId,
    deployer: settings.deployer,
    location,
    oidcIssuer: platform?.oidcIssuer ?? givenIssuer(settings),
    gateway: cluster.gateway,
    vault,
    vaultName: settings.keyVault.name,
    windows: secretWindows(secrets.anchor, secrets.lifetimeDays, new Date()),
    groupIds: teams.groupIds,
    groupNames: teams.groupNames,
    sessions,
    proxy: settings.proxy,
    egress: cluster.egress === "names" ? "names" : "addresses",
    protect,
  };
}

/** The settings' checks demand it wherever the stack makes no cluster. */
function givenIssuer({ cluster }: Settings): string {
  if (cluster.oidcIssuer === undefined) throw new Error("The settings name no cluster.");
  return cluster.oidcIssuer;
}

/** Creates the environment's tools. Only the components of those that it has are loaded. */
async function createTools(
  settings: Settings,
  environment: ToolEnvironment,
  teams: Teams,
  providers: ProviderResource[],
): Promise<Record<string, ToolOutputs>> {
  const outputs: Record<string, ToolOutputs> = {};
  for (const { id, contract, tool } of declaredTools(settings, contracts)) {
    const deploy = await loadTool(contract.id);
    const owners = teams.personIds(administrators(settings, contract, tool));
    const partners = partnersOf(settings, id);
    outputs[id] = deploy(id, { contract, settings: tool, environment, owners, partners }, { providers });
  }
  return outputs;
}

/** Who answers for a tool's registration: the owners of the teams that administer it. */
function administrators(settings: Settings, contract: ToolContract, tool: ToolSettings): string[] {
  const admin = contract.roles(tool).filter((role) => role.admin);
  const teams = admin.flatMap(({ value }) => tool.access[value] ?? []);
  return [...new Set(teams.flatMap((team) => settings.teams[team]?.owners ?? []))].sort();
}
