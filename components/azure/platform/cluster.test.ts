import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { runProgram, settled } from "../../testing/mocks.ts";
import { PlatformCluster, type PlatformClusterArgs } from "./cluster.ts";
import { clusterProperties, maintenanceWindow, type NewCluster } from "./cluster-properties.ts";

const TENANT = "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10";
const cluster: NewCluster = {
  kubernetesVersion: "1.36",
  tier: "Standard",
  private: false,
  authorizedIps: ["203.0.113.10/32"],
  zones: [1, 2, 3],
  system: { size: "Standard_D4ds_v5", min: 2, max: 3 },
  user: { size: "Standard_D8ds_v5", min: 2, max: 6 },
  podRange: "10.244.0.0/16",
  serviceRange: "10.0.0.0/16",
  upgrades: { channel: "patch", nodeImages: "NodeImage", day: "Sunday", startHour: 1, hours: 4 },
};
const args: PlatformClusterArgs = {
  place: {
    environment: "prod",
    resourceGroupName: "rg-platform-prod",
    location: "westeurope",
    subscriptionId: "41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17",
    protect: true,
  },
  clusterName: "aks-prod",
  tenantId: TENANT,
  cluster,
  nodesSubnetId: "/network/subnets/nodes",
  egressAddress: undefined,
  egressByNames: true,
  administrators: { "bi-admins": "group-1" },
};
const around = {
  tenantId: TENANT,
  location: "westeurope",
  nodesSubnetId: "/subnet",
  egressAddress: undefined,
  egressByNames: true,
};

describe("PlatformCluster", () => {
  it("makes a cluster with an identity of its own, two pools and two windows, and gives administrators their roles", async () => {
    let issuer: string | undefined;
    let kubeconfig: string | undefined;
    let secret: boolean | undefined;
    const run = await runProgram(async () => {
      const made = new PlatformCluster("aks", { ...args, egressAddress: pulumi.output("192.0.2.44") });
      issuer = await settled(made.oidcIssuer);
      kubeconfig = await settled(pulumi.unsecret(made.kubeconfig));
      secret = await pulumi.isSecret(made.kubeconfig);
    });
    expect(run.counts()).toEqual({
      "azure-native:authorization:RoleAssignment": 3,
      "azure-native:containerservice:AgentPool": 1,
      "azure-native:containerservice:MaintenanceConfiguration": 2,
      "azure-native:containerservice:ManagedCluster": 1,
      "azure-native:managedidentity:UserAssignedIdentity": 1,
    });
    expect([issuer, kubeconfig, secret]).toEqual([
      "https://issuer-of-aks.contoso.com/",
      "kubeconfig of aks-prod",
      true,
    ]);
    expect(run.find("azure-native:containerservice:ManagedCluster", "aks").inputs).toMatchObject({
      resourceName: "aks-prod",
      dnsPrefix: "aks-prod",
      identity: { type: "UserAssigned", userAssignedIdentities: ["/id/aks-identity"] },
      apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.10/32", "192.0.2.44/32"] },
    });
    expect(run.find("azure-native:containerservice:AgentPool", "aks-user").inputs).toMatchObject({
      resourceName: "aks-prod",
      agentPoolName: "user",
      mode: "User",
      vmSize: "Standard_D8ds_v5",
      minCount: 2,
      maxCount: 6,
      availabilityZones: ["1", "2", "3"],
    });
    expect(run.find("azure-native:authorization:RoleAssignment", "aks-nodes").inputs).toMatchObject({
      scope: "/network/subnets/nodes",
      principalId: "principal-of-aks-identity",
    });
  });

  it("previews the same resources while ids are unknown", async () => {
    const run = await runProgram(
      () => {
        new PlatformCluster("aks", args);
      },
      { preview: true },
    );
    expect(run.counts()["azure-native:containerservice:ManagedCluster"]).toBe(1);
    expect(run.counts()["azure-native:containerservice:MaintenanceConfiguration"]).toBe(2);
  });
});

describe("a cluster's properties", () => {
  it("let in identities of Entra alone, give tokens to pods, and mount secrets from the vault", () => {
    expect(clusterProperties(cluster, around)).toMatchObject({
      disableLocalAccounts: true,
      aadProfile: { managed: true, enableAzureRBAC: true, tenantID: TENANT },
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true } },
      addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } } },
      autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
      agentPoolProfiles: [
        {
          name: "system",
          mode: "System",
          nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
          minCount: 2,
          maxCount: 3,
        },
      ],
    });
  });

  it("have Cilium with names where egress goes by names", () => {
    const { networkProfile } = clusterProperties(cluster, around);
    expect(networkProfile).toMatchObject({
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      outboundType: "userAssignedNATGateway",
      dnsServiceIP: "10.0.0.10",
      advancedNetworking: { security: { advancedNetworkPolicies: "FQDN" } },
    });
    expect(clusterProperties(cluster, { ...around, egressByNames: false }).networkProfile).not.toHaveProperty(
      "advancedNetworking",
    );
  });

  it("have a private API server without addresses", () => {
    const { apiServerAccessProfile } = clusterProperties({ ...cluster, private: true, authorizedIps: [] }, around);
    expect(apiServerAccessProfile).toEqual({
      enablePrivateCluster: true,
      privateDNSZone: "system",
      enablePrivateClusterPublicFQDN: false,
      disableRunCommand: true,
    });
  });

  it("upgrade in one window of the week", () => {
    expect(maintenanceWindow(cluster.upgrades)).toEqual({
      schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } },
      durationHours: 4,
      startTime: "01:00",
      utcOffset: "+00:00",
    });
  });
});
