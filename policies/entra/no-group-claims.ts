import { resourceRule } from "../core/rule.ts";
import { elements } from "../core/values.ts";

/** Tokens carry app roles, not groups. */
export const noGroupClaims = resourceRule<{ allowed: readonly string[] }>(
  {
    name: "no-group-claims",
    title: "Tokens carry roles, not groups",
    what: "An app registration asks for no group claims.",
    why: "Above 200 groups Entra leaves the list out and sends a link instead, so people with many groups lose their rights; and every tool learns every group a person is in.",
    fix: "Remove `groupMembershipClaims` and assign the groups to app roles.",
    severity: "medium",
    url: "https://learn.microsoft.com/entra/identity-platform/optional-claims",
  },
  {
    types: ["azuread:index/application:Application", "azuread:index/applicationRegistration:ApplicationRegistration"],
    config: {
      allowed: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: ["None"],
        description: "Accepted values; add ApplicationGroup for a tool that can only map groups.",
      },
    },
    check({ props }, report, { allowed }) {
      for (const { path, item } of elements(props, "groupMembershipClaims")) {
        if (item.kind !== "value" || allowed.includes(String(item.value))) continue;
        report({ at: path, found: JSON.stringify(item.value), wanted: `nothing, or ${allowed.join(", ")}` });
      }
    },
  },
);
