import {
  application,
  block,
  breakGlass,
  group,
  idOf,
  ids,
  legacyBlock,
  location,
  type PolicyWords,
  policy,
  tool,
} from "./conditional-access.ts";
import type { Sample } from "./harness.ts";

/** A good stack: one tool, a second factor for everybody, legacy clients out. */
export const good: readonly Sample[] = [breakGlass, ...tool, policy(), legacyBlock];
const beside = (...samples: Sample[]) => [...good, ...samples];
/** The good stack with another policy for the second factor. */
const instead = (words: PolicyWords) => [breakGlass, ...tool, policy(words), legacyBlock];
const travellers = group("travellers", { objectId: idOf(20), assignableToRole: true, members: [idOf(21)] });
/**
 * The mistakes that people make with Conditional Access, planted one at a time: the list, what the stack looks like, and the
 * rules that find it, each with what it says is there and what to do.
 *
 * A lock-out of people is a matter of the settings: model/settings/checks/lock-out.test.ts, "settings that lock somebody out". Missing
 * IPv6 ranges err on the safe side; what happens inside a tool is for no-password-login, session-bounded and their like.
 */
export const mistakes: readonly (readonly [
  mistake: string,
  stack: readonly Sample[],
  wanted: Readonly<Record<string, readonly [found: string, fix: string]>>,
])[] = [
  [
    "no break-glass exclusion",
    instead({ users: { excludedGroups: [] } }),
    {
      "ca-excludes-break-glass": [
        'ConditionalAccessPolicy "mfa": conditions.users.excludedGroups is empty; wanted: the group "break-glass"',
        "Add the break-glass group's object id to conditions.users.excludedGroups.",
      ],
    },
  ],
  [
    "break-glass through a group that is not role-assignable",
    [{ ...breakGlass, props: { ...breakGlass.props, assignableToRole: false } }, ...good.slice(1)],
    {
      "ca-excludes-break-glass": [
        'Group "break-glass": assignableToRole is false; wanted: true',
        "Set assignableToRole to true when the group is made",
      ],
      "ca-groups-protected": [
        'conditions.users.excludedGroups is the group "break-glass", which is not role-assignable',
        "Mark the team `privileged: true`",
      ],
    },
  ],
  [
    "excluding a group that its owner fills",
    [
      ...instead({ users: { excludedGroups: [ids.breakGlass, idOf(20)] } }),
      group("travellers", { objectId: idOf(20) }),
      policy({ name: "strength", grantControls: { operator: "OR", builtInControls: ["mfa"] } }),
    ],
    {
      "ca-groups-protected": [
        'conditions.users.excludedGroups is the group "travellers", which is not role-assignable; wanted: role-assignable groups',
        "Mark the team `privileged: true` in the settings, or do without the exclusion.",
      ],
      "ca-report-only-first": ['"strength"', "deploy, read the sign-in log"],
    },
  ],
  [
    "including a group that people leave by what they write about themselves",
    beside(
      group("abroad", {
        objectId: idOf(22),
        dynamicMembership: { enabled: true, rule: 'user.mobile -startsWith "+44"' },
      }),
      policy({
        name: "abroad",
        state: "enabledForReportingButNotEnforced",
        users: { includedUsers: [], includedGroups: [idOf(22)] },
      }),
    ),
    {
      "ca-groups-protected": [
        'conditions.users.includedGroups is the group "abroad", whose rule reads user.mobile',
        "let the rule read what only administrators and the personnel system write",
      ],
    },
  ],
  [
    "an application by its object id",
    instead({ applications: { includedApplications: [ids.application] } }),
    {
      "ca-client-ids": [
        `conditions.applications.includedApplications is "${ids.application}", the object id of "superset"; wanted: client ids`,
        "Use the application's clientId, not its objectId or the enterprise application's.",
      ],
      "ca-mfa-every-tool": ['"superset" without an enabled policy', "Add the tool's client id"],
      "ca-guests-mfa": ['"superset" without an enabled policy', "Add the tool's client id"],
    },
  ],
  [
    "an application without its enterprise application",
    [breakGlass, application(), policy(), legacyBlock],
    {
      "ca-client-ids": [
        '"superset", which has no enterprise application',
        "Add a ServicePrincipal with the application's clientId.",
      ],
    },
  ],
  [
    "an excluded group that nothing else asks",
    [...instead({ users: { excludedGroups: [ids.breakGlass, idOf(20)] } }), travellers],
    {
      "ca-exclusion-has-fallback": [
        'conditions.users.excludedGroups is the group "travellers", which no other policy asks for a second factor at "superset"',
        "Add a policy that demands multifactor authentication of the excluded group",
      ],
    },
  ],
  [
    "a group that has been deleted",
    beside(
      policy({
        name: "finance",
        state: "enabledForReportingButNotEnforced",
        users: { includedUsers: [], includedGroups: [idOf(99)] },
      }),
    ),
    {
      "ca-references-exist": [
        `ConditionalAccessPolicy "finance": conditions.users.includedGroups is "${idOf(99)}"; wanted: groups of the stack`,
        "Use the resource's output in place of a written id",
      ],
    },
  ],
  [
    "risk of the account and of the sign-in in one policy",
    beside(
      policy({
        name: "risk",
        state: "enabledForReportingButNotEnforced",
        conditions: { userRiskLevels: ["high"], signInRiskLevels: ["high", "medium"] },
        grantControls: block,
      }),
    ),
    {
      "ca-risk-separate": [
        "conditions.userRiskLevels is high beside signInRiskLevels high, medium; wanted: one of the two",
        "Make two policies, one for each kind of risk.",
      ],
    },
  ],
  [
    "OR where AND is meant",
    instead({ grantControls: { operator: "OR", builtInControls: ["mfa", "compliantDevice"] } }),
    {
      "ca-operator-and": [
        'grantControls.operator is OR over mfa, compliantDevice; wanted: "AND"',
        'Set grantControls.operator to "AND"',
      ],
      "ca-mfa-every-tool": ['"superset" without', "part `mfa`"],
      "ca-guests-mfa": ['"superset" without', "part `guests`"],
    },
  ],
  [
    "desktop clients left free",
    instead({ conditions: { clientAppTypes: ["browser"] } }),
    {
      "ca-all-client-types": [
        "conditions.clientAppTypes is browser; wanted: all",
        'Set conditions.clientAppTypes to ["all"].',
      ],
      "ca-mfa-every-tool": ['"superset" without', "part `mfa`"],
      "ca-guests-mfa": ['"superset" without', "part `guests`"],
    },
  ],
  [
    "a policy about nothing",
    beside(policy({ name: "empty", state: "enabledForReportingButNotEnforced", applications: {} })),
    {
      "ca-has-target": [
        'ConditionalAccessPolicy "empty": conditions.applications is empty; wanted: applications or user actions',
        "Name the tools' client ids",
      ],
    },
  ],
  [
    "everybody and everything without an exclusion",
    beside(
      policy({
        name: "everything",
        state: "enabledForReportingButNotEnforced",
        applications: { includedApplications: ["All"] },
        users: { excludedGroups: [] },
        grantControls: block,
      }),
    ),
    {
      "ca-no-bare-all": [
        'conditions.users.excludedGroups is empty in a policy for the applications "All"; wanted: a group',
        "Name the client ids of the stack's tools",
      ],
      "ca-excludes-break-glass": ["excludedGroups is empty", "Add the break-glass group"],
    },
  ],
  [
    "the whole internet as a trusted place",
    beside(location({ ipRanges: ["0.0.0.0/0"], trusted: true })),
    {
      "ca-trusted-locations": [
        'NamedLocation "office": ip.ipRanges[0] is "0.0.0.0/0"; wanted: a trusted range of /16 or narrower',
        "Name the ranges that your own connections come from",
      ],
    },
  ],
  [
    "a private network as a place",
    beside(location({ ipRanges: ["198.51.100.0/24", "10.20.0.0/16"], trusted: true })),
    {
      "ca-trusted-locations": [
        'ip.ipRanges[1] is "10.20.0.0/16"; wanted: public addresses',
        "Name the public ranges that the office's sign-ins come from, IPv4 and IPv6.",
      ],
    },
  ],
  [
    "browsers that stay signed in",
    instead({ sessionControls: { persistentBrowserMode: "always" } }),
    {
      "ca-session-bounded": [
        'sessionControls.persistentBrowserMode is "always"; wanted: "never", or none',
        "Set sessionControls.persistentBrowserMode to never",
      ],
    },
  ],
  [
    "a policy that is enforced at once",
    beside(
      policy({ name: "countries", conditions: { locations: { includedLocations: ["All"] } }, grantControls: block }),
    ),
    {
      "ca-report-only-first": [
        'ConditionalAccessPolicy "countries": state is "enabled" at once, for "superset", which people use; wanted: "enabledForReportingButNotEnforced" first',
        "Write `state: report-only`, deploy, read the sign-in log, and change the line to `enforced` then.",
      ],
    },
  ],
  [
    "a second factor on some operating systems only, which the client itself names",
    instead({ conditions: { platforms: { includedPlatforms: ["android", "iOS", "windows"] } } }),
    {
      "ca-mfa-every-tool": [
        'Application "superset": sign-in is "superset" without an enabled policy that always asks all users for a second factor',
        "Add the tool's client id to the policy of the part `mfa`",
      ],
      "ca-guests-mfa": ['"superset" without', "part `guests`"],
    },
  ],
  [
    "guests left to themselves",
    instead({ users: { excludedGuestsOrExternalUsers: [{ guestOrExternalUserTypes: ["b2bCollaborationGuest"] }] } }),
    {
      "ca-guests-mfa": [
        '"superset" without an enabled policy that always asks guests for a second factor',
        "take the exclusion of guests out of the policy for everybody",
      ],
    },
  ],
  [
    "legacy clients left open",
    [breakGlass, ...tool, policy()],
    {
      "ca-block-legacy": [
        '"superset" without an enabled policy that blocks legacy clients for all users',
        "Add the tool's client id to the policy of the part `legacy-clients`",
      ],
    },
  ],
  [
    "a control that is no more",
    beside(
      policy({
        name: "apps",
        state: "enabledForReportingButNotEnforced",
        grantControls: { operator: "OR", builtInControls: ["approvedApplication"] },
      }),
    ),
    {
      "ca-no-approved-app-grant": [
        "grantControls.builtInControls is approvedApplication; wanted: controls that stay",
        "Demand `compliantApplication`",
      ],
    },
  ],
];
