import { checkDemands, type Demand, isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";

const demands: readonly Demand[] = [
  {
    at: "authConfig.activeDirectoryAuth",
    holds: isWord("Enabled"),
    wanted: '"Enabled"',
    missing: "not set (passwords only)",
  },
  {
    at: "authConfig.passwordAuth",
    holds: isWord("Disabled"),
    wanted: '"Disabled"',
    missing: "not set (passwords too)",
    fix: 'Set `passwordAuth: "Disabled"`. Where a tool can do nothing but passwords, give it a server of its own, and write an exception with its end.',
  },
];

/** The creations that take settings of their own; a replica or a restored server has those of its source. */
const isFirst = isWord("Default", "Create");

/** A database server knows identities of Entra, and no password that could be copied. */
export const pgEntraOnly = resourceRule(
  {
    name: "pg-entra-only",
    title: "Database servers know Entra's identities only",
    what: "A PostgreSQL server signs in identities of Entra and refuses passwords.",
    why: "A database password is shared, lives until somebody changes it, and works from wherever the server is reached. A token is one identity's, for an hour, and the leaver's stops by itself.",
    fix: 'Set `authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Disabled", tenantId }` and name a group as administrator.',
    severity: "high",
    url: "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-azure-ad-authentication",
    mappings: [{ framework: "mcsb", id: "IM-1" }],
  },
  {
    types: ["azure-native:dbforpostgresql:Server"],
    check({ props }, report) {
      const mode = known(props, "createMode");
      if (mode.kind === "unknown" || (mode.kind === "value" && !isFirst(mode.value))) return;
      checkDemands(props, demands, report);
    },
  },
);
