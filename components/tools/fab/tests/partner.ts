import type { ToolPartner } from "../../../../model/partners.ts";

/** A partner of the tool, whose people look at things. */
export function acme(changes: Partial<ToolPartner> = {}): ToolPartner {
  return {
    key: "acme",
    displayName: "Acme",
    issuer: "https://acme.okta.com",
    clientId: "0oa1acmesuperset",
    clientSecretName: "acme-superset-client-secret",
    groupsClaim: "groups",
    access: { Gamma: ["acme-viewers"] },
    ...changes,
  };
}
