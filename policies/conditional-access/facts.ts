import type { Level } from "./grants.ts";
import type { Enforcement } from "./policy.ts";

/** What the settings say of Conditional Access, and what of it is deployed. */
export interface ConditionalAccessFacts {
  /** How far the parts of the baseline go that rules ask for. */
  readonly parts: Readonly<Record<"mfa" | "guests" | "admins" | "legacyClients", Enforcement>>;
  /** Resource name of the break-glass group. */
  readonly breakGlass: string;
  /** What teams with an admin role sign in with. */
  readonly adminLevel: Exclude<Level, "none">;
  /** Client ids of applications in every tenant that tools of the stack sign people in with, such as Databricks'. */
  readonly platformApplications: readonly string[];
  /** Resource names of the groups that administer those. */
  readonly platformAdmins: readonly string[];
  /** Further client ids that policies of the company's own name. */
  readonly otherApplications: readonly string[];
  /** Resource name of a policy → why any one of its controls is enough. */
  readonly anyOfReasons: Readonly<Record<string, string>>;
  /** Longest sign-in frequency, in hours. */
  readonly maxHours: number;
  /** What the stack's last state holds. Absent where nobody has looked: then nothing is known of it. */
  readonly deployed?: DeployedConditionalAccess;
}

/** Conditional Access as the last deployment left it. */
export interface DeployedConditionalAccess {
  /** Resource name of a policy → its state. */
  readonly policies: Readonly<Record<string, Enforcement>>;
  /** Client ids of the deployed tools, those of `platformApplications` among them. */
  readonly applications: readonly string[];
}

type RuleSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The rules' settings. Where the settings say nothing, only what does not depend on them is checked. */
export function conditionalAccessConfig(facts: {
  readonly conditionalAccess?: ConditionalAccessFacts;
  readonly groups?: { readonly privileged: readonly string[]; readonly ordinary: readonly string[] };
  readonly admin?: { readonly roleIds: readonly string[] };
}): RuleSettings {
  const { conditionalAccess, groups, admin } = facts;
  const privilegedGroups = [...(groups?.privileged ?? [])];
  if (conditionalAccess === undefined) return { "ca-groups-protected": { privilegedGroups } };
  const { parts, breakGlass, platformApplications, otherApplications, deployed } = conditionalAccess;
  const applications = [...platformApplications];
  return {
    "ca-excludes-break-glass": { group: breakGlass },
    "ca-groups-protected": { breakGlass, privilegedGroups },
    "ca-exclusion-has-fallback": { breakGlass },
    "ca-references-exist": {
      applications: [...new Set([...platformApplications, ...otherApplications])],
      groups: [...privilegedGroups, ...(groups?.ordinary ?? [])],
    },
    "ca-operator-and": { reasons: { ...conditionalAccess.anyOfReasons } },
    "ca-session-bounded": { maxHours: conditionalAccess.maxHours },
    "ca-mfa-every-tool": { state: parts.mfa, applications },
    "ca-guests-mfa": { state: parts.guests, applications },
    "ca-block-legacy": { state: parts.legacyClients, applications },
    "ca-admins-phishing-resistant": {
      state: parts.admins,
      applications,
      adminRoles: [...(admin?.roleIds ?? [])],
      adminGroups: [...conditionalAccess.platformAdmins],
      level: conditionalAccess.adminLevel,
    },
    "ca-report-only-first": deployedConfig(platformApplications, deployed),
  };
}

function deployedConfig(
  platformApplications: readonly string[],
  deployed: DeployedConditionalAccess | undefined,
): Readonly<Record<string, unknown>> {
  if (deployed === undefined) return { known: false };
  return {
    known: true,
    policies: { ...deployed.policies },
    usedApplications: [...deployed.applications],
    newApplications: platformApplications.filter((id) => !deployed.applications.includes(id)),
  };
}
