import { leadsTo } from "../core/links.ts";
import { type Finding, type StackSubject, stackRule } from "../core/rule.ts";
import { elements, known } from "../core/values.ts";
import { isOn, reachesPeople } from "./policy.ts";
import { mayHold, sidesOf } from "./sides.ts";
import { groupMemberType, groupTypes, policyType } from "./types.ts";

interface Config {
  readonly group: string;
}

/** Why a group cannot keep the tenant open, or does so for too many. */
function* weaknesses(group: StackSubject, memberships: readonly StackSubject[]): Generator<Finding> {
  const marked = known(group.props, "assignableToRole");
  if (marked.kind === "absent" || (marked.kind === "value" && marked.value !== true)) {
    yield {
      at: "assignableToRole",
      found: marked.kind === "value" ? "false" : "not set (false)",
      wanted: "true",
      fix: "Set assignableToRole to true when the group is made: otherwise every group administrator can put himself outside of all policies.",
    };
  }
  if (known(group.props, "dynamicMembership").kind !== "absent") {
    const fix =
      "Name the accounts as members: who may write the property that the rule reads is outside of all policies.";
    yield { at: "dynamicMembership", found: "set", wanted: "members by name", fix };
  }
  const named = elements(group.props, "members").length > 0;
  if (!named && !memberships.some((one) => leadsTo(one, "groupObjectId", group))) {
    const fix = "Name the two emergency accounts under `conditionalAccess.breakGlass`.";
    yield { at: "members", found: "empty", wanted: "the emergency accounts", fix };
  }
}

/** Two accounts get in whatever the policies say: with a policy gone wrong they are the way back. */
export const caExcludesBreakGlass = stackRule<Config>(
  {
    name: "ca-excludes-break-glass",
    title: "Every policy spares the break-glass accounts",
    what: "Each policy about people excludes the break-glass group, whose members are named and which only privileged administrators can change.",
    why: "A policy that goes wrong, or a second factor that is down, locks out everybody, the administrators who could repair it too. The exclusion is also the best hole there is, so nobody may walk into it.",
    fix: "Add the break-glass group's object id to conditions.users.excludedGroups.",
    severity: "critical",
    url: "https://learn.microsoft.com/entra/identity/role-based-access-control/security-emergency-access",
    mappings: [
      { framework: "maester", id: "MT.1005" },
      { framework: "maester", id: "MT.1035", note: "of the group" },
      { framework: "cis-m365", id: "1.1.2", note: "that the accounts exist" },
      { framework: "iso27001", id: "5.17" },
    ],
  },
  {
    types: [policyType, groupMemberType, ...groupTypes],
    needs: policyType,
    config: {
      group: {
        type: "string",
        minLength: 1,
        default: "break-glass",
        description: "Resource name of the break-glass group.",
      },
    },
    check(resources, report, config) {
      const groups = resources.filter(({ type }) => groupTypes.includes(type));
      const memberships = resources.filter(({ type }) => type === groupMemberType);
      const policies = resources.filter(
        ({ type, props }) => type === policyType && isOn(props) && reachesPeople(props),
      );
      const isBreakGlass = ({ name }: StackSubject) => name === config.group;
      const group = groups.find(isBreakGlass);
      const wanted = `the group ${JSON.stringify(config.group)}`;
      for (const policy of policies) {
        const { excluded } = sidesOf(policy, "groups", groups, { excludedFirst: isBreakGlass });
        if (group !== undefined && mayHold(excluded, group)) continue;
        const others = [...excluded.resources.map(({ name }) => JSON.stringify(name)), ...excluded.strangers];
        const found = others.length === 0 ? "empty" : `${others.join(", ")} alone`;
        report(policy, { at: excluded.at, found, wanted });
      }
      if (group === undefined || policies.length === 0) return;
      for (const finding of weaknesses(group, memberships)) report(group, finding);
    },
  },
);
