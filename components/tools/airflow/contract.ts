import { z } from "zod";
import { described, duration, guid, image, kubernetesName, scaling } from "../../../model/settings/index.ts";
import type { ToolContract, ToolRole } from "../../../model/tool-contract.ts";
import {
  databaseShape,
  imageProblems,
  logLevelShape,
  ofImage,
  redisShape,
  sessionShape,
  versionedShape,
} from "../fab/shapes.ts";
import { roleProblems, triggerProblems } from "./checks.ts";
import { ACTIONS, permissionResource } from "./permissions.ts";

/** Supported versions, newest first. */
const VERSIONS = ["3.3.2", "3.2.2"] as const;

const OWN_ROLES: readonly ToolRole[] = [
  {
    value: "Admin",
    displayName: "Airflow administrator",
    description: "Runs Airflow: users, roles and everything else.",
    admin: true,
    toolRoles: ["Admin"],
  },
  {
    value: "Op",
    displayName: "Airflow operator",
    description: "Runs DAGs and keeps connections, variables and pools; changes nobody's rights.",
    admin: false,
    toolRoles: ["Op"],
  },
  {
    value: "User",
    displayName: "Airflow user",
    description: "Runs DAGs and clears tasks.",
    admin: false,
    toolRoles: ["User"],
  },
  {
    value: "Viewer",
    displayName: "Airflow viewer",
    description: "Sees DAGs, runs and logs.",
    admin: false,
    toolRoles: ["Viewer"],
  },
];

const roleName = described(z.string().regex(/^[A-Za-z][\w-]{0,54}$/), {
  description: "The role's name.",
  allowed: "a letter, then up to 54 letters, digits, hyphens and underscores",
  example: "sales-runner",
});

const customRole = described(
  z.strictObject({
    permissions: described(z.record(permissionResource, z.array(z.enum(ACTIONS)).min(1)), {
      description: "Airflow's resource → what the role may do with it. `DAG:<id>` is one DAG.",
      allowed: `resources, each with some of ${ACTIONS.join(", ")}`,
      example: { "DAG:sales": ["can_read", "can_edit"], "DAG Runs": ["can_read", "can_create"] },
    }),
  }),
  {
    description: "A role of your own.",
    allowed: "the key permissions",
    example: { permissions: { DAGs: ["can_read"] } },
  },
);

/** How a trigger is written in full: its role, and who it is. */
const fullTrigger = z.union([
  z.strictObject({
    role: roleName,
    serviceAccount: described(
      z.strictObject({
        namespace: kubernetesName("Its namespace.", "loaders"),
        name: kubernetesName("Its name.", "nightly-loader"),
      }),
      {
        description: "A service account of the same cluster; a managed identity is made for it.",
        allowed: "the keys namespace and name",
        example: { namespace: "loaders", name: "nightly-loader" },
      },
    ),
  }),
  z.strictObject({
    role: roleName,
    application: guid(
      "Client id of an application or managed identity that exists.",
      "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55",
    ),
  }),
]);

const triggers = described(
  z
    .record(
      kubernetesName("A name for the trigger.", "nightly-loader"),
      described(z.union([roleName, fullTrigger]), {
        description:
          "The one role that the program gets. Alone it means a service account with the trigger's name in a namespace of that name.",
        allowed: "a role, or role with either serviceAccount or application",
        example: "Op",
      }),
    )
    // Written out in full, so that nobody else has to know the short form.
    .transform((entries) =>
      Object.fromEntries(
        Object.entries(entries).map(([name, entry]) => [
          name,
          typeof entry === "string" ? { role: entry, serviceAccount: { namespace: name, name } } : entry,
        ]),
      ),
    )
    .prefault({}),
  {
    description: "Programs that trigger DAGs with a token of Entra. None holds Admin.",
    allowed: "triggers by name, each with a role",
    example: { "nightly-loader": "Op" },
  },
);

const executor = described(
  z
    .union([
      z.literal("kubernetes"),
      z.strictObject({
        celery: described(
          z.strictObject({
            redis: redisShape("Airflow", "Celery's queue"),
            workers: scaling("Pods that run tasks.", { min: 1, max: 6 }),
          }),
          {
            description: "Workers that stay, fed through Redis.",
            allowed: "the keys redis and workers",
            example: { redis: { host: "contoso-prod.redis.cache.windows.net" }, workers: { min: 2, max: 8 } },
          },
        ),
      }),
    ])
    .default("kubernetes"),
  {
    description: "What runs tasks: a pod for each task (`kubernetes`), or Celery's workers. Default: kubernetes.",
    allowed: "kubernetes, or { celery: { redis, workers } }",
    example: "kubernetes",
  },
);

