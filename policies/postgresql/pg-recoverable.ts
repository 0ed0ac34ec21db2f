import { isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";

/** Azure keeps backups this long when nothing is said. */
const defaultDays = 7;

interface Config {
  readonly minBackupDays: number;
  readonly requireZoneRedundancy: boolean;
}

/** What a database held comes back, and in production a building may burn. */
export const pgRecoverable = resourceRule<Config>(
  {
    name: "pg-recoverable",
    title: "Databases can be recovered",
    what: "A PostgreSQL server keeps its backups long enough, and in production has a standby in another zone.",
    why: "Dashboards, pipelines and the catalogue are people's work of years. A mistake is often noticed after a week, which is when the shortest backups end.",
    fix: 'Set backup.backupRetentionDays, and `highAvailability: { mode: "ZoneRedundant" }` with a sku that is not Burstable.',
    severity: "medium",
    url: "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore",
    mappings: [
      { framework: "mcsb", id: "BR-1" },
      { framework: "mcsb", id: "BR-2" },
      { framework: "iso27001", id: "8.13" },
      { framework: "iso27001", id: "8.14" },
    ],
  },
  {
    types: ["azure-native:dbforpostgresql:Server"],
    config: {
      minBackupDays: {
        type: "integer",
        minimum: 7,
        maximum: 35,
        default: 14,
        description: "Least number of days that backups are kept.",
      },
      requireZoneRedundancy: {
        type: "boolean",
        default: false,
        description: "Whether a server must have a standby in another availability zone.",
      },
    },
    check({ props }, report, { minBackupDays, requireZoneRedundancy }) {
      const kept = known(props, "backup.backupRetentionDays");
      const days = kept.kind === "value" ? Number(kept.value) : defaultDays;
      if (kept.kind !== "unknown" && days < minBackupDays) {
        report({ at: "backup.backupRetentionDays", found: String(days), wanted: `at least ${minBackupDays}` });
      }
      const mode = known(props, "highAvailability.mode");
      if (!requireZoneRedundancy || mode.kind === "unknown") return;
      if (mode.kind === "value" && isWord("ZoneRedundant")(mode.value)) return;
      const found = mode.kind === "absent" ? "not set (one server)" : JSON.stringify(mode.value);
      report({ at: "highAvailability.mode", found, wanted: '"ZoneRedundant"' });
    },
  },
);
