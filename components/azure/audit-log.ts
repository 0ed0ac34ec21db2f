import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import * as pulumi from "@pulumi/pulumi";

export interface AuditLogArgs {
  /** Name of the Log Analytics workspace. @example "log-databricks-prod" */
  readonly workspaceName: string;
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. */
  readonly location: string;
  /** Days for which logs are kept, 30 to 730. */
  readonly retentionDays: number;
  /** Azure resource whose logs are kept. */
  readonly resourceId: pulumi.Input<string>;
  /** Log categories of the resource, in its own words. */
  readonly categories: readonly string[];
  /** Whether Pulumi refuses to delete the logs. @default false */
  readonly protect?: boolean;
}

/** What happened at an Azure resource, kept in a Log Analytics workspace that no shared key opens. */
export class AuditLog extends pulumi.ComponentResource {
  readonly logsId: pulumi.Output<string>;

  constructor(name: string, args: AuditLogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:azure:AuditLog", name, {}, opts);
    const { workspaceName, resourceGroupName, location, retentionDays } = args;
    const logs = new Workspace(
      name,
      {
        workspaceName,
        resourceGroupName,
        location,
        sku: { name: "PerGB2018" },
        retentionInDays: retentionDays,
        features: { disableLocalAuth: true },
      },
      { parent: this, protect: args.protect ?? false },
    );
    new DiagnosticSetting(
      `${name}-setting`,
      {
        name: "entrada",
        resourceUri: args.resourceId,
        workspaceId: logs.id,
        logAnalyticsDestinationType: "Dedicated",
        logs: args.categories.map((category) => ({ category, enabled: true })),
      },
      { parent: this },
    );
    this.logsId = logs.id;
    this.registerOutputs({ logsId: this.logsId });
  }
}
