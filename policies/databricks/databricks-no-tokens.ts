import { type Finding, resourceRule, type Subject } from "../core/rule.ts";
import { elements, known, text } from "../core/values.ts";

type Report = (finding: Finding) => void;

const conf = "databricks:index/workspaceConf:WorkspaceConf";
const permissions = "databricks:index/permissions:Permissions";

/** Resources that make a secret which works for whoever has it. */
const credentials: Readonly<Record<string, string>> = {
  "databricks:index/token:Token": "a personal access token",
  "databricks:index/oboToken:OboToken": "a token on behalf of a service principal",
  "databricks:index/servicePrincipalSecret:ServicePrincipalSecret": "a secret of a service principal",
};

function checkConf({ props }: Subject, maxDays: number, report: Report): void {
  const at = "customConfig";
  if (known(props, at).kind === "unknown") return;
  const on = known(props, `${at}.enableTokensConfig`);
  if (on.kind === "unknown" || (on.kind === "value" && on.value === "false")) return;
  const life = known(props, `${at}.maxTokenLifetimeDays`);
  if (life.kind === "unknown") return;
  const days = life.kind === "value" ? Number(life.value) : Number.NaN;
  // Zero stands for no limit.
  if (days >= 1 && days <= maxDays) return;
  const found = life.kind === "absent" ? "not set (tokens live two years)" : JSON.stringify(life.value);
  report({ at: `${at}.maxTokenLifetimeDays`, found, wanted: `1 to ${maxDays}, or enableTokensConfig "false"` });
}

/** Who may make tokens at all. `users` is everybody in the workspace. */
function checkPermissions({ props }: Subject, report: Report): void {
  if (text(props, "authorization") !== "tokens") return;
  for (const { path, item } of elements(props, "accessControls")) {
    if (item.kind !== "value" || text(item.value, "groupName") !== "users") continue;
    report({ at: `${path}.groupName`, found: '"users" (everybody)', wanted: "single groups" });
  }
}

/** Programs and people come to Databricks with Entra's tokens or their own platform's. */
export const databricksNoTokens = resourceRule<{ maxDays: number }>(
  {
    name: "databricks-no-tokens",
    title: "No long-lived tokens of Databricks",
    what: "The stack makes no token or secret of Databricks, and a workspace's personal access tokens are off, or short-lived and not for everybody.",
    why: "A personal access token passes Conditional Access and the second factor by, and still works when its owner's account is disabled in Entra; by default it lives two years.",
    fix: 'Use federation (ServicePrincipalFederationPolicy) or a managed identity, and set enableTokensConfig to "false".',
    severity: "high",
    url: "https://learn.microsoft.com/azure/databricks/admin/access-control/tokens",
    mappings: [{ framework: "cis-azure", id: "2.1.6" }],
  },
  {
    types: [conf, permissions, ...Object.keys(credentials)],
    config: {
      maxDays: {
        type: "integer",
        minimum: 1,
        default: 90,
        description: "Longest life of a personal access token, in days, where a workspace has them on.",
      },
    },
    check(subject, report, { maxDays }) {
      const credential = credentials[subject.type];
      if (credential) report({ at: "type", found: credential, wanted: "federation or a managed identity" });
      else if (subject.type === conf) checkConf(subject, maxDays, report);
      else checkPermissions(subject, report);
    },
  },
);
