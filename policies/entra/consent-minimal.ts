import { resourceRule } from "../core/rule.ts";
import { elements } from "../core/values.ts";

/** Consent for the whole tenant covers what sign-in needs, no more. */
export const consentMinimal = resourceRule<{ scopes: readonly string[] }>(
  {
    name: "consent-minimal",
    title: "Admin consent covers sign-in only",
    what: "A delegated permission grant names sign-in scopes only.",
    why: "Such a grant holds for everybody in the tenant: with a mail or directory scope in it the tool can read what each of its users can.",
    fix: "Remove the scope; a tool that needs it gets it in a review of its own.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview",
    mappings: [
      { framework: "scuba", id: "MS.AAD.5.2" },
      { framework: "cis-m365", id: "5.1.5.1" },
      { framework: "cis-azure-5", id: "5.12" },
      { framework: "eidsca", id: "EI.AP08" },
    ],
  },
  {
    types: ["azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant"],
    config: {
      scopes: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: ["openid", "profile", "email", "offline_access", "User.Read"],
        description: "Scopes that may be consented to for everybody.",
      },
    },
    check({ props }, report, { scopes }) {
      for (const { path, item } of elements(props, "claimValues")) {
        if (item.kind !== "value" || scopes.includes(String(item.value))) continue;
        report({ at: path, found: JSON.stringify(item.value), wanted: `one of ${scopes.join(", ")}` });
      }
    },
  },
);
