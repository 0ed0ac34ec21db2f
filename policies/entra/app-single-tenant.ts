import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";

/** App registrations are for this tenant only. Absent means `AzureADMyOrg`, the provider's default. */
export const appSingleTenant = resourceRule(
  {
    name: "app-single-tenant",
    title: "Applications are single tenant",
    what: "An app registration accepts accounts of its own tenant only.",
    why: "With any other audience people of foreign tenants, or with personal accounts, can get a token for the tool. Partners come in as guests instead.",
    fix: "Leave `signInAudience` out, or set it to AzureADMyOrg.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity-platform/single-and-multi-tenant-apps",
  },
  {
    types: ["azuread:index/application:Application", "azuread:index/applicationRegistration:ApplicationRegistration"],
    check(subject, report) {
      const audience = known(subject.props, "signInAudience");
      if (audience.kind !== "value" || audience.value === "AzureADMyOrg") return;
      report({ at: "signInAudience", found: JSON.stringify(audience.value), wanted: "AzureADMyOrg" });
    },
  },
);
