import { contracts } from "../components/tools/registry.ts";
import { declaredTools, durationSeconds, partState, type Settings } from "../model/index.ts";
import type { ConditionalAccessFacts, DeployedConditionalAccess } from "../policies/conditional-access/facts.ts";
import { enforcement } from "../policies/conditional-access/policy.ts";
import type { SandboxLayout } from "../sandbox/layout.ts";
import { deployedResources } from "./deployed-state.ts";

const policyType = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";

/** What the settings say of Conditional Access to the rules. */
export function conditionalAccessFacts(settings: Settings): ConditionalAccessFacts {
  const { admins, frequency, policies } = settings.conditionalAccess;
  const platform = declaredTools(settings, contracts).flatMap(({ contract, tool }) => {
    const { conditionalAccessTarget: clientId } = contract;
    const roles = contract.roles(tool).filter((role) => role.admin);
    return clientId === undefined ? [] : [{ clientId, admins: roles.flatMap(({ value }) => tool.access[value] ?? []) }];
  });
  return {
    parts: {
      mfa: partState(settings, "mfa"),
      guests: partState(settings, "guests"),
      admins: partState(settings, "admins"),
      legacyClients: partState(settings, "legacy-clients"),
    },
    // The component's name for the group's resource.
    breakGlass: "break-glass",
    adminLevel: admins,
    platformApplications: [...new Set(platform.map(({ clientId }) => clientId))],
    platformAdmins: [...new Set(platform.flatMap((tool) => tool.admins))].sort(),
    otherApplications: [...new Set(Object.values(policies).flatMap(({ apps = [] }) => apps))].sort(),
    anyOfReasons: anyOfReasons(policies),
    maxHours: Math.max(...Object.values(frequency).map(durationSeconds)) / 3600,
  };
}

/** The company's own policies by the names of their resources, as far as they say why one of several controls is enough. */
function anyOfReasons(policies: Settings["conditionalAccess"]["policies"]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(policies).flatMap(([key, { demand, reason }]) =>
      typeof demand === "object" && "any-of" in demand && reason !== undefined ? [[`own-${key}`, reason]] : [],
    ),
  );
}

/**
 * What of Conditional Access a stack's last state holds. Tools count once a run has come to its end and written the stack's
 * outputs: after an interrupted first run nobody uses them yet.
 */
export function deployedConditionalAccess(
  layout: SandboxLayout,
  stack: string,
  settings: Settings,
): DeployedConditionalAccess {
  const resources = deployedResources(layout, stack) ?? [];
  const policies = resources
    .filter((resource) => resource.type === policyType && resource.delete !== true)
    .flatMap(({ urn, outputs }) => {
      const state = enforcement(outputs);
      return state === undefined ? [] : [[urn.slice(urn.lastIndexOf("::") + 2), state] as const];
    });
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const tools = (root?.outputs?.tools ?? {}) as Readonly<Record<string, { readonly clientId?: string }>>;
  const targets = new Map(
    declaredTools(settings, contracts).map(({ id, contract }) => [id, contract.conditionalAccessTarget] as const),
  );
  const clientIds = Object.entries(tools).flatMap(([id, { clientId }]) => clientId ?? targets.get(id) ?? []);
  return { policies: Object.fromEntries(policies), applications: [...new Set(clientIds)].sort() };
}
