import { type Finding, resourceRule, type Subject } from "../core/rule.ts";
import { elements, text } from "../core/values.ts";

type Report = (finding: Finding) => void;

const group = "kubernetes:rbac.authorization.k8s.io:";
const roleTypes = [`${group}Role`, `${group}ClusterRole`];
const bindingTypes = [`${group}RoleBinding`, `${group}ClusterRoleBinding`];

/** What lets its holder take rights that it was not given. */
const grantingVerbs = ["bind", "escalate", "impersonate"];
/** Resources that lead into pods and nodes, or to tokens of other accounts. */
const doors = ["pods/exec", "pods/attach", "pods/ephemeralcontainers", "nodes/proxy", "serviceaccounts/token"];
/** Groups and accounts that mean everybody, or that pass every check. */
const everybody = ["system:masters", "system:unauthenticated", "system:authenticated", "system:anonymous"];

/** Known texts of a list of a rule. */
function texts(rule: unknown, list: string): readonly string[] {
  return elements(rule, list).flatMap(({ item }) => (item.kind === "value" ? [String(item.value)] : []));
}

function checkRule(path: string, rule: unknown, report: Report): void {
  const [verbs, resources] = [texts(rule, "verbs"), texts(rule, "resources")];
  for (const list of ["verbs", "resources", "apiGroups"] as const) {
    if (texts(rule, list).includes("*")) report({ at: `${path}.${list}`, found: '"*"', wanted: "each by its name" });
  }
  const granting = verbs.find((verb) => grantingVerbs.includes(verb));
  if (granting) report({ at: `${path}.verbs`, found: JSON.stringify(granting), wanted: "none that gives more rights" });
  const door = resources.find((resource) => doors.includes(resource));
  if (door)
    report({ at: `${path}.resources`, found: JSON.stringify(door), wanted: "no way into pods, nodes or tokens" });
  const named = elements(rule, "resourceNames").length > 0;
  const lists = verbs.some((verb) => verb === "list" || verb === "watch");
  if (resources.includes("secrets") && (!named || lists)) {
    report({ at: `${path}.resources`, found: '"secrets", all of them', wanted: "get, with resourceNames" });
  }
}

function checkBinding({ props }: Subject, report: Report): void {
  const role = text(props, "roleRef.name");
  if (role === "cluster-admin") report({ at: "roleRef.name", found: '"cluster-admin"', wanted: "a role of its own" });
  for (const { path, item } of elements(props, "subjects")) {
    const name = item.kind === "value" ? text(item.value, "name") : undefined;
    if (item.kind !== "value" || name === undefined) continue;
    const isDefault = name === "default" && text(item.value, "kind") === "ServiceAccount";
    if (!everybody.includes(name) && !isDefault) continue;
    report({ at: `${path}.name`, found: JSON.stringify(name), wanted: "the one account that needs it" });
  }
}

/** No account of the cluster has more rights there than its work needs. */
export const rbacLeast = resourceRule(
  {
    name: "rbac-least",
    title: "Rights in the cluster are narrow",
    what: "A role names its verbs and resources, reads no secrets but named ones and opens no shell in pods; a binding gives nobody cluster-admin and nothing to everybody.",
    why: "A tool that is taken over has its service account's rights. With a star, with all secrets, or with a shell in other pods they are the whole cluster.",
    fix: "Name verbs, resources and, for secrets, resourceNames; bind the role to the one service account.",
    severity: "critical",
    url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    mappings: [
      ...["5.1.1", "5.1.2", "5.1.3", "5.1.7", "5.1.8"].map((id) => ({ framework: "cis-kubernetes", id }) as const),
      { framework: "nsa", id: "C-0035" },
      { framework: "nsa", id: "C-0002" },
      ...["5.15", "5.18", "8.3"].map((id) => ({ framework: "iso27001", id }) as const),
    ],
  },
  {
    types: [...roleTypes, ...bindingTypes],
    check(subject, report) {
      if (bindingTypes.includes(subject.type)) checkBinding(subject, report);
      for (const { path, item } of roleTypes.includes(subject.type) ? elements(subject.props, "rules") : []) {
        if (item.kind === "value") checkRule(path, item.value, report);
      }
    },
  },
);
