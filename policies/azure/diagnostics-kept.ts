import { refersTo } from "../core/links.ts";
import { type StackSubject, stackRule } from "../core/rule.ts";
import { elements, known, text } from "../core/values.ts";

const vault = "azure-native:keyvault:Vault";
const settingTypes = ["azure-native:monitor:DiagnosticSetting", "azure-native:insights:DiagnosticSetting"];

/** Groups of categories that hold what an auditor asks for. */
const groups = ["audit", "alllogs"];

/** Categories of which one must be kept, in the words of each service. */
const categories: Readonly<Record<string, readonly string[]>> = {
  [vault]: ["AuditEvent"],
  "azure-native:containerservice:ManagedCluster": ["kube-audit-admin", "kube-audit"],
  "azure-native:dbforpostgresql:Server": ["PostgreSQLLogs"],
  "azure-native:redisenterprise:Database": ["ConnectionEvents"],
};

const destinations = ["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId"];

/** Whether a setting sends one of the categories somewhere. What is not known yet may do so. */
function keeps({ props }: StackSubject, wanted: readonly string[]): boolean {
  if (destinations.every((at) => known(props, at).kind === "absent")) return false;
  return elements(props, "logs").some(({ item }) => {
    if (item.kind !== "value") return item.kind === "unknown";
    const on = known(item.value, "enabled");
    if (on.kind === "value" && on.value !== true) return false;
    const named = [text(item.value, "category"), text(item.value, "categoryGroup")].map((one) => one?.toLowerCase());
    return named.some((one) => one !== undefined && (groups.includes(one) || wanted.map(lower).includes(one)));
  });
}

function lower(word: string): string {
  return word.toLowerCase();
}

/** Whoever asks afterwards who read a secret or changed the cluster finds it in the logs. */
export const diagnosticsKept = stackRule<{ vaults: boolean }>(
  {
    name: "diagnostics-kept",
    title: "Audit logs are kept",
    what: "Each cluster, vault, database server and cache of the stack has a diagnostic setting that sends its audit log to a place that keeps it.",
    why: "Azure forgets who read a secret, who signed in to the database and who changed the cluster, unless somebody asked beforehand to keep it. After an incident it is too late.",
    fix: "Add a monitor.DiagnosticSetting with the resource's audit category (or the group `audit`) and a Log Analytics workspace.",
    severity: "high",
    url: "https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings",
    mappings: [
      { framework: "cis-azure", id: "6.1.1.4" },
      { framework: "cis-aks", id: "2.1.1" },
      { framework: "mcsb", id: "LT-3" },
      { framework: "iso27001", id: "8.15" },
      { framework: "soc2", id: "CC7.2" },
    ],
  },
  {
    types: [...Object.keys(categories), ...settingTypes],
    config: {
      vaults: {
        type: "boolean",
        default: true,
        description:
          "Whether vaults are looked at; false where the company's own policy gives every vault its setting.",
      },
    },
    check(resources, report, { vaults }) {
      const settings = resources.filter(({ type }) => settingTypes.includes(type));
      for (const resource of resources) {
        const wanted = categories[resource.type];
        if (wanted === undefined || (resource.type === vault && !vaults)) continue;
        const own = settings.filter((one) => refersTo(one, "resourceUri", [known(one.props, "resourceUri")], resource));
        if (own.some((one) => keeps(one, wanted))) continue;
        const found = own.length === 0 ? "in no diagnostic setting" : `in a diagnostic setting without ${wanted[0]}`;
        report(resource, {
          at: "id",
          found,
          wanted: `${wanted.join(" or ")} (or the group audit), sent to a workspace`,
        });
      }
    },
  },
);
