import { parseImage } from "../../../model/settings/index.ts";
import type { Callback, ContractProblem, ToolContract, ToolRole } from "../../../model/tool-contract.ts";
import { PROXY_CALLBACK } from "../../proxy/callback.ts";
import { type MetabaseSettings, settings, VERSIONS } from "./settings.ts";

export type { MetabaseSettings } from "./settings.ts";

/**
 * Key of the sign-in provider in Metabase. It is part of the redirect URI and of every linked account, so it never changes.
 * https://www.metabase.com/docs/latest/people-and-groups/authenticating-with-oidc
 */
export const PROVIDER_KEY = "entra";

/** First part of the names of the groups that Entrada keeps in Metabase. */
const GROUP_PREFIX = "entrada-";

const OIDC_CALLBACK: Callback = {
  path: `/auth/sso/${PROVIDER_KEY}/callback`,
  platform: "web",
  // Metabase sends client_id and client_secret in the form; it knows neither PKCE nor client assertions.
  credential: "secret",
};

/** The name of a role's group in Metabase. */
export function groupOf(role: string): string {
  return `${GROUP_PREFIX}${role}`;
}

/** Role → database → schemas that it may query; roles that are left out query nothing. */
export function queryRights({ data }: Pick<MetabaseSettings, "data">): MetabaseSettings["data"] {
  return { query: { "*": ["*"] }, ...data };
}

/** Metabase: what the rest of Entrada knows of it. */
export const metabaseContract: ToolContract<MetabaseSettings> = {
  id: "metabase",
  displayName: "Metabase",
  versions: VERSIONS,
  settings,
  callbacks: ({ edition }) => [edition === "pro" ? OIDC_CALLBACK : PROXY_CALLBACK],
  roles,
  proxied: ({ edition }) => edition === "oss",
  remarks: ({ edition, reconcile, session }) => [
    ...(edition === "oss"
      ? [
          "People sign in twice: with Entra at the identity-aware proxy, then with a password of their own in Metabase, as its open-source edition knows no other way.",
        ]
      : []),
    `Who is disabled or loses the role is out of Metabase after at most ${reconcile.every}, when the reconciler runs; without it sessions would last ${session.lifetime}.`,
  ],
  check: (tool) => [...dataProblems(tool), ...imageProblems(tool)],
};

function roles(tool: MetabaseSettings): ToolRole[] {
  const declared = Object.entries(tool.data).filter(([role]) => role !== "query");
  return [
    {
      value: "admin",
      displayName: "Metabase administrator",
      description: "Runs Metabase: databases, rights and every collection.",
      admin: true,
      toolRoles: ["Administrators"],
    },
    {
      value: "query",
      displayName: "Metabase analyst",
      description: `Asks questions of ${readable(queryRights(tool).query ?? {})} and keeps dashboards.`,
      admin: false,
      toolRoles: [groupOf("query")],
    },
    {
      value: "view",
      displayName: "Metabase viewer",
      description: "Sees dashboards and questions that others made; queries nothing.",
      admin: false,
      toolRoles: [groupOf("view")],
    },
    ...declared.map(([role, databases]) => ({
      value: role,
      displayName: `Metabase ${role}`,
      description: `Asks questions of ${readable(databases)} and keeps dashboards.`,
      admin: false,
      toolRoles: [groupOf(role)],
    })),
  ];
}

function readable(databases: MetabaseSettings["data"][string]): string {
  return Object.entries(databases)
    .map(([database, schemas]) => {
      const name = database === "*" ? "every other database" : database;
      return schemas.includes("*") ? `${name} (with SQL)` : `${name} (${schemas.join(", ")})`;
    })
    .join(", ")
    .replace(/^every other/, "every");
}

function dataProblems({ data, access }: MetabaseSettings): ContractProblem[] {
  return Object.entries(data).flatMap(([role, databases]): ContractProblem[] => {
    if (["admin", "view"].includes(role.toLowerCase()) || (role !== "query" && role.toLowerCase() === "query")) {
      return [
        {
          path: ["data", role],
          found: `the name of Metabase's role ${role.toLowerCase()}`,
          allowed: "query, or a name other than admin, query and view",
          fix: "Rename the role here and in access. Administrators query everything, viewers nothing.",
        },
      ];
    }
    const unused: ContractProblem[] =
      role === "query" || access[role] !== undefined
        ? []
        : [
            {
              path: ["data", role],
              found: "a role that access gives to no team",
              allowed: "roles that access uses",
              fix: `Add it under access, for example ${role}: ["sales"], or remove it here.`,
            },
          ];
    const mixed = Object.entries(databases)
      .filter(([database, names]) => (names.includes("*") ? names.length > 1 : database === "*"))
      .map(([database, names]) => ({
        path: ["data", role, database],
        found: JSON.stringify(names),
        allowed: database === "*" ? '["*"]' : 'schema names, or ["*"] alone',
        fix: `Write ["*"] for all of it, or ${database === "*" ? "name the database" : 'take "*" out'}.`,
      }));
    return [...unused, ...mixed];
  });
}

/** The image must hold the version and the edition: without the licence's code the sign-in settings are silently ignored. */
function imageProblems({ image, version, edition }: MetabaseSettings): ContractProblem[] {
  const wanted = edition === "pro" ? version.replace(/^0/, "1") : version;
  const tag = parseImage(image)?.tag.replace(/^v/, "");
  if (tag === undefined || tag === wanted || (tag.startsWith(wanted) && /^[-_.+]/.test(tag.slice(wanted.length))))
    return [];
  return [
    {
      path: ["image"],
      found: `an image of version ${tag}`,
      allowed: `an image of version ${wanted}, which is the ${edition} edition, such as v${wanted} or v${wanted}-2`,
      fix: "Change the image's tag, edition or version.",
    },
  ];
}
