import { checkDemands, type Demand, isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";

const entra: Demand = {
  at: "authConfig.activeDirectoryAuth",
  holds: isWord("Enabled"),
  wanted: '"Enabled"',
  missing: "not set (passwords only)",
};

const noPasswords: Demand = {
  at: "authConfig.passwordAuth",
  holds: isWord("Disabled"),
  wanted: '"Disabled"',
  missing: "not set (passwords too)",
  fix: 'Set `passwordAuth: "Disabled"`, where every client can sign in with a token.',
};

/** The creations that take settings of their own; a replica or a restored server has those of its source. */
const isFirst = isWord("Default", "Create");

/** A database server knows identities of Entra, and passwords only where the tools can do nothing else. */
export const pgEntra = resourceRule<{ allowPasswords: boolean }>(
  {
    name: "pg-entra",
    title: "Database servers know Entra's identities",
    what: "A PostgreSQL server signs in identities of Entra, and takes passwords only where the configuration says that tools need them.",
    why: "A database password is shared, lives until somebody changes it, and works from wherever the server is reached. A token is one identity's, for an hour, and the leaver's stops by itself.",
    fix: 'Set `authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Disabled", tenantId }` and name a group as administrator.',
    severity: "high",
    url: "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-azure-ad-authentication",
    mappings: [{ framework: "mcsb", id: "IM-1" }],
  },
  {
    types: ["azure-native:dbforpostgresql:Server"],
    config: {
      allowPasswords: {
        type: "boolean",
        default: false,
        description: "Accept passwords beside Entra, for tools that sign in with one from the vault.",
      },
    },
    check({ props }, report, { allowPasswords }) {
      const mode = known(props, "createMode");
      if (mode.kind === "unknown" || (mode.kind === "value" && !isFirst(mode.value))) return;
      checkDemands(props, allowPasswords ? [entra] : [entra, noPasswords], report);
    },
  },
);
