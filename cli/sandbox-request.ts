import { contracts } from "../components/tools/registry.ts";
import { directoryPeople, homeOf, platformNames, registeredMethods, type Settings } from "../model/index.ts";
import { clusterIssuer } from "../sandbox/aks-issuer.ts";
import type { SandboxLayout } from "../sandbox/layout.ts";
import type { SandboxRequest } from "../sandbox/supervisor/request.ts";
import type { Toolchain } from "../sandbox/toolchain/index.ts";
import { partnerProviders } from "./partners.ts";

/** What the settings say about the world around the stack: the tenant, its people, the cluster's issuer. */
export function sandboxRequest(layout: SandboxLayout, toolchain: Toolchain, settings: Settings): SandboxRequest {
  return {
    layout,
    toolchain,
    tenantId: settings.tenantId,
    subscriptionId: settings.subscriptionId,
    organization: settings.organization,
    domains: [
      `${settings.organization.toLowerCase().replaceAll(/[^a-z0-9]/g, "")}.onmicrosoft.com`,
      settings.userDomain,
    ],
    issuer: settings.cluster.oidcIssuer ?? madeIssuer(settings),
    people: directoryPeople(settings).map((person) => ({
      key: person.id,
      userPrincipalName: person.userPrincipalName,
      displayName: person.displayName,
      givenName: person.givenName ?? undefined,
      surname: person.surname ?? undefined,
      mail: person.mail ?? undefined,
      enabled: person.accountEnabled,
      guest: person.userType === "Guest",
      homeTenant: person.homeTenantId,
      department: person.department ?? undefined,
      jobTitle: person.jobTitle ?? undefined,
      country: person.country ?? undefined,
      methods: registeredMethods(settings, person),
    })),
    groups: Object.entries(settings.teams).flatMap(([key, { existing, displayName }]) =>
      existing === undefined ? [] : [{ id: existing, displayName: displayName ?? key }],
    ),
    home: homeOf(settings),
    partners: partnerProviders(settings, contracts),
  };
}

/** The issuer of a cluster that the stack itself makes. */
function madeIssuer(settings: Settings): string {
  return clusterIssuer(settings.location, settings.tenantId, platformNames(settings).clusterId);
}
