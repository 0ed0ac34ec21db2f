import { z } from "zod";
import { MembershipRuleError, parseMembershipRule } from "../membership-rule.ts";
import { described } from "./described.ts";
import { displayText, guid, personEntry, teamKey } from "./names.ts";

/** Entra refuses a rule that it cannot read; so does the schema, and it says where. */
function readable(rule: string, context: z.RefinementCtx): void {
  try {
    parseMembershipRule(rule);
  } catch (error) {
    if (!(error instanceof MembershipRuleError)) throw error;
    context.addIssue({ code: "custom", message: `${error.message}.` });
  }
}

const team = z.strictObject({
  displayName: displayText("Name of the group in Entra. Default: the team's key.", "BI administrators").optional(),
  description: displayText("What the team is for, shown in Entra.", "Run the data tools").optional(),
  privileged: described(z.boolean().default(false), {
    description:
      "Whether the team may hold admin roles. Entra keeps such a group apart: only its owners and privileged administrators change its members. Default: false.",
    allowed: "true or false",
    example: true,
  }),
  owners: described(z.array(personEntry).default([]), {
    description: "Who may change the team's members. Needed unless the group exists already. Owning gives no role.",
    allowed: "a list of people",
    example: ["ana.lima"],
  }),
  members: described(z.array(personEntry).default([]), {
    description: "The team's direct members, by name.",
    allowed: "a list of people",
    example: ["ana.lima", "jon.berg"],
  }),
  teams: described(z.array(teamKey).default([]), {
    description:
      "Teams nested in this one. Their members get none of its app roles: Entra assigns those to direct members only.",
    allowed: "a list of team keys",
    example: ["interns"],
  }),
  rule: described(z.string().min(1).superRefine(readable).optional(), {
    description: "Makes the group dynamic: everybody for whom the rule holds is a member. Instead of `members`.",
    allowed: "an Entra membership rule of the supported kind, up to 3,072 characters",
    example: 'user.department -eq "Analytics"',
  }),
  existing: guid(
    "Object id of a group that Entra has already. Entrada reads it and leaves it as it is. Instead of `members`.",
    "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55",
  ).optional(),
});

/** The settings of one team. */
export type Team = z.infer<typeof team>;

/** `teams`: key → Entra group, either created with members, dynamic by rule, or existing. */
export const teams = described(z.record(teamKey, team).default({}), {
  description: "The company's teams; each is one Entra security group.",
  allowed: "teams by key",
  example: { analysts: { owners: ["ana.lima"], members: ["ana.lima"] } },
});
