import { roleId } from "../../model/ids.ts";
import type { Example } from "./example.ts";

const someObject = "11111111-2222-4333-8444-555555555555";
const otherObject = "66666666-7777-4888-9999-000000000000";
/** Databricks' client id, the same in every tenant. */
const databricks = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
const phishingResistant = "/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004";
const allGuests = {
  guestOrExternalUserTypes: [
    "internalGuest",
    "b2bCollaborationGuest",
    "b2bCollaborationMember",
    "b2bDirectConnectUser",
    "otherExternalUser",
    "serviceProvider",
  ],
  externalTenants: [{ membershipKind: "all" }],
};

const group = (name: string, props: Example["props"] = {}): Example => ({
  type: "azuread:index/group:Group",
  name,
  props: { displayName: name, securityEnabled: true, ...props },
});

/** The group that every policy leaves out. */
const breakGlass = group("break-glass", { assignableToRole: true, members: [someObject, otherObject] });

/** What an example's policy says, other than that it asks everybody for a second factor at Databricks. */
interface Words {
  readonly name?: string;
  readonly state?: string;
  readonly users?: Readonly<Record<string, unknown>>;
  /** Client ids, or names of examples. */
  readonly applications?: readonly string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
  readonly grantControls?: Readonly<Record<string, unknown>>;
  readonly sessionControls?: Readonly<Record<string, unknown>>;
  /** Names of the groups that are left out. */
  readonly excluded?: readonly string[];
}

/** A policy in report-only that breaks no rule, but for what is said of it. */
function policy(words: Words = {}): Example {
  const { name = "policy", excluded = ["break-glass"], applications = [databricks] } = words;
  const isName = (one: string) => /^[a-z-]+$/.test(one);
  const groupRefs = excluded.map((one, at) => [`conditions.users.excludedGroups.${at}`, one]);
  const applicationRefs = applications.flatMap((one, at) =>
    isName(one) ? [[`conditions.applications.includedApplications.${at}`, one]] : [],
  );
  return {
    type: "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy",
    name,
    props: {
      displayName: name,
      state: words.state ?? "enabledForReportingButNotEnforced",
      conditions: {
        clientAppTypes: ["all"],
        applications: { includedApplications: applications },
        users: { ...(words.users ?? { includedUsers: ["All"] }), excludedGroups: excluded },
        ...words.conditions,
      },
      grantControls: words.grantControls ?? { operator: "OR", builtInControls: ["mfa"] },
      ...(words.sessionControls === undefined ? {} : { sessionControls: words.sessionControls }),
    },
    refs: Object.fromEntries([...groupRefs, ...applicationRefs]),
  };
}

const block = { operator: "OR", builtInControls: ["block"] };

/** A tool that people sign in to. */
const tool: readonly Example[] = [
  breakGlass,
  {
    type: "azuread:index/application:Application",
    name: "reports",
    props: { displayName: "Reports", web: { redirectUris: ["https://reports.contoso.com/oauth-authorized/azure"] } },
  },
  {
    type: "azuread:index/servicePrincipal:ServicePrincipal",
    name: "reports-sp",
    props: { appRoleAssignmentRequired: true },
    refs: { clientId: "reports" },
  },
];
const mfa = (users?: Words["users"]) =>
  policy({ name: "mfa", applications: ["reports"], ...(users === undefined ? {} : { users }) });
const legacy = policy({
  name: "legacy",
  applications: ["reports"],
  conditions: { clientAppTypes: ["exchangeActiveSync", "other"] },
  grantControls: block,
});

/** Policies that break exactly one of the rules about Conditional Access each. */
export const conditionalAccessExamples: Readonly<Record<string, readonly Example[]>> = {
  "ca-excludes-break-glass": [breakGlass, policy({ excluded: [] })],
  "ca-groups-protected": [
    breakGlass,
    group("travellers"),
    policy({
      name: "devices",
      excluded: ["break-glass", "travellers"],
      grantControls: { operator: "OR", builtInControls: ["compliantDevice"] },
    }),
    policy({ name: "mfa" }),
  ],
  "ca-report-only-first": [breakGlass, policy({ state: "enabled", applications: ["All"] })],
  "ca-has-target": [breakGlass, policy({ applications: ["None"] })],
  "ca-references-exist": [breakGlass, policy({ applications: [someObject] })],
  "ca-client-ids": [
    breakGlass,
    { type: "azuread:index/application:Application", name: "reports", props: { displayName: "Reports" } },
    policy({ applications: ["reports"] }),
  ],
  "ca-no-bare-all": [breakGlass, policy({ applications: ["All"], excluded: [] })],
  "ca-mfa-every-tool": [...tool, legacy, mfa({ includedGuestsOrExternalUsers: [allGuests] })],
  "ca-guests-mfa": [...tool, legacy, mfa({ includedUsers: ["All"], excludedGuestsOrExternalUsers: [allGuests] })],
  "ca-block-legacy": [...tool, mfa()],
  "ca-admins-phishing-resistant": [
    breakGlass,
    group("bi-admins", { assignableToRole: true, members: [someObject] }),
    { type: "azuread:index/application:Application", name: "superset", props: { displayName: "Superset" } },
    {
      type: "azuread:index/servicePrincipal:ServicePrincipal",
      name: "superset-sp",
      props: { appRoleAssignmentRequired: true },
      refs: { clientId: "superset" },
    },
    {
      type: "azuread:index/appRoleAssignment:AppRoleAssignment",
      name: "superset-Admin-bi-admins",
      props: { appRoleId: roleId("superset", "Admin") },
      refs: { principalObjectId: "bi-admins", resourceObjectId: "superset-sp" },
    },
    policy({ applications: ["superset"] }),
  ],
  "ca-exclusion-has-fallback": [
    breakGlass,
    group("travellers", { assignableToRole: true, members: [someObject] }),
    policy({ excluded: ["break-glass", "travellers"] }),
  ],
  "ca-operator-and": [
    breakGlass,
    policy({ grantControls: { operator: "OR", builtInControls: ["mfa", "compliantDevice"] } }),
  ],
  "ca-all-client-types": [breakGlass, policy({ conditions: { clientAppTypes: ["browser"] } })],
  "ca-strength-xor-mfa": [
    breakGlass,
    policy({
      grantControls: {
        operator: "AND",
        builtInControls: ["mfa"],
        authenticationStrengthPolicyId: phishingResistant,
      },
    }),
  ],
  "ca-risk-separate": [
    breakGlass,
    policy({ conditions: { signInRiskLevels: ["high"], userRiskLevels: ["high"] }, grantControls: block }),
  ],
  "ca-no-approved-app-grant": [
    breakGlass,
    policy({ grantControls: { operator: "OR", builtInControls: ["approvedApplication"] } }),
  ],
  "ca-session-bounded": [
    breakGlass,
    policy({ applications: ["All"], sessionControls: { persistentBrowserMode: "always" } }),
  ],
  "ca-trusted-locations": [
    {
      type: "azuread:index/namedLocation:NamedLocation",
      name: "everywhere",
      props: { displayName: "Everywhere", ip: { ipRanges: ["0.0.0.0/0"], trusted: true } },
    },
  ],
};
