import { linksOf } from "../core/links.ts";
import { type StackSubject, stackRule } from "../core/rule.ts";
import { text } from "../core/values.ts";
import { nameOf, principalsOf, type Target } from "./applications.ts";
import { alwaysAbout, demands, includesEverybody } from "./cover.ts";
import { type Demanded, demandedConfig, inState } from "./demanded.ts";
import type { Level } from "./grants.ts";
import { mayHold, type Side, sidesOf } from "./sides.ts";
import { applicationType, groupTypes, policyType, principalType, strengthType } from "./types.ts";

const assignmentType = "azuread:index/appRoleAssignment:AppRoleAssignment";

interface Config extends Demanded {
  readonly adminRoles: readonly string[];
  readonly adminGroups: readonly string[];
  readonly level: Exclude<Level, "none">;
}

/** A group that administers an application. */
interface Administration {
  /** Where to report that it is not asked. */
  readonly place: StackSubject;
  readonly shown: string;
  readonly target: Target;
  /** Whether the group is in a policy's list. */
  isIn(side: Side): boolean;
}

/** Who administers what: by the app roles of the stack, and for tools outside Entra's roles by the settings' word. */
function administrations(resources: readonly StackSubject[], config: Config): readonly Administration[] {
  const groups = resources.filter(({ type }) => groupTypes.includes(type));
  const grants = resources.filter(
    ({ type, props }) => type === assignmentType && config.adminRoles.includes(text(props, "appRoleId") ?? ""),
  );
  const named = groups.filter(({ name }) => config.adminGroups.includes(name));
  return [
    ...grants.flatMap((grant) => {
      const { resources: own, strangers } = linksOf(grant, "principalObjectId", groups);
      const targets = administered(grant, resources);
      return targets.flatMap((target) => [
        ...own.map((group) => ofGroup(group, target)),
        ...strangers.map((id) => ofId(grant, id, target)),
      ]);
    }),
    ...named.flatMap((group) => config.applications.map((clientId) => ofGroup(group, { kind: "existing", clientId }))),
  ];
}

function ofGroup(group: StackSubject, target: Target): Administration {
  return { place: group, shown: "an administrator", target, isIn: (side) => mayHold(side, group) };
}

function ofId(grant: StackSubject, id: string, target: Target): Administration {
  const isIn = ({ strangers }: Side) => strangers.some((one) => one.toLowerCase() === id.toLowerCase());
  return { place: grant, shown: `the group ${JSON.stringify(id)}, an administrator`, target, isIn };
}

/** The applications whose role an assignment gives. */
function administered(grant: StackSubject, resources: readonly StackSubject[]): readonly Target[] {
  const principals = resources.filter(({ type }) => type === principalType);
  const own = linksOf(grant, "resourceObjectId", principals).resources;
  return resources
    .filter((one) => one.type === applicationType && principalsOf(one, own).length > 0)
    .map((application): Target => ({ kind: "stack", application }));
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
      for (const { place, shown, target, isIn } of administrations(resources, config)) {
        const isCovered = alwaysAbout(resources, { target, state: config.state }).some((policy) => {
          const { included, excluded } = sidesOf(policy, "groups", groups);
          if (isIn({ ...excluded, maybe: [], untold: false })) return false;
          return demands(policy, config.level, resources) && (includesEverybody(policy) || isIn(included));
        });
        if (isCovered) continue;
        const found = `${shown} of ${nameOf(target)} without ${inState(config.state)} that demands ${config.level}`;
        report(place, { at: "sign-in", found, wanted: "one for each tool" });
      }
    },
  },
);
