import { z } from "zod";
import {
  described,
  displayText,
  image,
  NAME_PLACEHOLDER,
  namesSecret,
  port,
  scaling,
  toolShape,
} from "../../../model/settings/index.ts";
import type { ContractProblem, ToolContract, ToolRole } from "../../../model/tool-contract.ts";
import { PROXY_CALLBACK } from "../../proxy/callback.ts";

/** Version of what the proxy tells an app; the app's own version stands in its image's tag. */
const VERSIONS = ["1"] as const;

/** Variables that Entrada sets itself. */
const OWN_VARIABLES = ["PORT", "HOME", "TMPDIR"];

const roleDetails = z.strictObject({
  displayName: displayText("Name of the role, as administrators read it.", "Reader").optional(),
  description: displayText("What the role may do.", "Reads all reports.").optional(),
  admin: described(z.boolean().default(false), {
    description: "Whether the role can change other people's rights or the app's configuration. Default: false.",
    allowed: "true or false",
    example: false,
  }),
});

const role = described(
  z.union([
    roleDetails,
    z
      .string()
      .regex(/^\S(.{0,254}\S)?$/)
      .transform((description) => ({ description, admin: false })),
  ]),
  {
    description: "A role: what it may do, or its details.",
    allowed: "a text, or the keys displayName, description and admin",
    example: "Reads all reports.",
  },
);

const settings = z.strictObject({
  ...toolShape(NAME_PLACEHOLDER, VERSIONS),
  image,
  port: port(
    "Port that the app listens on, as its variable PORT says too. Ports below 1024 need rights that it does not get.",
    8080,
  ),
  health: described(
    z
      .string()
      .regex(/^\/[\w./-]{0,127}$/)
      .optional(),
    {
      description: "Path that answers with 200 when the app is well. Default: none, an open port will do.",
      allowed: "a path without a query",
      example: "/healthz",
    },
  ),
  replicas: scaling("Pods of the app.", { min: 2, max: 4 }),
  resources: described(
    z
      .strictObject({
        cpu: described(
          z
            .string()
            .regex(/^([1-9]\d{0,3}m|[1-9]\d?)$/)
            .default("100m"),
          {
            description: "Processor time that a pod is promised. Default: 100m, a tenth of a core.",
            allowed: "thousandths of a core such as 250m, or whole cores",
            example: "250m",
          },
        ),
        memory: described(
          z
            .string()
            .regex(/^[1-9]\d{0,4}(Mi|Gi)$/)
            .default("256Mi"),
          {
            description: "Memory of a pod; more than that ends it. Default: 256Mi.",
            allowed: "an amount in Mi or Gi",
            example: "512Mi",
          },
        ),
      })
      .prefault({}),
    { description: "Size of each pod.", allowed: "the keys cpu and memory", example: { cpu: "250m", memory: "512Mi" } },
  ),
  roles: described(
    z
      .record(
        described(z.string().regex(/^[A-Za-z][\w-]{0,63}$/), {
          description: "The role's value, as the app reads it.",
          allowed: "a letter, then up to 63 letters, digits, hyphens and underscores",
          example: "reader",
        }),
        role,
      )
      .default({}),
    {
      description:
        "The app's roles: value → what it may do. Default: the roles that `access` names; one whose name begins with admin counts as an admin role then.",
      allowed: "roles, each with a text or with details",
      example: { reader: "Reads all reports.", publisher: { description: "Writes reports.", admin: true } },
    },
  ),
  env: described(
    z
      .record(
        described(z.string().regex(/^[A-Z][A-Z0-9_]{0,127}$/), {
          description: "Name of a variable.",
          allowed: "capital letters, digits and underscores, a letter first",
          example: "LOG_LEVEL",
        }),
        described(z.string().max(4096), {
          description: "Its value. Never a secret: it can be read in the cluster.",
          allowed: "a text",
          example: "info",
        }),
      )
      .default({}),
    {
      description: "Variables of the app's process, without secrets.",
      allowed: "variables by name",
      example: { LOG_LEVEL: "info" },
    },
  ),
});

/** A web app's settings, after parsing. */
export type CustomSettings = z.infer<typeof settings>;

/**
 * A company's own web app behind the identity-aware proxy. It signs nobody in: it reads who is there, and with which
 * roles, from the headers that the proxy sets (docs/tools/custom.md).
 */
export const customContract: ToolContract<CustomSettings> = {
  id: "custom",
  displayName: "Own web apps",
  versions: VERSIONS,
  settings,
  callbacks: () => [PROXY_CALLBACK],
  roles: (tool) => rolesOf(tool),
  partners: true,
  proxied: () => true,
  remarks: () => ["The app itself decides what a role may do; the identity-aware proxy lets in whoever holds one."],
  named: (name) => ({ ...customContract, displayName: spoken(name) }),
  check: (tool) => [...roleProblems(tool), ...variableProblems(tool)],
};

/** The declared roles, else those that somebody holds. */
function rolesOf({ roles, access }: CustomSettings): ToolRole[] {
  const declared = Object.entries(roles);
  if (declared.length === 0) {
    return Object.keys(access).map((value) => toRole(value, { admin: /^admin/i.test(value) }));
  }
  return declared.map(([value, details]) => toRole(value, details));
}

function toRole(
  value: string,
  { displayName, description, admin }: { displayName?: string; description?: string; admin: boolean },
): ToolRole {
  const name = displayName ?? spoken(value);
  return { value, displayName: name, description: description ?? `${name} of the app.`, admin, toolRoles: [value] };
}

/** `sales-portal` → `Sales portal`. */
function spoken(name: string): string {
  const words = name.replaceAll(/[-_]+/g, " ").trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Without a role that somebody holds, the proxy would have nobody to let in. */
function roleProblems({ roles, access }: CustomSettings): ContractProblem[] {
  if (Object.keys(roles).length > 0 || Object.keys(access).length > 0) return [];
  return [
    {
      path: ["access"],
      found: "no role",
      allowed: "at least one role with its teams",
      fix: 'Add who may open it, for example reader: ["analysts"].',
    },
  ];
}

function variableProblems({ env }: CustomSettings): ContractProblem[] {
  const names = Object.keys(env);
  const own = names
    .filter((name) => OWN_VARIABLES.includes(name))
    .map((name) => ({
      path: ["env", name],
      found: "a variable that Entrada sets",
      allowed: `variables other than ${OWN_VARIABLES.join(", ")}`,
      fix: name === "PORT" ? "Write the number at port instead." : "Remove it: only /tmp can be written to.",
    }));
  const secret = names.filter(namesSecret).map((name) => ({
    path: ["env", name],
    found: "a name that speaks of a secret (its value is not shown)",
    allowed: "plain values: whoever may look at the cluster reads them",
    fix: "Remove it. If it is none, rename it.",
  }));
  return [...own, ...secret];
}
