import { readFileSync } from "node:fs";
import { AppRoleAssignment } from "@pulumi/azuread/appRoleAssignment.js";
import { getServicePrincipalOutput } from "@pulumi/azuread/getServicePrincipal.js";
import * as pulumi from "@pulumi/pulumi";
import { roleId } from "../../model/ids.ts";
import type { ToolRole } from "../../model/tool-contract.ts";
import { MICROSOFT_GRAPH } from "../entra/graph.ts";

/**
 * The application permissions at Microsoft Graph that `entrada_directory.py` needs, all of them read-only, and their ids
 * (https://learn.microsoft.com/graph/permissions-reference). There is no narrower one: a managed identity cannot be
 * limited to some groups or applications.
 */
export const DIRECTORY_PERMISSIONS: Readonly<Record<string, string>> = {
  "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
  "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
  "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
};

/** The Python files, for a ConfigMap. */
const FILES = ["entrada_directory.py", "entrada_guard.py"];

export interface DirectoryReaderArgs {
  /** Object id of the managed identity that reads. Give it to one job alone: it reads the whole directory. */
  readonly principalId: pulumi.Input<string>;
}

/**
 * Lets a managed identity read who is assigned to applications, who is in groups and whose account is enabled.
 *
 * @example new DirectoryReader("metabase-reconciler-directory", { principalId: identity.principalId })
 */
export class DirectoryReader extends pulumi.ComponentResource {
  readonly grants: readonly AppRoleAssignment[];

  constructor(name: string, args: DirectoryReaderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:reconciler:DirectoryReader", name, {}, opts);
    const child = { parent: this };
    const graph = getServicePrincipalOutput({ clientId: MICROSOFT_GRAPH }, child);
    this.grants = Object.entries(DIRECTORY_PERMISSIONS).map(
      ([permission, appRoleId]) =>
        new AppRoleAssignment(
          `${name}-${permission}`,
          { appRoleId, principalObjectId: args.principalId, resourceObjectId: graph.objectId },
          child,
        ),
    );
    this.registerOutputs({});
  }
}

/** Name → content of the files that a reconciler's own script imports. */
export function directoryFiles(): Record<string, string> {
  return Object.fromEntries(
    FILES.map((name) => [name, readFileSync(new URL(`./python/${name}`, import.meta.url), "utf8")]),
  );
}

/** App role value → id, which the script tells assignments by. */
export function directoryRoles(tool: string, roles: readonly ToolRole[]): Record<string, string> {
  return Object.fromEntries(roles.map(({ value }) => [value, roleId(tool, value)]));
}
