import { AppRoleAssignment } from "@pulumi/azuread/appRoleAssignment.js";
import { getServicePrincipalOutput } from "@pulumi/azuread/getServicePrincipal.js";
import * as pulumi from "@pulumi/pulumi";
import { roleId } from "../../../model/ids.ts";
import { WorkloadIdentity } from "../../azure/workload-identity.ts";
import type { ToolEnvironment } from "../environment.ts";
import { type Trigger, triggerRole } from "./contract.ts";

export interface TriggerAccessArgs {
  /** The tool's id, from which ids of app roles follow. @example "airflow" */
  readonly tool: string;
  readonly triggers: Readonly<Record<string, Trigger>>;
  /** Object id of Airflow's enterprise application. */
  readonly servicePrincipalId: pulumi.Input<string>;
  readonly environment: ToolEnvironment;
}

/** The programs that may trigger DAGs: for each its identity, unless it has one, and its app role at Airflow. */
export class TriggerAccess extends pulumi.ComponentResource {
  /** Trigger → client id. Not secret. */
  readonly clientIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: TriggerAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:airflow:TriggerAccess", name, {}, opts);
    const clients = Object.entries(args.triggers).map(([trigger, entry]) => {
      const { clientId, principalId } = this.#principal(`${name}-${trigger}`, trigger, entry, args);
      new AppRoleAssignment(
        `${name}-${trigger}`,
        {
          appRoleId: roleId(args.tool, triggerRole(entry.role)),
          principalObjectId: principalId,
          resourceObjectId: args.servicePrincipalId,
        },
        { parent: this },
      );
      return [trigger, clientId] as const;
    });
    this.clientIds = Object.fromEntries(clients);
    this.registerOutputs({ clientIds: this.clientIds });
  }

  #principal(name: string, key: string, trigger: Trigger, { tool, environment }: TriggerAccessArgs) {
    if ("application" in trigger) {
      const { objectId } = getServicePrincipalOutput({ clientId: trigger.application }, { parent: this });
      return { clientId: pulumi.output(trigger.application), principalId: objectId };
    }
    return new WorkloadIdentity(
      `${name}-identity`,
      {
        identityName: `id-${tool}-trigger-${key}-${environment.environment}`,
        resourceGroupName: environment.vault.resourceGroupName,
        location: environment.location,
        issuer: environment.oidcIssuer,
        serviceAccounts: [trigger.serviceAccount],
      },
      { parent: this },
    );
  }
}
