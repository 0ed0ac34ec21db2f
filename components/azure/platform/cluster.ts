import { AgentPool } from "@pulumi/azure-native/containerservice/agentPool.js";
import { listManagedClusterUserCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterUserCredentials.js";
import { MaintenanceConfiguration } from "@pulumi/azure-native/containerservice/maintenanceConfiguration.js";
import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import * as pulumi from "@pulumi/pulumi";
import { clusterProperties, maintenanceWindow, type NewCluster, poolProperties } from "./cluster-properties.ts";
import type { Place } from "./place.ts";
import { grantRole, ROLES } from "./role.ts";

/** Names that Azure gives the two windows. */
const WINDOWS = ["aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"];

export interface PlatformClusterArgs {
  readonly place: Place;
  /** Name in Azure. @example "aks-prod" */
  readonly clusterName: string;
  readonly tenantId: string;
  readonly cluster: NewCluster;
  /** Subnet of the nodes, with its way out. */
  readonly nodesSubnetId: pulumi.Input<string>;
  /** Address from which the nodes reach the API server; absent: the settings' addresses hold it. */
  readonly egressAddress: pulumi.Output<string> | undefined;
  /** Whether pods are held to hosts by name. */
  readonly egressByNames: boolean;
  /** Team key → object id of the group that may do everything in the cluster. */
  readonly administrators: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * A cluster of Azure Kubernetes Service: identities of Entra alone, an issuer for the tools' tokens, secrets from the vault as
 * files, network policies by Cilium, and two pools in three zones that grow by themselves.
 */
export class PlatformCluster extends pulumi.ComponentResource {
  readonly clusterId: pulumi.Output<string>;
  /** Issuer of its service-account tokens, character by character as Entra compares it. */
  readonly oidcIssuer: pulumi.Output<string>;
  /** How to reach it: names its address and has people and programs sign in with Entra (kubelogin). No credential stands in it. */
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: PlatformClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:platform:Cluster", name, {}, opts);
    const { place, clusterName, tenantId, cluster, nodesSubnetId, egressAddress, egressByNames } = args;
    const { environment, resourceGroupName, location, subscriptionId, protect } = place;
    const child = { parent: this };
    const identity = new UserAssignedIdentity(
      `${name}-identity`,
      { resourceName: `id-${clusterName}`, resourceGroupName, location },
      child,
    );
    const joins = grantRole(
      `${name}-nodes`,
      {
        subscriptionId,
        scope: nodesSubnetId,
        scopeName: environment,
        role: ROLES.networkContributor,
        principalId: identity.principalId,
        principalType: "ServicePrincipal",
      },
      child,
    );
    const made = new ManagedCluster(
      name,
      {
        resourceName: clusterName,
        resourceGroupName,
        location,
        dnsPrefix: clusterName,
        identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
        ...clusterProperties(cluster, { tenantId, location, nodesSubnetId, egressAddress, egressByNames }),
      },
      // The autoscaler counts the nodes.
      { ...child, protect, dependsOn: [joins], ignoreChanges: ["agentPoolProfiles[*].count"] },
    );
    const common = { resourceName: made.name, resourceGroupName };
    const pool = new AgentPool(
      `${name}-user`,
      { ...common, agentPoolName: "user", mode: "User", ...poolProperties(cluster.user, cluster.zones, nodesSubnetId) },
      { ...child, ignoreChanges: ["count"] },
    );
    let before: pulumi.Resource = pool;
    for (const configName of WINDOWS) {
      before = new MaintenanceConfiguration(
        `${name}-${configName}`,
        { ...common, configName, maintenanceWindow: maintenanceWindow(cluster.upgrades) },
        // One write at a time: AKS refuses what meets another operation on the cluster.
        { ...child, dependsOn: [before] },
      );
    }
    this.grantAdministrators(name, args, made.id);
    this.clusterId = made.id;
    this.oidcIssuer = made.oidcIssuerProfile.apply((profile) => issuerOf(clusterName, profile?.issuerURL));
    this.kubeconfig = this.readKubeconfig(made, resourceGroupName);
    this.registerOutputs({ clusterId: this.clusterId, oidcIssuer: this.oidcIssuer });
  }

  private grantAdministrators(name: string, args: PlatformClusterArgs, scope: pulumi.Output<string>): void {
    const { environment, subscriptionId } = args.place;
    for (const [team, principalId] of Object.entries(args.administrators)) {
      for (const [key, role] of [
        ["user", ROLES.clusterUser],
        ["admin", ROLES.clusterAdmin],
      ] as const) {
        grantRole(
          `${name}-${team}-${key}`,
          { subscriptionId, scope, scopeName: environment, role, principalId, principalType: "Group" },
          { parent: this },
        );
      }
    }
  }

  private readKubeconfig(cluster: ManagedCluster, resourceGroupName: pulumi.Input<string>): pulumi.Output<string> {
    // Asked for once the cluster is there: its name is an output of it.
    const answer = listManagedClusterUserCredentialsOutput(
      { resourceGroupName, resourceName: cluster.name, format: "exec" },
      { parent: this },
    );
    return pulumi.secret(
      answer.kubeconfigs.apply(([first]) => Buffer.from(first?.value ?? "", "base64").toString("utf8")),
    );
  }
}

/** The issuer, as soon as Azure says it. A preview may see what the program wrote instead, which has none: then it is not known yet. */
function issuerOf(clusterName: string, issuer: string | undefined): pulumi.Output<string> {
  if (issuer !== undefined) return pulumi.output(issuer);
  if (pulumi.runtime.isDryRun()) return pulumi.output(pulumi.unknown as unknown as string);
  throw new pulumi.RunError(`Azure names no issuer for the cluster ${clusterName}.`);
}
