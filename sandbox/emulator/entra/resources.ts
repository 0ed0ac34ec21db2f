import type { Application, AppRole, Directory, PermissionScope, ServicePrincipal } from "../directory.ts";
import { DATABRICKS, firstPartyClient } from "../first-party.ts";
import { appRolesOf } from "../membership.ts";

/** Client id of Microsoft Graph, the resource of scopes that name none. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

/** The names under which Microsoft's own resources are asked for; a trailing slash makes no difference. */
const FIRST_PARTY: Readonly<Record<string, readonly string[]>> = {
  [GRAPH_APP_ID]: ["https://graph.microsoft.com"],
  "797f4846-ba00-4fd7-ba43-dac1f8f63013": ["https://management.azure.com", "https://management.core.windows.net"],
  "cfa8b339-82a2-471a-a3c9-0fc0be7a4093": ["https://vault.azure.net"],
  "e406a681-f3d4-42a8-90b6-c2b029497af1": ["https://storage.azure.com"],
  [DATABRICKS]: [],
};

/** Something that access tokens are for. */
export interface Resource {
  readonly servicePrincipal: ServicePrincipal;
  /** Absent for Microsoft's own resources. */
  readonly application?: Application;
  readonly scopes: readonly PermissionScope[];
  readonly appRoles: readonly AppRole[];
  /** 2 when the resource asked for v2 tokens (`requestedAccessTokenVersion`), else 1. */
  readonly tokenVersion: 1 | 2;
  /** The name under which it was asked for: the audience of a v1 token. */
  readonly requestedAs: string;
}

/** Finds a resource by client id, application ID URI or service principal name. */
export function findResource(data: Directory, name: string): Resource | undefined {
  const plain = trimSlash(name);
  const servicePrincipal = Object.values(data.servicePrincipals).find((candidate) =>
    namesOf(data, candidate).some((known) => trimSlash(known) === plain),
  );
  if (servicePrincipal === undefined) return undefined;
  const application = applicationOf(data, servicePrincipal.appId);
  return {
    servicePrincipal,
    ...(application === undefined ? {} : { application }),
    scopes: servicePrincipal.firstParty?.oauth2PermissionScopes ?? application?.api.oauth2PermissionScopes ?? [],
    appRoles: appRolesOf(data, servicePrincipal),
    tokenVersion: application?.api.requestedAccessTokenVersion === 2 ? 2 : 1,
    requestedAs: name,
  };
}

/** Every audience value that stands for the same first-party resource as the given one. */
export function audienceAliases(audience: string): readonly string[] {
  const plain = trimSlash(audience);
  for (const [appId, names] of Object.entries(FIRST_PARTY))
    if (appId === plain || names.includes(plain)) return [appId, ...names, ...names.map((name) => `${name}/`)];
  return [audience];
}

/** The application of the tenant, or Microsoft's own that every tenant's people may sign in to. */
export function applicationOf(data: Directory, appId: string): Application | undefined {
  return Object.values(data.applications).find((application) => application.appId === appId) ?? firstPartyClient(appId);
}

export function servicePrincipalOf(data: Directory, appId: string): ServicePrincipal | undefined {
  return Object.values(data.servicePrincipals).find((candidate) => candidate.appId === appId);
}

function namesOf(data: Directory, servicePrincipal: ServicePrincipal): readonly string[] {
  return [
    servicePrincipal.appId,
    ...servicePrincipal.servicePrincipalNames,
    ...(FIRST_PARTY[servicePrincipal.appId] ?? []),
    ...(applicationOf(data, servicePrincipal.appId)?.identifierUris ?? []),
  ];
}

function trimSlash(name: string): string {
  return name.replace(/\/$/, "");
}
