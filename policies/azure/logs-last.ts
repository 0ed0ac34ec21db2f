import { checkDemands, isTrue } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";

/** Azure keeps logs this long when nothing is said. */
const defaultDays = 30;

/** Logs are there for as long as it takes to notice something, and no shared key writes or reads them. */
export const logsLast = resourceRule<{ minDays: number }>(
  {
    name: "logs-last",
    title: "Logs last",
    what: "A Log Analytics workspace keeps its logs long enough, and takes no shared key.",
    why: "Break-ins are noticed after weeks or months. Whoever has a workspace's key can write false lines into the audit log.",
    fix: "Set retentionInDays, and `features: { disableLocalAuth: true }`.",
    severity: "medium",
    url: "https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure",
    mappings: [{ framework: "mcsb", id: "LT-6" }],
  },
  {
    types: ["azure-native:operationalinsights:Workspace"],
    config: {
      minDays: {
        type: "integer",
        minimum: 30,
        maximum: 730,
        default: 90,
        description: "Least number of days that logs are kept.",
      },
    },
    check({ props }, report, { minDays }) {
      const kept = known(props, "retentionInDays");
      const days = kept.kind === "value" ? Number(kept.value) : defaultDays;
      if (kept.kind !== "unknown" && days < minDays) {
        report({ at: "retentionInDays", found: String(days), wanted: `at least ${minDays}` });
      }
      const keys = {
        at: "features.disableLocalAuth",
        holds: isTrue,
        wanted: "true",
        missing: "not set (keys are taken)",
      };
      checkDemands(props, [{ ...keys, fix: "Set `features: { disableLocalAuth: true }`." }], report);
    },
  },
);
