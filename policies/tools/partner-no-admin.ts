import { type Finding, resourceRule } from "../core/rule.ts";
import { elements, text } from "../core/values.ts";
import { parseJson } from "../readers/json.ts";
import { alphaFile, fixedRoles } from "./oauth2-proxy.ts";
import { type ConfigFile, configFiles, configMap } from "./settings.ts";

/** Namespace of a tool → names of its admin roles, the tool's own and those of the token. */
type AdminRoles = Readonly<Record<string, readonly string[]>>;

interface Config {
  readonly adminRoles: AdminRoles;
}

/** The admin roles of a ConfigMap's tool; those of all tools while its namespace is not known. */
function adminRolesOf(props: unknown, adminRoles: AdminRoles): readonly string[] {
  const namespace = text(props, "metadata.namespace");
  return namespace === undefined ? Object.values(adminRoles).flat() : (adminRoles[namespace] ?? []);
}

/** The mapping that Superset and Airflow read: `partners[].roles`, a partner's group → the tool's roles. */
function checkMapping(
  { name, path, text: content }: ConfigFile,
  admin: readonly string[],
  report: (finding: Finding) => void,
): void {
  if (name !== "settings.json") return;
  for (const { path: at, item: partner } of elements(parseJson(content), "partners")) {
    if (partner.kind !== "value") continue;
    for (const { key: group, item: roles } of elements(partner.value, "roles")) {
      const granted =
        roles.kind === "value"
          ? elements(roles.value, []).flatMap(({ item }) => (item.kind === "value" ? [String(item.value)] : []))
          : [];
      const found = granted.find((role) => admin.includes(role));
      if (found === undefined) continue;
      const where = `${path} ${at}.roles[${JSON.stringify(group)}]`;
      report({ at: where, found: `the admin role ${JSON.stringify(found)}`, wanted: "roles that are no admin roles" });
    }
  }
}

/** A partner's gate tells the tool one fixed role. */
function checkGate(file: ConfigFile, admin: readonly string[], report: (finding: Finding) => void): void {
  const gate = alphaFile(file);
  if (gate === undefined) return;
  for (const { at, role } of fixedRoles(gate)) {
    if (!admin.includes(role)) continue;
    report({ at, found: `the admin role ${JSON.stringify(role)}`, wanted: "a role that is no admin role" });
  }
}

/** Another company's directory never decides who administers a tool of ours. */
export const partnerNoAdmin = resourceRule<Config>(
  {
    name: "partner-no-admin",
    title: "Partners never hold an admin role",
    what: "No partner's group is mapped to an admin role, in no tool and behind no proxy.",
    why: "A partner's administrators decide who is in the partner's groups, without our second factor, reviews and joiner-leaver process: with an admin role there they decide who administers our tool.",
    fix: "Give the partner's group another role under `partners.<partner>.tools.<tool>.access`.",
    severity: "critical",
    url: "https://learn.microsoft.com/entra/identity/role-based-access-control/best-practices",
  },
  {
    types: [configMap],
    config: {
      adminRoles: {
        type: "object",
        additionalProperties: { type: "array", items: { type: "string", minLength: 1 } },
        default: {},
        description: "Namespace of a tool → names of its admin roles, as its tokens and its own settings call them.",
      },
    },
    check(subject, report, { adminRoles }) {
      const admin = adminRolesOf(subject.props, adminRoles);
      for (const file of configFiles(subject)) {
        checkMapping(file, admin, report);
        checkGate(file, admin, report);
      }
    },
  },
);
