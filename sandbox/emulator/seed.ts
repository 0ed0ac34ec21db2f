import type { MethodName } from "../../model/conditional-access/methods.ts";
import type { Home } from "../../model/conditional-access/played.ts";
import { stableId } from "../../model/ids.ts";
import { ROLE_ASSIGNMENT_TYPE } from "./arm/access.ts";
import { SUBSCRIPTION_TYPE } from "./arm/subscriptions.ts";
import { seedDatabricks } from "./databricks/life.ts";
import type { Application, Directory, ServicePrincipal, User } from "./directory.ts";
import { firstPartyPrincipals, GRAPH } from "./first-party.ts";
import { blankApplication } from "./graph/applications/blank.ts";
import { deleteUser } from "./graph/cascade.ts";
import { blankGroup } from "./graph/groups/blank.ts";
import type { Store } from "./store.ts";

/** A person of the sandbox's directory: an entry under `people` in the stack's settings, with its key. */
export interface SeedPerson {
  readonly key: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** Default: the user principal name. */
  readonly mail?: string | undefined;
  /** Default: true. */
  readonly enabled?: boolean | undefined;
  /** Default: false. */
  readonly guest?: boolean | undefined;
  readonly homeTenant?: string | undefined;
  readonly department?: string | undefined;
  readonly jobTitle?: string | undefined;
  readonly country?: string | undefined;
  /** Default: the first word of the display name. */
  readonly givenName?: string | undefined;
  /** Default: what follows the first word of the display name. */
  readonly surname?: string | undefined;
  /** What the person can answer with besides the password. Default: the authenticator app. */
  readonly methods?: readonly MethodName[] | undefined;
}

/** A group that others keep, and that settings name by its id. */
export interface SeedGroup {
  readonly id: string;
  readonly displayName: string;
}

export interface Seed {
  readonly people: readonly SeedPerson[];
  /** Default: none. */
  readonly groups?: readonly SeedGroup[] | undefined;
  /** Who runs `pulumi up`. */
  readonly deployer: {
    readonly clientId: string;
    /** SHA-256 of the client secret, hex. */
    readonly secretHash: string;
    /** What it holds on the subscription. Default: Owner, who has no right on what vaults hold. */
    readonly roles?: readonly DeployerRole[];
  };
  readonly subscriptionId: string;
  /** Where people sign in from. Default: the sandbox's own address, in no known country. */
  readonly home?: Home | undefined;
}

/**
 * What the deployer may do in Graph: the least that the azuread provider's pages name for the stack's resources. It may
 * change only applications that it owns.
 */
const DEPLOYER_PERMISSIONS = [
  "Application.ReadWrite.OwnedBy",
  "Application.Read.All",
  "AppRoleAssignment.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Group.ReadWrite.All",
  "RoleManagement.ReadWrite.Directory",
  "User.Read.All",
  "Policy.Read.All",
  "Policy.ReadWrite.ConditionalAccess",
  // For the command `sign-in` alone: it reads in the log which policies a sign-in met.
  "AuditLog.Read.All",
];
const SEEDED_AT = "2026-01-01T00:00:00Z";
const SECRET_ENDS = "2036-01-01T00:00:00Z";
/** Where rights on the diagnostic settings of Entra itself lie. */
const ENTRA_LOGS_SCOPE = "/providers/microsoft.aadiam";
const ROLE_DEFINITIONS = {
  Owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
};

/** A role that the deployer can be given. */
export type DeployerRole = keyof typeof ROLE_DEFINITIONS;

/** Client id of the sandbox's deployer in a tenant. */
export function deployerClientId(tenantId: string): string {
  return stableId("sandbox", tenantId, "deployer", "client");
}

/** Id of the tenant's Databricks account; the stack's settings name it. */
export function databricksAccountId(tenantId: string): string {
  return stableId("sandbox", tenantId, "databricks", "account");
}

/**
 * Puts into the directory what a company has before anybody deploys: its people, Microsoft's own service principals, the
 * deployer and its subscription. Ids follow from the tenant and the names. A second seeding changes nothing but what the
 * settings say otherwise by then: people are updated, and those who have left the settings are deleted.
 */
export function seedDirectory(store: Store, seed: Seed): void {
  store.mutate((data) => {
    const idOf = (...parts: string[]) => stableId("sandbox", data.tenantId, ...parts);
    seedPeople(data, seed.people, idOf);
    for (const { id, displayName } of seed.groups ?? []) {
      const key = id.toLowerCase();
      data.groups[key] ??= blankGroup({
        id: key,
        displayName,
        mailNickname: key,
        securityEnabled: true,
        createdDateTime: SEEDED_AT,
      });
    }
    if (seed.home === undefined) delete data.home;
    else data.home = seed.home;
    for (const principal of firstPartyPrincipals((appId) => idOf("service-principal", appId))) {
      data.servicePrincipals[principal.id] = principal;
    }
    seedDeployer(data, seed, idOf);
    seedSubscription(data, seed, idOf);
    data.databricks = seedDatabricks(data.databricks, {
      id: databricksAccountId(data.tenantId),
      admins: [idOf("deployer", "service-principal")],
    });
  });
}

