import type { Example } from "./example.ts";

const application = "azuread:index/application:Application";
const password = "azuread:index/applicationPassword:ApplicationPassword";
const callback = "https://reports.contoso.com/oauth-authorized/azure";
const someObject = "11111111-2222-4333-8444-555555555555";
const otherObject = "66666666-7777-4888-9999-000000000000";

function webApplication(...redirectUris: string[]): Example {
  return { type: application, name: "reports", props: { displayName: "Reports", web: { redirectUris } } };
}

function secret(name: string, startDate: string, endDate: string, application?: string): Example {
  const written = application === undefined ? { applicationId: `/applications/${someObject}` } : {};
  return {
    type: password,
    name,
    props: { displayName: name, startDate: `${startDate}T00:00:00Z`, endDate: `${endDate}T00:00:00Z`, ...written },
    ...(application === undefined ? {} : { refs: { applicationId: application } }),
  };
}

/** The vault's copy of a secret. */
function kept(name: string): Example {
  return {
    type: "azure-native:keyvault:Secret",
    name: `${name}-kept`,
    props: { resourceGroupName: "rg-data", vaultName: "kv-example", secretName: name, properties: {} },
    refs: { "properties.value": name },
  };
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
    secret("reports-secret-a", "2026-01-01", "2026-03-01", "reports"),
    secret("reports-secret-b", "2026-02-01", "2026-04-01", "reports"),
    kept("reports-secret-a"),
    kept("reports-secret-b"),
  ],
  "secret-pair": [
    webApplication(callback),
    secret("reports-secret-a", "2026-01-01", "2026-03-01", "reports"),
    kept("reports-secret-a"),
  ],
  "app-secret-lifetime": [secret("reports-secret", "2026-01-01", "2028-01-01"), kept("reports-secret")],
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
