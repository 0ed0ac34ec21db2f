import { checkDemands, type Demand, isNotTrue, isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";

const cluster = "azure-native:redisenterprise:RedisEnterprise";
const database = "azure-native:redisenterprise:Database";
const old = "azure-native:redis:Redis";

const tls: Demand = {
  at: "minimumTlsVersion",
  holds: isWord("1.2", "1.3"),
  wanted: '"1.2"',
};
const notPublic: Demand = {
  at: "publicNetworkAccess",
  holds: isWord("Disabled"),
  wanted: '"Disabled"',
  missing: "not set (a public address)",
  fix: 'Set `publicNetworkAccess: "Disabled"` and add a private endpoint.',
};

const demands: Readonly<Record<string, readonly Demand[]>> = {
  [cluster]: [tls, notPublic],
  [database]: [{ at: "clientProtocol", holds: isWord("Encrypted"), wanted: '"Encrypted"' }],
  [old]: [
    { ...tls, missing: "not set (any version)" },
    { at: "enableNonSslPort", holds: isNotTrue, wanted: "false" },
  ],
};

/** Sessions and tasks travel encrypted, inside the private network. */
export const redisClosed = resourceRule(
  {
    name: "redis-closed",
    title: "Caches are private and encrypted",
    what: "A Redis takes connections over TLS 1.2 or newer only, and has no public address.",
    why: "The cache holds sessions: who reads one is that person, without a sign-in and without a second factor. Tasks that somebody puts into a queue are run by the workers.",
    fix: 'Set clientProtocol "Encrypted", minimumTlsVersion "1.2" and publicNetworkAccess "Disabled".',
    severity: "high",
    url: "https://learn.microsoft.com/azure/redis/private-link",
    mappings: [
      { framework: "mcsb", id: "DP-3" },
      { framework: "mcsb", id: "NS-2" },
    ],
  },
  {
    types: [cluster, database, old],
    check({ type, props }, report) {
      checkDemands(props, demands[type] ?? [], report);
      // The old service also goes into a subnet, and has no public address then.
      if (type === old && known(props, "subnetId").kind === "absent") checkDemands(props, [notPublic], report);
    },
  },
);
