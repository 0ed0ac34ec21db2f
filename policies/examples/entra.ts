import type { Example } from "./example.ts";

const application = "azuread:index/application:Application";
const password = "azuread:index/applicationPassword:ApplicationPassword";
const callback = "https://reports.contoso.com/oauth-authorized/azure";
const someObject = "11111111-2222-4333-8444-555555555555";
const otherObject = "66666666-7777-4888-9999-000000000000";

function webApplication(...redirectUris: string[]): Example {
  return { type: application, name: "reports", props: { displayName: "Reports", web: { redirectUris } } };
}

/** Registrations that break exactly one of the Entra rules each. */
export const entraExamples: Readonly<Record<string, readonly Example[]>> = {
  "redirect-https": [webApplication("http://reports.contoso.com/oauth-authorized/azure")],
  "redirect-exact": [webApplication("https://reports.contoso.com.attacker.example/oauth-authorized/azure")],
  "redirect-one-platform": [
    {
      type: application,
      name: "reports",
      props: {
        displayName: "Reports",
        web: { redirectUris: [callback] },
        singlePageApplication: { redirectUris: [callback] },
      },
    },
  ],
  "app-single-tenant": [
    { type: application, name: "reports", props: { displayName: "Reports", signInAudience: "AzureADMultipleOrgs" } },
  ],
  "spa-xor-secret": [
    {
      type: application,
      name: "reports",
      props: { displayName: "Reports", singlePageApplication: { redirectUris: [callback] } },
    },
    {
      type: password,
      name: "reports-secret",
      props: { displayName: "reports", startDate: "2026-01-01T00:00:00Z", endDate: "2026-03-01T00:00:00Z" },
      refs: { applicationId: "reports" },
    },
  ],
  "app-secret-lifetime": [
    {
      type: password,
      name: "reports-secret",
      props: {
        applicationId: `/applications/${someObject}`,
        displayName: "reports",
        startDate: "2026-01-01T00:00:00Z",
        endDate: "2028-01-01T00:00:00Z",
      },
    },
  ],
  "no-group-claims": [
    { type: application, name: "reports", props: { displayName: "Reports", groupMembershipClaims: ["All"] } },
  ],
  "fic-strict": [
    {
      type: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
      name: "reports-federation",
      props: {
        applicationId: `/applications/${someObject}`,
        displayName: "cluster",
        audiences: ["api://AzureADTokenExchange"],
        issuer: "https://oidc.contoso.com/cluster-1",
        subject: "system:serviceaccount:default:reports",
      },
    },
  ],
  "sp-assignment-required": [
    { type: "azuread:index/servicePrincipal:ServicePrincipal", name: "reports", props: { clientId: someObject } },
  ],
  "no-default-access-role": [
    {
      type: "azuread:index/appRoleAssignment:AppRoleAssignment",
      name: "reports-analysts",
      props: {
        appRoleId: "00000000-0000-0000-0000-000000000000",
        principalObjectId: someObject,
        resourceObjectId: otherObject,
      },
    },
  ],
  "consent-minimal": [
    {
      type: "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
      name: "reports-consent",
      props: {
        claimValues: ["openid", "Mail.Read"],
        servicePrincipalObjectId: someObject,
        resourceServicePrincipalObjectId: otherObject,
      },
    },
  ],
};
