import { bareId } from "../core/links.ts";
import { type Finding, type StackSubject, stackRule } from "../core/rule.ts";
import { text } from "../core/values.ts";
import { builtInStrengthIds } from "./grants.ts";
import { isOn, items } from "./policy.ts";
import { type PairName, type Side, sidesOf } from "./sides.ts";
import {
  applicationType,
  groupTypes,
  locationType,
  policyType,
  principalType,
  strengthType,
  userType,
} from "./types.ts";

interface Config {
  readonly applications: readonly string[];
  readonly groups: readonly string[];
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Words that stand for several things. */
const words: Readonly<Record<PairName, readonly string[]>> = {
  applications: ["All", "None", "Office365", "MicrosoftAdminPortals"],
  users: ["All", "None", "GuestsOrExternalUsers"],
  groups: [],
  locations: ["All", "AllTrusted"],
};

interface Kind {
  readonly types: readonly string[];
  readonly wanted: string;
  /** Ids outside the stack that are right. Undefined: any that looks like one, as the directory is asked for it. */
  readonly known: readonly string[] | undefined;
}

function kinds({ applications, groups }: Config): Readonly<Record<PairName, Kind>> {
  return {
    applications: {
      types: [applicationType],
      wanted: "client ids of the stack's applications, or of others that the settings name",
      known: applications,
    },
    groups: { types: groupTypes, wanted: "groups of the stack, or existing ones of the settings", known: groups },
    users: { types: [userType], wanted: "object ids of people", known: undefined },
    locations: { types: [locationType], wanted: "named locations of the stack, All or AllTrusted", known: [] },
  };
}

function isRight(id: string, name: PairName, { known }: Kind): boolean {
  if (words[name].includes(id)) return true;
  return known === undefined ? guid.test(id) : known.some((one) => one.toLowerCase() === id.toLowerCase());
}

function strengthProblem(policy: StackSubject, strengths: readonly StackSubject[]): Finding | undefined {
  const at = "grantControls.authenticationStrengthPolicyId";
  const id = text(policy.props, at);
  if (id === undefined || builtInStrengthIds.includes(bareId(id))) return undefined;
  const own = strengths.some(({ props }) =>
    ["id", "objectId"].some((key) => bareId(text(props, key) ?? "") === bareId(id)),
  );
  if (own) return undefined;
  return { at, found: JSON.stringify(id), wanted: "a strength of the stack, or one of Entra's own" };
}

/** Object ids of applications, which another rule explains better. */
function objectIdsOf(resources: readonly StackSubject[]): ReadonlySet<string> {
  const applications = resources.filter(({ type }) => type === applicationType || type === principalType);
  return new Set(applications.flatMap(({ props }) => text(props, "objectId")?.toLowerCase() ?? []));
}

/** What a policy names is there: Entra keeps the ids of what has been deleted, and the policy just shrinks. */
export const caReferencesExist = stackRule<Config>(
  {
    name: "ca-references-exist",
    title: "Policies name what exists",
    what: "Groups, applications, locations and strengths in a policy are the stack's own, or ones that the settings name.",
    why: "A deleted group or application stays in the policy as an id and matches nobody: an inclusion of it protects nothing, and nobody is told.",
    fix: "Use the resource's output in place of a written id; name an existing group as a team with `existing`, a foreign application under `apps` of the policy.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access",
    mappings: [
      { framework: "maester", id: "MT.1038" },
      { framework: "maester", id: "MT.1066" },
    ],
  },
  {
    types: [policyType, applicationType, principalType, userType, locationType, strengthType, ...groupTypes],
    needs: policyType,
    config: {
      applications: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Client ids outside the stack that policies may name.",
      },
      groups: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Object ids of existing groups that the settings name.",
      },
    },
    check(resources, report, config) {
      const objectIds = objectIdsOf(resources);
      const strengths = resources.filter(({ type }) => type === strengthType);
      for (const policy of resources.filter(({ type, props }) => type === policyType && isOn(props))) {
        for (const [name, kind] of Object.entries(kinds(config)) as [PairName, Kind][]) {
          const sides = sidesOf(
            policy,
            name,
            resources.filter(({ type }) => kind.types.includes(type)),
          );
          const check = ({ at, strangers }: Side) => {
            for (const id of strangers) {
              if (isRight(id, name, kind) || (name === "applications" && objectIds.has(id.toLowerCase()))) continue;
              report(policy, { at, found: JSON.stringify(id), wanted: kind.wanted });
            }
          };
          check(sides.included);
          check(sides.excluded);
        }
        for (const path of ["conditions.users.includedRoles", "conditions.users.excludedRoles"]) {
          const wrong = items(policy.props, path).values.find((id) => !guid.test(id));
          if (wrong === undefined) continue;
          report(policy, { at: path, found: JSON.stringify(wrong), wanted: "template ids of directory roles" });
        }
        const finding = strengthProblem(policy, strengths);
        if (finding) report(policy, finding);
      }
    },
  },
);