const keys = z.strictObject({
  ...versionedShape("airflow", VERSIONS),
  image,
  replicas: scaling("Pods of the API server, which people and programs talk to.", { min: 2, max: 4 }),
  executor,
  roles: described(z.record(roleName, customRole).default({}), {
    description: "Roles of your own. Each becomes an app role to give out in `access`.",
    allowed: "roles, each with permissions",
    example: { "sales-runner": { permissions: { "DAG:sales": ["can_read", "can_edit"] } } },
  }),
  triggers,
  tokens: described(
    z
      .strictObject({
        lifetime: duration("How long the token of a trigger lasts.", "15m", {
          minMinutes: 1,
          maxMinutes: 60,
          allowed: "a duration from 1m to 60m",
        }),
      })
      .prefault({}),
    { description: "Airflow's tokens for triggers.", allowed: "the key lifetime", example: { lifetime: "15m" } },
  ),
  connections: described(
    z
      .array(
        described(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/), {
          description: "A connection's id.",
          allowed: "up to 64 lower-case letters, digits and hyphens, a letter or digit at both ends",
          example: "warehouse",
        }),
      )
      .default([]),
    {
      description:
        "Connections that Airflow reads from the vault: `warehouse` is the vault secret `airflow-connections-warehouse`. No credential stands in Airflow's database.",
      allowed: "a list of connection ids",
      example: ["warehouse"],
    },
  ),
  database: databaseShape("airflow", "Airflow"),
  session: sessionShape,
  logLevel: logLevelShape("Airflow"),
});

const settings = keys.transform(ofImage(VERSIONS));

/** Airflow's settings, after parsing. */
export type AirflowSettings = z.infer<typeof settings>;

/** A program that may trigger DAGs, written out in full. */
export type Trigger = AirflowSettings["triggers"][string];

/** Value of the app role that programs hold to get an Airflow role. */
export function triggerRole(role: string): string {
  return `trigger-${role}`;
}

/** Apache Airflow: what the rest of Entrada knows of it. */
export const airflowContract: ToolContract<AirflowSettings> = {
  id: "airflow",
  displayName: "Airflow",
  versions: VERSIONS,
  settings,
  // Flask-AppBuilder's pages are mounted under /auth since Airflow 3.
  callbacks: () => [{ path: "/auth/oauth-authorized/azure", platform: "web", credential: "federated" }],
  logoutPath: "/auth/logout",
  partners: true,
  // The same route, with the partner's key as the provider's name.
  partnerCallback: (_settings, partner) => ({ path: `/auth/oauth-authorized/${partner}` }),
  roles: ({ roles, triggers: programs }) => [
    ...OWN_ROLES,
    ...Object.entries(roles).map(([name, { permissions }]) => declaredRole(name, Object.keys(permissions))),
    ...[...new Set(Object.values(programs).map(({ role }) => role))].sort().map(programRole),
  ],
  remarks: ({ triggers: programs }) =>
    Object.entries(programs).map(
      ([name, trigger]) => `The program ${name} triggers DAGs as ${trigger.role} (${who(trigger)}).`,
    ),
  check: (tool) => [...roleProblems(tool), ...triggerProblems(tool, OWN_ROLES), ...imageProblems(tool)],
};

function declaredRole(name: string, resources: readonly string[]): ToolRole {
  return {
    value: name,
    displayName: `Airflow ${name}`,
    description: `Works with ${resources.join(", ")} only.`,
    admin: false,
    toolRoles: [name],
  };
}

/** The role by which Entra lets a program in; Airflow gives it the one role of the same name. */
function programRole(role: string): ToolRole {
  return {
    value: triggerRole(role),
    displayName: `Airflow trigger as ${role}`,
    description: `A program gets short Airflow tokens with the role ${role}.`,
    admin: false,
    toolRoles: [role],
    holders: ["Application"],
  };
}

function who(trigger: Trigger): string {
  return "application" in trigger
    ? `application ${trigger.application}`
    : `service account ${trigger.serviceAccount.namespace}/${trigger.serviceAccount.name}`;
}
