import * as pulumi from "@pulumi/pulumi";
import { toolUrl } from "../../../model/callbacks.ts";
import type { DeployTool, ToolArgs } from "../tool.ts";
import { accountAdminSteps } from "./account-admin-steps.ts";
import { createClients } from "./clients.ts";
import { createHardening } from "./hardening.ts";
import { createPeople, type People } from "./people.ts";
import { createServices } from "./services.ts";
import type { DatabricksSettings } from "./settings.ts";
import { ShortAddress } from "./short-address.ts";
import { teamRights } from "./team-rights.ts";
import { DatabricksWorkspace } from "./workspace.ts";

/**
 * Azure Databricks with Entra sign-in, which is built into it: a closed workspace, teams by automatic identity management,
 * rights on data, and programs without secrets.
 *
 * @example new Databricks("databricks", { contract, settings, environment, owners: [], partners: [] })
 */
export class Databricks extends pulumi.ComponentResource {
  /** Where people work: the workspace's own address. */
  readonly url: pulumi.Output<string>;
  readonly workspaceId: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  /** JSON: display name of a group → the roles that it gives, for who checks a sign-in. */
  readonly groupRoles: pulumi.Output<string>;
  /** JSON: name of a program → application id of its service principal. */
  readonly services: pulumi.Output<string>;
  /** What is left to do for an account admin; undefined where nothing is. */
  readonly accountAdminSteps: pulumi.Output<string> | undefined;

  constructor(name: string, args: ToolArgs<DatabricksSettings>, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:databricks:Databricks", name, {}, opts);
    const { contract, settings, environment } = args;
    const { accountId, accountAdmin, host, namespace } = settings;
    const child = { parent: this };
    const teams = teamRights(contract.roles(settings), settings.access);

    const workspace = new DatabricksWorkspace(name, { settings, environment }, child);
    const { tenantId } = environment;
    const clients = createClients(name, { accountId, accountAdmin, tenantId, workspace }, child);
    let people: People | undefined;
    let services: Record<string, pulumi.Output<string>> = {};
    if (clients.account !== undefined) {
      const both = { account: clients.account, workspace: clients.workspace };
      const { groupIds } = environment;
      const { grants } = settings;
      people = createPeople(name, { accountId, teams, grants, groupIds, workspace, clients: both }, this);
      services = createServices(`${name}-service`, { settings, environment, workspace, clients: both }, this);
    }
    createHardening(name, { settings, workspace, clients, teams, people }, this);
    const address = new ShortAddress(
      `${name}-address`,
      { namespace, gateway: environment.gateway, host, target: workspace.host },
      child,
    );

    this.url = pulumi.interpolate`https://${workspace.host}`;
    this.workspaceId = workspace.workspaceId;
    this.namespace = address.namespace;
    const names = teams.map(({ team }) => environment.groupNames[team] ?? team);
    this.groupRoles = pulumi
      .all(names)
      .apply((known) => JSON.stringify(Object.fromEntries(known.map((group, index) => [group, teams[index]?.roles]))));
    this.services = pulumi.all(services).apply((known) => JSON.stringify(known));
    this.accountAdminSteps = accountAdmin
      ? undefined
      : accountAdminSteps({ settings, environment, teams, workspaceId: workspace.workspaceId });
    this.registerOutputs({ url: this.url, workspaceId: this.workspaceId });
  }
}

/** The tool as the registry takes it. */
export const deploy: DeployTool<DatabricksSettings> = (name, args, opts) => {
  const tool = new Databricks(name, args, opts);
  return {
    url: tool.url,
    tenantId: args.environment.tenantId,
    namespace: tool.namespace,
    details: {
      workspaceId: tool.workspaceId,
      shortUrl: toolUrl(args.settings),
      groupRoles: tool.groupRoles,
      services: tool.services,
      ...(tool.accountAdminSteps === undefined ? {} : { accountAdminSteps: tool.accountAdminSteps }),
    },
  };
};
