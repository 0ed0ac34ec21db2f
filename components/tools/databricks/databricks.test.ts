import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { type Run, runProgram, settled } from "../../testing/mocks.ts";
import { testEnvironment } from "../../testing/tool-environment.ts";
import type { ToolOutputs } from "../tool.ts";
import { databricksContract } from "./contract.ts";
import { deploy } from "./databricks.ts";
import { entitlementArgs, teamRights } from "./team-rights.ts";
import { ACCOUNT, databricksSettingsOf, IDENTITY } from "./tests/fixtures.ts";
import { DatabricksWorkspace, LOG_CATEGORIES } from "./workspace.ts";

async function create(
  changes: Record<string, unknown> = {},
  preview = false,
): Promise<{ run: Run; outputs: ToolOutputs }> {
  let outputs: ToolOutputs | undefined;
  const run = await runProgram(
    () => {
      const settings = databricksSettingsOf(changes);
      outputs = deploy(
        "databricks",
        { contract: databricksContract, settings, environment: testEnvironment(), owners: [], partners: [] },
        {},
      );
    },
    { preview },
  );
  if (outputs === undefined) throw new Error("nothing was deployed");
  return { run, outputs };
}

/** The vault and its group come with the test's environment. */
const COUNTS = {
  "azure-native:resources:ResourceGroup": 1,
  "azure-native:keyvault:Vault": 1,
  "azure-native:network:NetworkSecurityGroup": 1,
  "azure-native:network:PublicIPAddress": 1,
  "azure-native:network:NatGateway": 1,
  "azure-native:network:VirtualNetwork": 1,
  "azure-native:network:Subnet": 2,
  "azure-native:databricks:Workspace": 1,
  "azure-native:operationalinsights:Workspace": 1,
  "azure-native:monitor:DiagnosticSetting": 1,
  "databricks:index/mwsPermissionAssignment:MwsPermissionAssignment": 6,
  "databricks:index/entitlements:Entitlements": 5,
  "databricks:index/grant:Grant": 7,
  "databricks:index/servicePrincipal:ServicePrincipal": 2,
  "databricks:index/servicePrincipalFederationPolicy:ServicePrincipalFederationPolicy": 1,
  "databricks:index/ipAccessList:IpAccessList": 1,
  "databricks:index/workspaceConf:WorkspaceConf": 1,
  "databricks:index/restrictWorkspaceAdminsSetting:RestrictWorkspaceAdminsSetting": 1,
  "kubernetes:core/v1:Namespace": 1,
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": 1,
};
const ASSIGNMENT = "databricks:index/mwsPermissionAssignment:MwsPermissionAssignment";
const ENTITLEMENTS = "databricks:index/entitlements:Entitlements";
const GRANT = "databricks:index/grant:Grant";
const CONF = "databricks:index/workspaceConf:WorkspaceConf";
const WORKSPACE_ID = "7405610928374650";

const inputsOf = (run: Run, type: string) =>
  Object.fromEntries(run.resources.filter((one) => one.type === type).map(({ name, inputs }) => [name, inputs]));

