import { type Finding, resourceRule } from "../core/rule.ts";
import { elements, known } from "../core/values.ts";

/** Azure keeps deleted vaults this long when nothing is said. */
const defaultRetentionDays = 90;

interface Switch {
  readonly at: string;
  /** What Azure takes when the property is absent. */
  readonly byDefault: boolean;
  readonly fix: string;
}

const switches: readonly Switch[] = [
  {
    at: "properties.enableRbacAuthorization",
    byDefault: false,
    fix: "Set `enableRbacAuthorization: true` and grant roles on the vault or on single secrets.",
  },
  {
    at: "properties.enablePurgeProtection",
    byDefault: false,
    fix: "Set `enablePurgeProtection: true`; it cannot be switched off again.",
  },
  {
    at: "properties.enableSoftDelete",
    byDefault: true,
    fix: "Leave `enableSoftDelete` out, or set it to true.",
  },
];

function checkSwitch(props: unknown, { at, byDefault, fix }: Switch, report: (finding: Finding) => void): void {
  const found = known(props, at);
  if (found.kind === "unknown") return;
  const on = found.kind === "absent" ? byDefault : found.value === true;
  if (!on) report({ at, found: found.kind === "absent" ? "not set (off)" : String(found.value), wanted: "true", fix });
}

/** Vaults survive mistakes and attackers, and rights on them are Entra roles. */
export const kvGuarded = resourceRule<{ minRetentionDays: number }>(
  {
    name: "kv-guarded",
    title: "Key vaults are guarded",
    what: "A key vault uses role-based access, has purge protection, and keeps what is deleted long enough.",
    why: "Without purge protection one person, or one stolen token, can wipe every secret for good. Access policies are all-or-nothing per vault and invisible to role reviews.",
    fix: "Use role-based access and purge protection, and keep deleted secrets for the wanted time.",
    severity: "high",
    url: "https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
    mappings: [
      { framework: "cis-azure", id: "8.3.5" },
      { framework: "cis-azure", id: "8.3.6" },
      { framework: "mcsb", id: "DP-8" },
      { framework: "mcsb", id: "PA-7" },
      { framework: "soc2", id: "PI1.5" },
    ],
  },
  {
    types: ["azure-native:keyvault:Vault"],
    config: {
      minRetentionDays: {
        type: "integer",
        minimum: 7,
        maximum: 90,
        default: 90,
        description: "Least number of days that deleted vaults and secrets can be restored.",
      },
    },
    check({ props }, report, { minRetentionDays }) {
      // A vault whose properties are not known at all yet is looked at when they are.
      if (known(props, "properties").kind === "unknown") return;
      for (const one of switches) checkSwitch(props, one, report);
      if (elements(props, "properties.accessPolicies").length > 0) {
        report({
          at: "properties.accessPolicies",
          found: "not empty",
          wanted: "none",
          fix: "Replace each access policy by a role assignment.",
        });
      }
      const retention = known(props, "properties.softDeleteRetentionInDays");
      if (retention.kind === "unknown") return;
      const days = retention.kind === "absent" ? defaultRetentionDays : Number(retention.value);
      if (days >= minRetentionDays) return;
      report({
        at: "properties.softDeleteRetentionInDays",
        found: String(days),
        wanted: `at least ${minRetentionDays}`,
        fix: `Set it to ${minRetentionDays}; Azure does not let it change on an existing vault.`,
      });
    },
  },
);
