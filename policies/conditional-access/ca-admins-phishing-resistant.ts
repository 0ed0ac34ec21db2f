import { linksOf } from "../core/links.ts";
import { type StackSubject, stackRule } from "../core/rule.ts";
import { text } from "../core/values.ts";
import { nameOf, principalOf, type Target } from "./applications.ts";
import { alwaysAbout, demands, includesEverybody } from "./cover.ts";
import { type Demanded, demandedConfig, inState } from "./demanded.ts";
import type { Level } from "./grants.ts";
import { mayHold, sidesOf } from "./sides.ts";
import { applicationType, groupTypes, policyType, principalType, strengthType } from "./types.ts";

const assignmentType = "azuread:index/appRoleAssignment:AppRoleAssignment";

interface Config extends Demanded {
  readonly adminRoles: readonly string[];
  readonly adminGroups: readonly string[];
  readonly level: Exclude<Level, "none">;
}

/** A group that administers an application. */
interface Administration {
  readonly group: StackSubject;
  readonly target: Target;
}

/** Who administers what: by the app roles of the stack, and for tools outside Entra's roles by the settings' word. */
function administrations(
  resources: readonly StackSubject[],
  { adminRoles, adminGroups, applications }: Config,
): readonly Administration[] {
  const groups = resources.filter(({ type }) => groupTypes.includes(type));
  const tools = resources.filter(({ type }) => type === applicationType);
  const byRole = resources
    .filter(({ type, props }) => type === assignmentType && adminRoles.includes(text(props, "appRoleId") ?? ""))
    .flatMap((assignment) => {
      const holders = linksOf(assignment, "principalObjectId", groups).resources;
      const principals = linksOf(
        assignment,
        "resourceObjectId",
        resources.filter(({ type }) => type === principalType),
      ).resources;
      const administered = tools.filter((tool) => {
        const principal = principalOf(tool, resources);
        return principal !== undefined && principals.includes(principal);
      });
      return holders.flatMap((group) =>
        administered.map((application): Administration => ({ group, target: { kind: "stack", application } })),
      );
    });
  const named = groups.filter(({ name }) => adminGroups.includes(name));
  const byName = named.flatMap((group) =>
    applications.map((clientId): Administration => ({ group, target: { kind: "existing", clientId } })),
  );
  return [...byRole, ...byName];
}

/** The people whose account opens everything show what cannot be passed on to a false page. */
export const caAdminsPhishingResistant = stackRule<Config>(
  {
    name: "ca-admins-phishing-resistant",
    title: "Administrators sign in with a strength of their own",
    what: "For each tool a policy demands the strength that the settings name (phishing-resistant, unless they say otherwise) of every group with an admin role there.",
    why: "A second factor that people type or approve can be asked for by a false sign-in page and used at the real one at the same time. Who holds an admin role is worth that trouble.",
    fix: "Add the group, and the tool's client id, to the policy of the part `admins`.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/policy-admin-phish-resistant-mfa",
    mappings: [
      { framework: "scuba", id: "MS.AAD.3.6", note: "for directory roles" },
      { framework: "maester", id: "MT.1006", note: "for directory roles" },
      { framework: "cis-m365", id: "5.2.2.5", note: "for directory roles" },
    ],
  },
  {
    types: [policyType, strengthType, applicationType, principalType, assignmentType, ...groupTypes],
    config: {
      ...demandedConfig("the strength for administrators"),
      adminRoles: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Ids of the app roles that are admin roles.",
      },
      adminGroups: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Resource names of groups that administer the tools of `applications`.",
      },
      level: {
        type: "string",
        enum: ["mfa", "passwordless", "phishing-resistant"],
        default: "phishing-resistant",
        description: "What is demanded at least: mfa, passwordless or phishing-resistant.",
      },
    },
    check(resources, report, config) {
      if (config.state === "off") return;
      const groups = resources.filter(({ type }) => groupTypes.includes(type));
      for (const { group, target } of administrations(resources, config)) {
        const isCovered = alwaysAbout(resources, { target, state: config.state }).some((policy) => {
          const { included, excluded } = sidesOf(policy, "groups", groups);
          if (excluded.resources.includes(group) || !demands(policy, config.level, resources)) return false;
          return includesEverybody(policy) || mayHold(included, group);
        });
        if (isCovered) continue;
        const found = `an administrator of ${nameOf(target)} without ${inState(config.state)} that demands ${config.level}`;
        report(group, { at: "sign-in", found, wanted: "one for each tool" });
      }
    },
  },
);
