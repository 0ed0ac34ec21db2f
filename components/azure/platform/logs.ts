import { DiagnosticSetting as EntraDiagnosticSetting } from "@pulumi/azure-native/aadiam/diagnosticSetting.js";
import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import * as pulumi from "@pulumi/pulumi";
import type { Existing, Place } from "./place.ts";

/**
 * What each kind of resource writes, as far as somebody reads it
 * (https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs). Of the API server's audit log the cheap half: all but
 * reads. Logs about attacks on addresses and machines need Azure's paid DDoS plan, and are left out.
 */
export const LOG_CATEGORIES = {
  cluster: ["kube-audit-admin", "guard", "kube-apiserver", "cluster-autoscaler", "cloud-controller-manager"],
  vault: ["AuditEvent"],
  postgres: ["PostgreSQLLogs", "PostgreSQLFlexSessions"],
  redis: ["ConnectionEvents"],
  rules: ["NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter"],
  logs: ["Audit"],
} as const;

/** What Entra itself writes. Sign-ins need Entra ID P1; what risk detection finds needs P2, and stays out. */
const ENTRA_CATEGORIES = [
  "AuditLogs",
  "SignInLogs",
  "NonInteractiveUserSignInLogs",
  "ServicePrincipalSignInLogs",
  "ManagedIdentitySignInLogs",
];

export interface PlatformLogsArgs {
  readonly place: Place;
  readonly logs: ({ readonly retentionDays: number } | Existing) & {
    /** Whether Entra's logs go there too. They are the tenant's: one stack of a tenant keeps them. */
    readonly entra: boolean;
  };
}

/** The Log Analytics workspace, which no shared key opens, and what is written there. */
export class PlatformLogs extends pulumi.ComponentResource {
  readonly workspaceId: pulumi.Output<string>;
  /** Name of the settings: a resource that environments share has one of each. */
  private readonly setting: string;

  constructor(name: string, args: PlatformLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:platform:Logs", name, {}, opts);
    const { logs, place } = args;
    this.setting = `entrada-${place.environment}`;
    if ("existing" in logs) this.workspaceId = pulumi.output(logs.existing);
    else {
      const { environment, resourceGroupName, location, protect } = place;
      const workspace = new Workspace(
        name,
        {
          workspaceName: `log-platform-${environment}`,
          resourceGroupName,
          location,
          sku: { name: "PerGB2018" },
          retentionInDays: logs.retentionDays,
          features: { disableLocalAuth: true },
        },
        { parent: this, protect },
      );
      this.workspaceId = workspace.id;
      this.keep("queries", "logs", workspace.id);
    }
    if (logs.entra) {
      new EntraDiagnosticSetting(
        `${name}-entra`,
        {
          name: this.setting,
          workspaceId: this.workspaceId,
          logs: ENTRA_CATEGORIES.map((category) => ({ category, enabled: true })),
        },
        { parent: this },
      );
    }
    this.registerOutputs({ workspaceId: this.workspaceId });
  }

  /**
   * Keeps what a resource writes.
   * @param key names the setting, unique in the stack @param kind what the resource is @param resourceId its Azure resource id
   */
  keep(key: string, kind: keyof typeof LOG_CATEGORIES, resourceId: pulumi.Input<string>): DiagnosticSetting {
    return new DiagnosticSetting(
      `logs-of-${key}`,
      {
        name: this.setting,
        resourceUri: resourceId,
        workspaceId: this.workspaceId,
        logAnalyticsDestinationType: "Dedicated",
        logs: LOG_CATEGORIES[kind].map((category) => ({ category, enabled: true })),
      },
      { parent: this },
    );
  }
}
