import { createApi } from "../http/api.ts";
import type { Http } from "../http/http.ts";
import { type Credentials, claimOf, clientCredentials } from "../http/token.ts";
import { createLocks } from "../locks.ts";
import type { ProviderImplementation } from "../protocol/types.ts";
import { implement } from "../resource.ts";
import { applicationKind } from "./application.ts";
import { appRoleAssignmentKind, permissionGrantKind } from "./assignments.ts";
import { authenticationStrengthKind } from "./authentication-strength.ts";
import { conditionalAccessPolicyKind } from "./conditional-access-policy.ts";
import { federatedCredentialKind, passwordKind } from "./credentials.ts";
import { azureadFunctions } from "./functions.ts";
import { GRAPH, type Graph } from "./graph.ts";
import { groupKind } from "./group.ts";
import { groupMemberKind } from "./group-member.ts";
import { namedLocationKind } from "./named-location.ts";
import { servicePrincipalKind } from "./service-principal.ts";

/** The version of the SDK that the program uses. */
const VERSION = "6.9.1";

/** Stands in for the azuread plugin: the same resources, over the same Graph requests. */
export function azureadProvider(
  http: Http,
  credentials: Credentials,
  sleep?: (milliseconds: number) => Promise<unknown>,
): ProviderImplementation {
  const token = clientCredentials(http, credentials, GRAPH);
  const graph: Graph = {
    api: createApi({ http, token, base: GRAPH, sleep }),
    callerId: async () => claimOf(await token(), "oid"),
    locks: createLocks(),
  };
  return implement({
    name: "azuread",
    version: VERSION,
    kinds: {
      "azuread:index/application:Application": applicationKind(graph),
      "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential":
        federatedCredentialKind(graph),
      "azuread:index/applicationPassword:ApplicationPassword": passwordKind(graph),
      "azuread:index/appRoleAssignment:AppRoleAssignment": appRoleAssignmentKind(graph),
      "azuread:index/authenticationStrengthPolicy:AuthenticationStrengthPolicy": authenticationStrengthKind(graph),
      "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy": conditionalAccessPolicyKind(graph),
      "azuread:index/group:Group": groupKind(graph, { members: true }),
      "azuread:index/groupMember:GroupMember": groupMemberKind(graph),
      "azuread:index/groupWithoutMembers:GroupWithoutMembers": groupKind(graph, { members: false }),
      "azuread:index/namedLocation:NamedLocation": namedLocationKind(graph),
      "azuread:index/servicePrincipal:ServicePrincipal": servicePrincipalKind(graph),
      "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant":
        permissionGrantKind(graph),
    },
    functions: azureadFunctions(graph, credentials.tenantId, credentials.clientId),
    configure: async ({ tenantId }) => {
      if (typeof tenantId !== "string" || tenantId === credentials.tenantId) return;
      throw new Error(
        `The program's tenantId is ${tenantId}; the sandbox's only tenant is ${credentials.tenantId}. Set entrada:tenantId to it.`,
      );
    },
  });
}
