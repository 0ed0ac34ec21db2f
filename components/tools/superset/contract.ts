import { z } from "zod";
import { described, image, scaling } from "../../../model/settings/index.ts";
import type { ContractProblem, ToolContract, ToolRole } from "../../../model/tool-contract.ts";
import {
  databaseShape,
  imageProblems,
  logLevelShape,
  ofImage,
  redisShape,
  sessionShape,
  versionedShape,
} from "../fab/shapes.ts";

/** Supported versions, newest first. */
const VERSIONS = ["6.1.0", "6.0.0"] as const;

/** Roles that Superset itself creates and keeps; a declared role of such a name would be overwritten by `superset init`. */
const BUILT_IN_ROLES = ["Admin", "Alpha", "Gamma", "Public", "sql_lab"];

const OWN_ROLES: readonly ToolRole[] = [
  {
    value: "Admin",
    displayName: "Superset administrator",
    description: "Runs Superset: databases, roles and every dashboard.",
    admin: true,
    toolRoles: ["Admin"],
  },
  {
    value: "Alpha",
    displayName: "Superset editor",
    description: "Reads every dataset, builds charts and dashboards, writes SQL.",
    admin: false,
    toolRoles: ["Alpha", "sql_lab"],
  },
  {
    value: "Gamma",
    displayName: "Superset viewer",
    description: "Sees dashboards whose datasets are opened to viewers.",
    admin: false,
    toolRoles: ["Gamma"],
  },
];

const schemas = described(z.array(z.string().regex(/^(\*|[^\s[\].*]([^[\].*]{0,62}[^\s[\].*])?)$/)).min(1), {
  description: 'Schemas that the role reads; ["*"] for the whole database.',
  allowed: 'a list of schema names without brackets, dots and stars, or ["*"] alone',
  example: ["sales"],
});

const databases = z.record(
  described(z.string().regex(/^[^\s[\].]([^[\].]{0,126}[^\s[\].])?$/), {
    description: "Name of a database connection in Superset.",
    allowed: "a database's name without brackets and dots",
    example: "warehouse",
  }),
  schemas,
);

const keys = z.strictObject({
  ...versionedShape("superset", VERSIONS),
  image,
  replicas: scaling("Web pods.", { min: 2, max: 4 }),
  workers: scaling("Pods that run queries and reports in the background.", { min: 1, max: 4 }),
  datasets: described(
    z
      .record(
        described(z.string().regex(/^[A-Za-z][\w-]{0,63}$/), {
          description: "The role's name.",
          allowed: "a letter, then up to 63 letters, digits, hyphens and underscores",
          example: "sales-reader",
        }),
        described(databases, {
          description: "Database → schemas that the role reads.",
          allowed: "databases, each with a list of schemas",
          example: { warehouse: ["sales"] },
        }),
      )
      .default({}),
    {
      description:
        "Roles that see some datasets only: role → database → schemas. Each becomes an app role to give out in `access`.",
      allowed: "roles, each with databases and their schemas",
      example: { "sales-reader": { warehouse: ["sales"] } },
    },
  ),
  database: databaseShape("superset", "Superset"),
  redis: redisShape("Superset", "sessions, caches and the task queue"),
  session: sessionShape,
  logLevel: logLevelShape("Superset"),
});

const settings = keys.transform(ofImage(VERSIONS));

/** Superset's settings, after parsing. */
export type SupersetSettings = z.infer<typeof settings>;

/** Apache Superset: what the rest of Entrada knows of it. */
export const supersetContract: ToolContract<SupersetSettings> = {
  id: "superset",
  displayName: "Superset",
  versions: VERSIONS,
  settings,
  // Flask-AppBuilder's route for the provider that must be named "azure".
  callbacks: () => [{ path: "/oauth-authorized/azure", platform: "web", credential: "federated" }],
  // The same route, with the partner's key as the provider's name.
  partnerCallback: (_settings, partner) => ({ path: `/oauth-authorized/${partner}` }),
  logoutPath: "/logout/",
  partners: true,
  roles: ({ datasets }) => [
    ...OWN_ROLES,
    ...Object.entries(datasets).map(([role, access]) => datasetRole(role, access)),
  ],
  check: (tool) => [...datasetProblems(tool), ...imageProblems(tool)],
};

/** A role that sees some datasets: what a viewer may do, on these schemas. */
function datasetRole(role: string, access: SupersetSettings["datasets"][string]): ToolRole {
  const readable = Object.entries(access).map(([database, names]) =>
    names.includes("*") ? database : `${database} (${names.join(", ")})`,
  );
  return {
    value: role,
    displayName: `Superset ${role}`,
    description: `Sees dashboards on ${readable.join(", ")} only.`,
    admin: false,
    toolRoles: ["Gamma", role],
  };
}

function datasetProblems({ datasets, access }: SupersetSettings): ContractProblem[] {
  return Object.entries(datasets).flatMap(([role, databases]): ContractProblem[] => {
    const builtIn = BUILT_IN_ROLES.find((name) => name.toLowerCase() === role.toLowerCase());
    if (builtIn !== undefined) {
      return [
        {
          path: ["datasets", role],
          found: `the name of Superset's own role ${builtIn}`,
          allowed: `a name other than ${BUILT_IN_ROLES.join(", ")}`,
          fix: "Rename the role here and in access.",
        },
      ];
    }
    const unused: ContractProblem[] =
      access[role] !== undefined
        ? []
        : [
            {
              path: ["datasets", role],
              found: "a role that access gives to no team",
              allowed: "roles that access uses",
              fix: `Add it under access, for example ${role}: ["sales"], or remove it here.`,
            },
          ];
    const mixed = Object.entries(databases)
      .filter(([, names]) => names.includes("*") && names.length > 1)
      .map(([database, names]) => ({
        path: ["datasets", role, database],
        found: JSON.stringify(names),
        allowed: 'schema names, or ["*"] alone',
        fix: `Write ["*"] for all of ${database}, or take "*" out.`,
      }));
    return [...unused, ...mixed];
  });
}
