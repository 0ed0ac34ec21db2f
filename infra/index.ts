import { setImmediate } from "node:timers/promises";
import type { ProviderResource } from "@pulumi/pulumi";
import { Vault } from "../components/azure/vault.ts";
import { Teams } from "../components/entra/teams.ts";
import type { ToolEnvironment } from "../components/tools/environment.ts";
import { supersetContract } from "../components/tools/superset/contract.ts";
import { Superset } from "../components/tools/superset/superset.ts";
import { type Settings, secretWindows, toolSettings, userPrincipalName } from "../model/index.ts";
import { createProviders } from "./providers.ts";
import { readSettings } from "./settings.ts";

/** The stack: teams, vault and tools of one environment, as its settings say. Outputs hold nothing secret. */
export default async function program() {
  const settings = readSettings();
  const providers = createProviders(settings);
  // Nothing is sent while code runs: this lets the engine configure the providers while the rest is being built.
  await setImmediate();

  const protect = settings.environment === "prod";
  const teams = createTeams(settings, protect, providers);
  const vault = createVault(settings, protect, providers);
  const environment = shared(settings, teams, vault, protect);
  const superset = createSuperset(settings, environment, teams, providers);

  return {
    tools: superset === undefined ? {} : { superset },
    keyVault: vault.name,
    resourceGroup: vault.resourceGroupName,
  };
}

function createTeams(settings: Settings, protect: boolean, providers: ProviderResource[]): Teams {
  return new Teams(
    "teams",
    { teams: settings.teams, userPrincipalName: (entry) => userPrincipalName(settings, entry), protect },
    { providers },
  );
}

function createVault(settings: Settings, protect: boolean, providers: ProviderResource[]): Vault {
  const { name: vaultName, publicAccess, allowedIps, retentionDays } = settings.keyVault;
  const { location, tenantId } = settings;
  const resourceGroup = `rg-entrada-${settings.environment}`;
  return new Vault(
    "vault",
    { vaultName, resourceGroup, location, tenantId, publicAccess, allowedIps, retentionDays, protect },
    { providers },
  );
}

function shared(settings: Settings, teams: Teams, vault: Vault, protect: boolean): ToolEnvironment {
  const { environment, tenantId, subscriptionId, location, cluster, secrets } = settings;
  return {
    environment,
    tenantId,
    subscriptionId,
    location,
    oidcIssuer: cluster.oidcIssuer,
    gateway: cluster.gateway,
    vault,
    vaultName: settings.keyVault.name,
    windows: secretWindows(secrets.anchor, secrets.lifetimeDays, new Date()),
    groupIds: teams.groupIds,
    protect,
  };
}

function createSuperset(settings: Settings, environment: ToolEnvironment, teams: Teams, providers: ProviderResource[]) {
  const tool = toolSettings(settings, supersetContract);
  if (tool === undefined) return undefined;
  const superset = new Superset(
    "superset",
    { settings: tool, environment, owners: teams.personIds(administrators(settings, tool.access)) },
    { providers },
  );
  return {
    url: superset.url,
    clientId: superset.clientId,
    tenantId: settings.tenantId,
    namespace: superset.namespace,
    serviceAccount: superset.serviceAccount,
    issuer: settings.cluster.oidcIssuer,
  };
}

/** Who answers for Superset's registration: the owners of the teams that administer it. */
function administrators(settings: Settings, access: Readonly<Record<string, readonly string[]>>): string[] {
  const teams = access.Admin ?? [];
  return [...new Set(teams.flatMap((team) => settings.teams[team]?.owners ?? []))].sort();
}
