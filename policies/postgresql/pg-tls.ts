import { resourceRule } from "../core/rule.ts";
import { text } from "../core/values.ts";

/** What a server's parameter must be, where somebody sets it. Servers start with TLS 1.2 or newer required. */
const parameters: Readonly<Record<string, { readonly pattern: RegExp; readonly wanted: string }>> = {
  require_secure_transport: { pattern: /^on$/i, wanted: '"on"' },
  ssl_min_protocol_version: { pattern: /^TLSv1\.[23]$/i, wanted: '"TLSv1.2" or "TLSv1.3"' },
};

/** Nobody switches encryption of the way to the database off. */
export const pgTls = resourceRule(
  {
    name: "pg-tls",
    title: "Databases are reached over TLS only",
    what: "No parameter of a PostgreSQL server lets connections in without TLS, or with a version before 1.2.",
    why: "Without TLS whoever sees the network reads queries and rows, and takes over the token that signed in.",
    fix: "Leave require_secure_transport on and ssl_min_protocol_version at TLSv1.2 or newer; clients need `sslmode=require` or better.",
    severity: "high",
    url: "https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-connect-tls-ssl",
    mappings: [
      { framework: "cis-azure-3", id: "5.2.1" },
      { framework: "mcsb", id: "DP-3" },
      { framework: "soc2", id: "CC6.6" },
    ],
  },
  {
    types: ["azure-native:dbforpostgresql:Configuration"],
    check({ name, props }, report) {
      const demand = parameters[(text(props, "configurationName") ?? name).toLowerCase()];
      const found = text(props, "value");
      if (demand === undefined || found === undefined || demand.pattern.test(found)) return;
      report({ at: "value", found: JSON.stringify(found), wanted: demand.wanted });
    },
  },
);
