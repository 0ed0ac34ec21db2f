import { describe, expect, it } from "vitest";
import { roleId } from "../../model/ids.ts";
import { secretWindows } from "../../model/secret-calendar.ts";
import type { ToolRole } from "../../model/tool-contract.ts";
import { isSecretValue, runProgram } from "../testing/mocks.ts";
import { applicationArgs } from "./application.ts";
import type { Credential } from "./credential.ts";
import { OidcClient, type OidcClientArgs } from "./oidc-client.ts";

const role = (value: string): ToolRole => ({
  value,
  displayName: value,
  description: value,
  admin: false,
  toolRoles: [value],
});

const federated: Credential = {
  kind: "federated",
  issuer: "https://oidc.contoso.com/cluster-1",
  serviceAccount: { namespace: "superset", name: "superset" },
};

function clientArgs(changes: Partial<OidcClientArgs> = {}): OidcClientArgs {
  return {
    tool: "superset",
    displayName: "Superset (dev)",
    url: "https://superset.data.contoso.com",
    redirectUris: { web: ["https://superset.data.contoso.com/oauth-authorized/azure"], spa: [] },
    logoutUrl: "https://superset.data.contoso.com/logout/",
    roles: [role("Admin"), role("Alpha")],
    owners: ["owner-id"],
    notes: "Sign-in of Superset.",
    serviceManagementReference: "entrada/dev/superset",
    assignments: { Admin: { "bi-admins": "group-1" }, Alpha: { analysts: "group-2", science: "group-3" } },
    credentials: [federated],
    ...changes,
  };
}

const create = (args: OidcClientArgs, preview = false) =>
  runProgram(
    () => {
      new OidcClient("superset", args);
    },
    { preview },
  );

describe("OidcClient", () => {
  it("registers application, enterprise application, consent, assignments and federated credential", async () => {
    const run = await create(clientArgs());
    expect(run.counts()).toEqual({
      "azuread:index/application:Application": 1,
      "azuread:index/servicePrincipal:ServicePrincipal": 1,
      "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant": 1,
      "azuread:index/appRoleAssignment:AppRoleAssignment": 3,
      "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": 1,
    });
    expect(run.find("azuread:index/servicePrincipal:ServicePrincipal", "superset-sp").inputs).toEqual({
      clientId: "client-of-superset-app",
      appRoleAssignmentRequired: true,
      // The deployer stays an owner, as it may change only what it owns.
      owners: ["deployer", "owner-id"],
    });
    expect(run.find("azuread:index/application:Application", "superset-app").inputs.owners).toEqual([
      "deployer",
      "owner-id",
    ]);
    const grant = "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";
    expect(run.find(grant, "superset-consent").inputs).toEqual({
      servicePrincipalObjectId: "object-of-superset-sp",
      resourceServicePrincipalObjectId: "principal-of-00000003-0000-0000-c000-000000000000",
      claimValues: ["openid", "profile", "email", "offline_access"],
    });
    expect(run.find("azuread:index/appRoleAssignment:AppRoleAssignment", "superset-Alpha-science").inputs).toEqual({
      appRoleId: roleId("superset", "Alpha"),
      principalObjectId: "group-3",
      resourceObjectId: "object-of-superset-sp",
    });
    const federation = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
    expect(run.find(federation, "superset-federation").inputs).toMatchObject({
      applicationId: "/id/superset-app",
      issuer: "https://oidc.contoso.com/cluster-1",
      subject: "system:serviceaccount:superset:superset",
      audiences: ["api://AzureADTokenExchange"],
    });
  });

  it("knows everything but ids in a preview", async () => {
    const run = await create(clientArgs(), true);
    const assignment = run.find("azuread:index/appRoleAssignment:AppRoleAssignment", "superset-Admin-bi-admins").inputs;
    expect(assignment).toMatchObject({ appRoleId: roleId("superset", "Admin"), principalObjectId: "group-1" });
    expect(run.counts()["azuread:index/appRoleAssignment:AppRoleAssignment"]).toBe(3);
  });

  it("creates no credential for a public client", async () => {
    const redirectUris = { web: [], spa: ["https://metadata.data.contoso.com/callback"] };
    const run = await create(clientArgs({ credentials: [{ kind: "public" }], redirectUris }));
    expect(Object.keys(run.counts()).filter((type) => /Credential|Password|Secret/.test(type))).toEqual([]);
    expect(run.find("azuread:index/application:Application", "superset-app").inputs).toMatchObject({
      singlePageApplication: { redirectUris: ["https://metadata.data.contoso.com/callback"] },
    });
  });

  it("keeps two overlapping secrets in the vault, each with its absolute end", async () => {
    const windows = secretWindows("2026-01-01", 90, new Date("2026-11-23T00:00:00Z"));
    const vault = { name: "kv", resourceGroupName: "rg" };
    const run = await create(clientArgs({ credentials: [{ kind: "secret", windows, vault }] }));
    for (const slot of ["a", "b"] as const) {
      const name = `superset-client-secret-${slot}`;
      expect(run.find("azuread:index/applicationPassword:ApplicationPassword", name).inputs).toEqual({
        applicationId: "/id/superset-app",
        displayName: name,
        startDate: windows[slot].startDate,
        endDate: windows[slot].endDate,
      });
      const { properties } = run.find("azure-native:keyvault:Secret", name).inputs;
      expect(isSecretValue(properties) && properties.value).toMatchObject({
        value: `password-of-${name}`,
        attributes: { enabled: true, expires: Date.parse(windows[slot].endDate) / 1000 },
      });
    }
  });
});

describe("applicationArgs", () => {
  it("asks for version 2 tokens of one tenant with the claims that tools know people by, and never for groups", () => {
    const args = applicationArgs(clientArgs());
    expect(args).toMatchObject({
      signInAudience: "AzureADMyOrg",
      preventDuplicateNames: true,
      api: { requestedAccessTokenVersion: 2 },
      web: {
        homepageUrl: "https://superset.data.contoso.com",
        redirectUris: ["https://superset.data.contoso.com/oauth-authorized/azure"],
        logoutUrl: "https://superset.data.contoso.com/logout/",
        implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
      },
      optionalClaims: {
        idTokens: [{ name: "email" }, { name: "upn" }, { name: "given_name" }, { name: "family_name" }],
      },
      owners: ["owner-id"],
    });
    expect(args).not.toHaveProperty("groupMembershipClaims");
    expect(args).not.toHaveProperty("password");
    expect(args.singlePageApplication).toBeUndefined();
  });

  it("requests the sign-in scopes at Microsoft Graph and no application permission", () => {
    expect(applicationArgs(clientArgs()).requiredResourceAccesses).toEqual([
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccesses: [
          { id: "37f7f235-527c-4136-accd-4a02d197296e", type: "Scope" },
          { id: "14dad69e-099b-42c9-810b-d002981feec1", type: "Scope" },
          { id: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", type: "Scope" },
          { id: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", type: "Scope" },
        ],
      },
    ]);
  });
});