type IdOf = (...parts: string[]) => string;

function seedPeople(data: Directory, people: readonly SeedPerson[], idOf: IdOf): void {
  const keys = new Set(people.map(({ key }) => key));
  for (const user of Object.values(data.users)) {
    if (user.seededAs !== undefined && !keys.has(user.seededAs)) deleteUser(data, user.id);
  }
  for (const person of people) {
    const user = userOf(person, idOf("user", person.key));
    data.users[user.id] = user;
  }
}

function userOf(person: SeedPerson, id: string): User {
  const [first = person.displayName, ...rest] = person.displayName.split(" ");
  return {
    id,
    displayName: person.displayName,
    userPrincipalName: person.userPrincipalName,
    mail: person.mail ?? person.userPrincipalName,
    givenName: person.givenName ?? first,
    surname: person.surname ?? (rest.length === 0 ? null : rest.join(" ")),
    accountEnabled: person.enabled ?? true,
    userType: person.guest === true ? "Guest" : "Member",
    department: person.department ?? null,
    jobTitle: person.jobTitle ?? null,
    country: person.country ?? null,
    companyName: null,
    ...(person.homeTenant !== undefined && { homeTenantId: person.homeTenant }),
    seededAs: person.key,
    authenticationMethods: [...(person.methods ?? (["authenticator"] as const))],
    createdDateTime: SEEDED_AT,
  };
}

function seedDeployer(data: Directory, { deployer }: Seed, idOf: IdOf): void {
  const application = deployerApplication(data, deployer, idOf);
  data.applications[application.id] = application;
  const principal: ServicePrincipal = {
    id: idOf("deployer", "service-principal"),
    appId: deployer.clientId,
    displayName: application.displayName,
    description: null,
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    servicePrincipalType: "Application",
    servicePrincipalNames: [deployer.clientId],
    appOwnerOrganizationId: data.tenantId,
    loginUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    alternativeNames: [],
    tags: [],
    owners: [],
  };
  data.servicePrincipals[principal.id] = principal;
  const graph = data.servicePrincipals[idOf("service-principal", GRAPH)];
  for (const role of graph?.firstParty?.appRoles ?? []) {
    if (graph === undefined || !DEPLOYER_PERMISSIONS.includes(role.value ?? "")) continue;
    const id = idOf("deployer", "permission", role.id);
    data.appRoleAssignments[id] = {
      id,
      appRoleId: role.id,
      principalId: principal.id,
      principalType: "ServicePrincipal",
      resourceId: graph.id,
      createdDateTime: SEEDED_AT,
    };
  }
}

function deployerApplication(data: Directory, deployer: Seed["deployer"], idOf: IdOf): Application {
  const blank = blankApplication({
    id: idOf("deployer", "application"),
    appId: deployer.clientId,
    displayName: "Entrada deployer",
    createdDateTime: SEEDED_AT,
    publisherDomain: data.domains[0] ?? "",
  });
  return {
    ...blank,
    api: { ...blank.api, requestedAccessTokenVersion: 2 },
    passwordCredentials: [
      {
        keyId: idOf("deployer", "secret"),
        displayName: "sandbox",
        startDateTime: SEEDED_AT,
        endDateTime: SECRET_ENDS,
        hint: "",
        secretHash: deployer.secretHash,
      },
    ],
  };
}

function seedSubscription(data: Directory, { subscriptionId, deployer }: Seed, idOf: IdOf): void {
  const id = `/subscriptions/${subscriptionId}`;
  data.armResources[id.toLowerCase()] = {
    id,
    name: subscriptionId,
    type: SUBSCRIPTION_TYPE,
    properties: { displayName: "Entrada sandbox", state: "Enabled" },
  };
  const principalId = idOf("deployer", "service-principal");
  const places = [
    ...(deployer.roles ?? ["Owner"]).map((role) => ({ role, scope: id, name: idOf("deployer", role, subscriptionId) })),
    // Entra's own logs lie outside of subscriptions: an administrator opens them to the deployer by hand (docs/platform.md).
    { role: "Owner" as const, scope: ENTRA_LOGS_SCOPE, name: idOf("deployer", "entra-logs") },
  ];
  for (const { role, scope, name } of places) {
    const assignmentId = `${scope}/providers/${ROLE_ASSIGNMENT_TYPE}/${name}`;
    data.armResources[assignmentId.toLowerCase()] = {
      id: assignmentId,
      name,
      type: ROLE_ASSIGNMENT_TYPE,
      properties: {
        roleDefinitionId: `${id}/providers/Microsoft.Authorization/roleDefinitions/${ROLE_DEFINITIONS[role]}`,
        principalId,
        principalType: "ServicePrincipal",
        scope,
        createdOn: SEEDED_AT,
        updatedOn: SEEDED_AT,
        createdBy: principalId,
        updatedBy: principalId,
      },
    };
  }
}
