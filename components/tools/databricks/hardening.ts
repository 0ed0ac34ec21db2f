import { Entitlements } from "@pulumi/databricks/entitlements.js";
import { getGroupOutput } from "@pulumi/databricks/getGroup.js";
import { IpAccessList } from "@pulumi/databricks/ipAccessList.js";
import { Permissions } from "@pulumi/databricks/permissions.js";
import { RestrictWorkspaceAdminsSetting } from "@pulumi/databricks/restrictWorkspaceAdminsSetting.js";
import { WorkspaceConf } from "@pulumi/databricks/workspaceConf.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Clients } from "./clients.ts";
import type { People } from "./people.ts";
import type { DatabricksSettings } from "./settings.ts";
import type { TeamRights } from "./team-rights.ts";
import type { DatabricksWorkspace } from "./workspace.ts";

export interface HardeningArgs {
  readonly settings: Pick<DatabricksSettings, "allowedIps" | "deployerIps" | "tokens">;
  readonly workspace: DatabricksWorkspace;
  readonly clients: Clients;
  readonly teams: readonly TeamRights[];
  /** Absent where who deploys is no account admin. */
  readonly people: People | undefined;
}

/** Closes what a new workspace leaves open. */
export function createHardening(name: string, args: HardeningArgs, parent: pulumi.Resource): void {
  const { settings, workspace, clients, people } = args;
  const inWorkspace = { parent, provider: clients.workspace, deletedWith: workspace.resource };
  const list = createAddressList(name, args, inWorkspace);
  const conf = new WorkspaceConf(
    `${name}-conf`,
    { customConfig: workspaceConfig(settings) },
    // The switch comes after the list: the other way round, an empty list would be in force, and then one without us.
    { ...inWorkspace, dependsOn: list === undefined ? [] : [list] },
  );
  // Everybody in a workspace is in its group `users`, which holds workspace and SQL access from the start: as long as it
  // does, a viewer has both. Teams get their entitlements themselves.
  const users = getGroupOutput(
    // Asked for only once the workspace is there; before, the provider has nobody to ask.
    { displayName: workspace.workspaceId.apply(() => "users") },
    { provider: clients.workspace, parent },
  );
  new Entitlements(`${name}-users`, { groupId: users.id }, inWorkspace);
  if (people === undefined) return;
  new RestrictWorkspaceAdminsSetting(
    `${name}-admins`,
    { restrictWorkspaceAdmins: { status: "RESTRICT_TOKENS_AND_JOB_RUN_AS" } },
    inWorkspace,
  );
  if (settings.tokens !== "off") createTokenPermissions(name, args, people, conf, inWorkspace);
}

/** The values are texts, as Databricks keeps them. Exported for tests. */
export function workspaceConfig({
  allowedIps,
  tokens,
}: Pick<DatabricksSettings, "allowedIps" | "tokens">): Record<string, string> {
  return {
    enableIpAccessLists: String(allowedIps.length > 0),
    enableTokensConfig: String(tokens !== "off"),
    ...(tokens === "off" ? {} : { maxTokenLifetimeDays: String(tokens.maxDays) }),
  };
}

/**
 * Who may open the workspace: who deploys, the clusters themselves (without public addresses they come from the network's
 * own address, and could not start otherwise), then people.
 */
function createAddressList(
  name: string,
  { settings, workspace }: HardeningArgs,
  opts: pulumi.CustomResourceOptions,
): IpAccessList | undefined {
  if (settings.allowedIps.length === 0) return undefined;
  return new IpAccessList(
    `${name}-addresses`,
    {
      label: "entrada",
      listType: "ALLOW",
      ipAddresses: [...settings.deployerIps, workspace.egressAddress, ...settings.allowedIps],
    },
    opts,
  );
}

/** Tokens are for admins. Taking a group out deletes its live tokens at once. */
function createTokenPermissions(
  name: string,
  { teams }: HardeningArgs,
  { groupNames, assignments }: People,
  conf: pulumi.Resource,
  opts: pulumi.CustomResourceOptions,
): void {
  const admins = teams.filter(({ permission }) => permission === "ADMIN").flatMap(({ team }) => groupNames[team] ?? []);
  if (admins.length === 0) return;
  new Permissions(
    `${name}-tokens`,
    {
      authorization: "tokens",
      accessControls: admins.map((groupName) => ({ groupName, permissionLevel: "CAN_USE" })),
    },
    { ...opts, dependsOn: [conf, ...assignments] },
  );
}
