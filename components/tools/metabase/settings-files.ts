import { readFileSync } from "node:fs";
import { directoryFiles, directoryRoles } from "../../reconciler/directory-reader.ts";
import type { ToolEnvironment } from "../environment.ts";
import { groupOf, type MetabaseSettings, metabaseContract, PROVIDER_KEY, queryRights } from "./contract.ts";

/** Files that Metabase's own pods read at their start. */
const SERVER_FILES = ["config.yml", "log4j2.xml", "start.sh"] as const;
/** What the jobs run, beside the files that every reconciler shares. */
const JOB_FILES = ["bootstrap.py", "metabase_api.py", "metabase_rights.py", "reconcile.py"] as const;

/** Name → content of the configuration's files, deployed as they are. */
export function configFiles(): { readonly server: Record<string, string>; readonly jobs: Record<string, string> } {
  return { server: read(SERVER_FILES), jobs: { ...read(JOB_FILES), ...directoryFiles() } };
}

function read(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(new URL(`./config/${name}`, import.meta.url), "utf8")]),
  );
}

/** Address of the break-glass account. */
export function administratorOf(
  { administrator }: Pick<MetabaseSettings, "administrator">,
  { userDomain }: Pick<ToolEnvironment, "userDomain">,
): string {
  return administrator ?? `metabase-break-glass@${userDomain}`;
}

/** What the jobs read. */
export function jobSettings(
  tool: string,
  settings: MetabaseSettings,
  environment: Pick<ToolEnvironment, "userDomain">,
): Record<string, string> {
  const roles = metabaseContract.roles(settings);
  const ids = directoryRoles(tool, roles);
  const rights = queryRights(settings);
  return {
    "settings.json": json({
      edition: settings.edition,
      version: settings.version,
      siteName: "Metabase",
      administrator: administratorOf(settings, environment),
      removalLimit: settings.reconcile.removalLimit,
      roles: Object.fromEntries(
        roles.map(({ value, admin }) => [
          value,
          { id: ids[value], admin, group: admin ? null : groupOf(value), queries: rights[value] ?? {} },
        ]),
      ),
    }),
  };
}

/**
 * The sign-in provider, with places for what is known at a pod's start only: client id, client secret and group ids. The
 * issuer is the tenant's by its GUID, as Metabase compares it with the token's `iss` character by character.
 */
export function oidcTemplate(tenantId: string): Record<string, string> {
  const provider = {
    key: PROVIDER_KEY,
    "login-prompt": "Sign in with Microsoft",
    "issuer-uri": `https://login.microsoftonline.com/${tenantId}/v2.0`,
    "client-id": "@CLIENT_ID@",
    "client-secret": "@CLIENT_SECRET@",
    scopes: ["openid", "email", "profile"],
    enabled: true,
    "attribute-map": {
      // Accounts are matched by this. Its domain is one that Entra has verified for the person's tenant; `email` is not.
      email: "preferred_username",
      first_name: "given_name",
      last_name: "family_name",
    },
    "group-sync": { enabled: true, "group-attribute": "roles", "group-mappings": "@GROUP_MAPPINGS@" },
  };
  return { "oidc-providers.json": json([provider]) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
