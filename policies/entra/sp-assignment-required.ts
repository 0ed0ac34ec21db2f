import { resourceRule } from "../core/rule.ts";
import { known, text } from "../core/values.ts";

/** Microsoft Graph, Azure Resource Manager and Key Vault: every tenant has them, and assignment there would break the tenant. */
const microsoftServices = [
  "00000003-0000-0000-c000-000000000000",
  "797f4846-ba00-4fd7-ba43-dac1f8f63013",
  "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
];

/** Enterprise applications let in only whoever is assigned. The provider's default is false. */
export const spAssignmentRequired = resourceRule<{ exemptClientIds: readonly string[] }>(
  {
    name: "sp-assignment-required",
    title: "Enterprise applications require assignment",
    what: "An enterprise application lets in only people and groups that are assigned to it.",
    why: "Otherwise every account of the tenant, guests included, can sign in to the tool; with it they get AADSTS50105.",
    fix: "Set `appRoleAssignmentRequired: true` and assign the teams to app roles.",
    severity: "critical",
    url: "https://learn.microsoft.com/entra/identity-platform/howto-restrict-your-app-to-a-set-of-users",
    mappings: [{ framework: "maester", id: "MT.1075" }],
  },
  {
    types: ["azuread:index/servicePrincipal:ServicePrincipal"],
    config: {
      exemptClientIds: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: microsoftServices,
        description:
          "Client ids of existing services (`useExisting`) that a stack only looks up. Default: Microsoft Graph, Azure Resource Manager, Key Vault.",
      },
    },
    check(subject, report, { exemptClientIds }) {
      const { props } = subject;
      const borrowed = known(props, "useExisting");
      const clientId = text(props, "clientId");
      const exempt = borrowed.kind === "value" && borrowed.value === true && exemptClientIds.includes(clientId ?? "");
      const required = known(props, "appRoleAssignmentRequired");
      if (exempt || required.kind === "unknown") return;
      if (required.kind === "value" && required.value === true) return;
      const found = required.kind === "absent" ? "not set (the provider's default is false)" : String(required.value);
      report({ at: "appRoleAssignmentRequired", found, wanted: "true" });
    },
  },
);
