import * as pulumi from "@pulumi/pulumi";
import { serviceAccountSubject } from "../../azure/workload-identity.ts";
import type { ToolEnvironment } from "../environment.ts";
import { securableRights } from "./grants.ts";
import type { DatabricksGrants, DatabricksSettings } from "./settings.ts";
import type { TeamRights } from "./team-rights.ts";

export interface StepsArgs {
  readonly settings: DatabricksSettings;
  readonly environment: Pick<ToolEnvironment, "environment" | "oidcIssuer" | "groupIds" | "groupNames">;
  readonly teams: readonly TeamRights[];
  readonly workspaceId: pulumi.Input<string>;
}

/** What an account admin of Databricks has to do by hand where who deploys is none: numbered lines, in order. */
export function accountAdminSteps(args: StepsArgs): pulumi.Output<string> {
  return pulumi
    .all([...people(args), ...programs(args), ...closing(args)])
    .apply((lines) => lines.map((line, index) => `${index + 1}. ${line}`).join("\n"));
}

function people({ teams, settings, environment, workspaceId }: StepsArgs): pulumi.Output<string>[] {
  return teams.flatMap(({ team, permission, entitlements }) => {
    const named = pulumi.interpolate`the group "${environment.groupNames[team] ?? team}" (${environment.groupIds[team] ?? "?"})`;
    const given = entitlements.length === 0 ? "" : ` and the entitlements ${entitlements.join(", ")}`;
    return [
      pulumi.interpolate`Assign ${named} to workspace ${workspaceId} with the permission ${permission}${given}.`,
      ...granted(settings.grants[team], named),
    ];
  });
}

function programs({ settings, environment, workspaceId }: StepsArgs): pulumi.Output<string>[] {
  return Object.entries(settings.services).flatMap(([key, { federation, managedIdentity, entitlements, grants }]) => {
    const title = `the service principal "entrada-${environment.environment}-${key}"`;
    const identity = managedIdentity === undefined ? "" : ` with the application id ${managedIdentity}`;
    const policy =
      federation === undefined
        ? []
        : [
            pulumi.interpolate`Give ${title} the federation policy "${key}": issuer ${environment.oidcIssuer}, audience ${settings.accountId}, subject ${serviceAccountSubject({ namespace: federation.namespace, name: federation.serviceAccount })}.`,
          ];
    const given = entitlements.length === 0 ? "" : ` and the entitlements ${entitlements.join(", ")}`;
    return [
      pulumi.output(`Add ${title}${identity} to the account.`),
      ...policy,
      pulumi.interpolate`Assign ${title} to workspace ${workspaceId} with the permission USER${given}.`,
      ...granted(grants, pulumi.output(title)),
    ];
  });
}

function granted(grants: DatabricksGrants | undefined, principal: pulumi.Output<string>): pulumi.Output<string>[] {
  if (grants === undefined) return [];
  return securableRights(grants).map(
    ({ kind, securable, privileges }) =>
      pulumi.interpolate`Grant ${privileges.join(", ")} on the ${kind} ${securable} to ${principal}.`,
  );
}

function closing({ settings, teams }: StepsArgs): pulumi.Output<string>[] {
  const admins = teams.filter(({ permission }) => permission === "ADMIN").map(({ team }) => team);
  return [
    pulumi.output("Restrict workspace admins (setting RESTRICT_TOKENS_AND_JOB_RUN_AS)."),
    ...(settings.tokens === "off" || admins.length === 0
      ? []
      : [pulumi.output(`Let only ${admins.join(", ")} use personal access tokens.`)]),
  ];
}