describe("Databricks", () => {
  it.each([false, true])("creates exactly these resources, preview %s", async (preview) => {
    const { run } = await create({}, preview);
    expect(run.counts()).toEqual(COUNTS);
  });

  it("makes a premium workspace in a network of its own without public addresses", async () => {
    const { run } = await create();
    expect(run.find("azure-native:databricks:Workspace", "databricks").inputs).toMatchObject({
      workspaceName: "dbw-entrada-dev",
      resourceGroupName: "rg-dev",
      location: "westeurope",
      sku: { name: "premium" },
      computeMode: "Hybrid",
      managedResourceGroupId:
        "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17/resourceGroups/rg-entrada-databricks-managed-dev",
      publicNetworkAccess: "Enabled",
      requiredNsgRules: "AllRules",
      parameters: {
        enableNoPublicIp: { value: true },
        customVirtualNetworkId: { value: "/id/databricks-network" },
        customPublicSubnetName: { value: "snet-databricks-public" },
        customPrivateSubnetName: { value: "snet-databricks-private" },
      },
    });
    const subnet = (key: string) => run.find("azure-native:network:Subnet", `databricks-network-${key}`).inputs;
    expect(subnet("snet-databricks-public")).toEqual({
      subnetName: "snet-databricks-public",
      virtualNetworkName: "vnet-databricks-dev",
      resourceGroupName: "rg-dev",
      addressPrefix: "10.139.0.0/18",
      defaultOutboundAccess: false,
      natGateway: { id: "/id/databricks-network-gateway" },
      networkSecurityGroup: { id: "/id/databricks-network-rules" },
      delegations: [{ name: "delegation", serviceName: "Microsoft.Databricks/workspaces" }],
      // The SDK's own defaults.
      privateEndpointNetworkPolicies: "Disabled",
      privateLinkServiceNetworkPolicies: "Enabled",
    });
    expect(subnet("snet-databricks-private").addressPrefix).toBe("10.139.64.0/18");
    expect(run.find("azure-native:network:VirtualNetwork", "databricks-network").inputs.addressSpace).toEqual({
      addressPrefixes: ["10.139.0.0/16"],
    });
  });

  it("keeps its audit logs, in a workspace that no shared key opens", async () => {
    const { run } = await create({ logs: { retentionDays: 365 } });
    expect(run.find("azure-native:operationalinsights:Workspace", "databricks-logs").inputs).toMatchObject({
      retentionInDays: 365,
      features: { disableLocalAuth: true },
    });
    const { inputs } = run.find("azure-native:monitor:DiagnosticSetting", "databricks-logs-setting");
    expect(inputs).toMatchObject({ resourceUri: "/id/databricks", workspaceId: "/id/databricks-logs" });
    expect(inputs.logs).toEqual(LOG_CATEGORIES.map((category) => ({ category, enabled: true })));
    expect(LOG_CATEGORIES).toHaveLength(17);
  });

  it("speaks with the account and with the workspace through one provider each, without a token", async () => {
    const { run } = await create();
    const providers = inputsOf(run, "pulumi:providers:databricks");
    expect(providers).toEqual({
      "databricks-account": {
        host: "https://accounts.azuredatabricks.net",
        accountId: ACCOUNT,
        azureTenantId: expect.any(String),
      },
      "databricks-workspace": {
        host: "https://adb-7405610928374650.10.azuredatabricks.net",
        azureTenantId: expect.any(String),
        azureWorkspaceResourceId: "/id/databricks",
      },
    });
    const at = (provider: string) =>
      run.resources
        .filter((one) => one.type.startsWith("databricks:") && one.provider?.includes(`::${provider}::`))
        .map(({ type }) => type.split(":").at(-1));
    expect([...new Set(at("databricks-account"))].sort()).toEqual([
      "MwsPermissionAssignment",
      "ServicePrincipal",
      "ServicePrincipalFederationPolicy",
    ]);
    expect([...new Set(at("databricks-workspace"))].sort()).toEqual([
      "Entitlements",
      "Grant",
      "IpAccessList",
      "RestrictWorkspaceAdminsSetting",
      "WorkspaceConf",
    ]);
  });

  it("assigns each team once, with all its roles together", async () => {
    const { run } = await create();
    const assigned = (id: string, permission: string) => ({
      workspaceId: WORKSPACE_ID,
      principalId: id,
      permissions: [permission],
    });
    expect(inputsOf(run, ASSIGNMENT)).toEqual({
      "databricks-bi-admins": assigned("internal-of-group-1", "ADMIN"),
      "databricks-operators": assigned("internal-of-group-4", "USER"),
      "databricks-analysts": assigned("internal-of-group-3", "USER"),
      "databricks-sales": assigned("internal-of-group-2", "USER"),
      "databricks-service-scorer-assignment": assigned("/id/databricks-service-scorer", "USER"),
      "databricks-service-loader-assignment": assigned("/id/databricks-service-loader", "USER"),
    });
    expect(inputsOf(run, ENTITLEMENTS)).toEqual({
      "databricks-operators-entitlements": {
        groupId: "internal-of-group-4",
        workspaceAccess: true,
        databricksSqlAccess: true,
      },
      "databricks-analysts-entitlements": { groupId: "internal-of-group-3", databricksSqlAccess: true },
      "databricks-sales-entitlements": { groupId: "internal-of-group-2", workspaceConsume: true },
      "databricks-service-loader-entitlements": {
        servicePrincipalId: "/id/databricks-service-loader",
        databricksSqlAccess: true,
      },
      // Nothing for everybody: what `users` held from the start would reach viewers too.
      "databricks-users": { groupId: "internal-of-users" },
    });
  });

  it("asks the account for groups by object id, and grants to the name that it answers", async () => {
    const { run } = await create();
    const asked = run.calls.filter(({ token }) => token.includes("ExternalGroup")).map(({ inputs }) => inputs.name);
    expect(asked.sort()).toEqual(["1", "2", "3", "4"].map((n) => `accounts/${ACCOUNT}/external-groups/group-${n}`));
    const analysts = { principal: "Name of group-3" };
    const scorer = { principal: "application-of-databricks-service-scorer" };
    expect(inputsOf(run, GRANT)).toEqual({
      "databricks-analysts-catalog-main": { catalog: "main", ...analysts, privileges: ["USE_CATALOG"] },
      "databricks-analysts-schema-main.sales": {
        schema: "main.sales",
        ...analysts,
        privileges: ["USE_SCHEMA", "SELECT"],
      },
      "databricks-analysts-schema-main.ml": { schema: "main.ml", ...analysts, privileges: ["USE_SCHEMA"] },
      "databricks-analysts-model-main.ml.churn": { model: "main.ml.churn", ...analysts, privileges: ["EXECUTE"] },
      "databricks-service-scorer-catalog-main": { catalog: "main", ...scorer, privileges: ["USE_CATALOG"] },
      "databricks-service-scorer-schema-main.ml": { schema: "main.ml", ...scorer, privileges: ["USE_SCHEMA"] },
      "databricks-service-scorer-model-main.ml.churn": {
        model: "main.ml.churn",
        ...scorer,
        privileges: ["EXECUTE"],
      },
    });
  });

  it("lets programs in without a secret: by a pod's token or by a managed identity", async () => {
    const { run } = await create();
    const principal = "databricks:index/servicePrincipal:ServicePrincipal";
    expect(run.find(principal, "databricks-service-scorer").inputs).toEqual({
      displayName: "entrada-dev-scorer",
      disableAsUserDeletion: false,
    });
    expect(run.find(principal, "databricks-service-loader").inputs).toEqual({
      displayName: "entrada-dev-loader",
      applicationId: IDENTITY,
      disableAsUserDeletion: false,
    });
    const policies = inputsOf(
      run,
      "databricks:index/servicePrincipalFederationPolicy:ServicePrincipalFederationPolicy",
    );
    expect(policies).toEqual({
      "databricks-service-scorer-federation": {
        servicePrincipalId: Number("/id/databricks-service-scorer"),
        policyId: "scorer",
        description: "Pods of scoring/scorer",
        oidcPolicy: {
          issuer: "https://oidc.contoso.com/cluster-1",
          audiences: [ACCOUNT],
          subject: "system:serviceaccount:scoring:scorer",
        },
      },
    });
    const forbidden = run.resources.filter(({ type }) => /Token$|Secret$|OboToken/.test(type));
    expect(forbidden.filter(({ type }) => type.startsWith("databricks:"))).toEqual([]);
  });

  it("closes the workspace to all but the deployer, its own clusters and the people's networks", async () => {
    const { run } = await create();
    expect(run.find("databricks:index/ipAccessList:IpAccessList", "databricks-addresses").inputs).toEqual({
      label: "entrada",
      listType: "ALLOW",
      ipAddresses: ["203.0.113.10", "192.0.2.44", "198.51.100.0/24"],
    });
    expect(run.find(CONF, "databricks-conf").inputs).toEqual({
      customConfig: { enableIpAccessLists: "true", enableTokensConfig: "false" },
    });
    const admins = "databricks:index/restrictWorkspaceAdminsSetting:RestrictWorkspaceAdminsSetting";
    expect(run.find(admins, "databricks-admins").inputs).toEqual({
      restrictWorkspaceAdmins: { status: "RESTRICT_TOKENS_AND_JOB_RUN_AS" },
    });
  });

  it("leaves the list out and the switch off where the settings name no addresses", async () => {
    const { run } = await create({ allowedIps: [], deployerIps: [] });
    expect(run.counts()["databricks:index/ipAccessList:IpAccessList"]).toBeUndefined();
    expect(run.find(CONF, "databricks-conf").inputs.customConfig).toMatchObject({ enableIpAccessLists: "false" });
  });

  it("keeps tokens short and for admins where they are wanted", async () => {
    const { run } = await create({ tokens: { maxDays: 30 } });
    expect(run.find(CONF, "databricks-conf").inputs.customConfig).toEqual({
      enableIpAccessLists: "true",
      enableTokensConfig: "true",
      maxTokenLifetimeDays: "30",
    });
    expect(run.find("databricks:index/permissions:Permissions", "databricks-tokens").inputs).toEqual({
      authorization: "tokens",
      accessControls: [{ groupName: "Name of group-1", permissionLevel: "CAN_USE" }],
    });
  });

  it("sends people from an address of the company's own on to the workspace's", async () => {
    const { run, outputs } = await create();
    const route = run.find("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "databricks-address").inputs;
    expect(route.spec).toMatchObject({
      hostnames: ["databricks.data.contoso.com"],
      parentRefs: [{ name: "public", namespace: "gateway" }],
      rules: [
        {
          filters: [
            {
              type: "RequestRedirect",
              requestRedirect: {
                scheme: "https",
                hostname: "adb-7405610928374650.10.azuredatabricks.net",
                statusCode: 302,
              },
            },
          ],
        },
      ],
    });
    const known = (await settled(pulumi.output(outputs))) as ToolOutputs;
    expect(known).toEqual({
      url: "https://adb-7405610928374650.10.azuredatabricks.net",
      tenantId: expect.any(String),
      namespace: "databricks",
      details: {
        workspaceId: WORKSPACE_ID,
        shortUrl: "https://databricks.data.contoso.com",
        groupRoles: JSON.stringify({
          "BI administrators": ["admin"],
          Operators: ["engineer", "analyst"],
          Analysts: ["analyst"],
          Sales: ["viewer"],
        }),
        services: JSON.stringify({
          scorer: "application-of-databricks-service-scorer",
          loader: IDENTITY,
        }),
      },
    });
  });

  it("without an account admin makes what it can, and lists the rest", async () => {
    const { run, outputs } = await create({ accountAdmin: false, tokens: { maxDays: 7 } });
    const own = Object.entries(run.counts()).filter(([type]) => type.startsWith("databricks:"));
    expect(Object.fromEntries(own)).toEqual({
      "databricks:index/entitlements:Entitlements": 1,
      "databricks:index/ipAccessList:IpAccessList": 1,
      "databricks:index/workspaceConf:WorkspaceConf": 1,
    });
    expect(Object.keys(inputsOf(run, "pulumi:providers:databricks"))).toEqual(["databricks-workspace"]);
    expect(run.calls.map(({ token }) => token)).toEqual(["databricks:index/getGroup:getGroup"]);
    const { details } = (await settled(pulumi.output(outputs))) as ToolOutputs;
    const steps = String(details?.accountAdminSteps).split("\n");
    expect(steps[0]).toBe(
      `1. Assign the group "BI administrators" (group-1) to workspace ${WORKSPACE_ID} with the permission ADMIN.`,
    );
    expect(steps).toContain(
      `3. Assign the group "Analysts" (group-3) to workspace ${WORKSPACE_ID} with the permission USER and the entitlements databricks-sql-access.`,
    );
    expect(steps).toContain(`7. Grant EXECUTE on the model main.ml.churn to the group "Analysts" (group-3).`);
    expect(steps.join("\n")).toContain("subject system:serviceaccount:scoring:scorer");
    expect(steps.join("\n")).toContain(`with the application id ${IDENTITY}`);
    expect(steps.at(-1)).toMatch(/bi-admins use personal access tokens\.$/);
    expect(steps).toHaveLength(18);
  });

  it.each([true, false])("protects the workspace as the environment says: %s", async (protect) => {
    let guarded: unknown;
    await runProgram(() => {
      const settings = databricksSettingsOf();
      const { resource } = new DatabricksWorkspace("databricks", {
        settings,
        environment: testEnvironment({ protect }),
      });
      guarded = Reflect.get(resource, "__protect");
    });
    expect(guarded).toBe(protect);
  });
});

describe("a team's rights", () => {
  it("are those of all its roles, an admin's come with the workspace's own group", () => {
    const roles = databricksContract.roles(databricksSettingsOf({ clusterCreation: true }));
    expect(teamRights(roles, { admin: ["a"], engineer: ["a", "b"], analyst: ["b"] })).toEqual([
      { team: "a", roles: ["admin", "engineer"], permission: "ADMIN", entitlements: [] },
      {
        team: "b",
        roles: ["engineer", "analyst"],
        permission: "USER",
        entitlements: ["allow-cluster-create", "databricks-sql-access", "workspace-access"],
      },
    ]);
    expect(() => entitlementArgs(["fly"])).toThrow('no entitlement "fly"');
  });
});
