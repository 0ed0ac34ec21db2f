import { checkDemands, type Demand, isNotTrue, isTrue, isWord } from "../core/demands.ts";
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

/** Shared keys, by kind of server. */
const noKeys: Readonly<Record<string, Demand>> = {
  [database]: {
    at: "accessKeysAuthentication",
    holds: isWord("Disabled"),
    wanted: '"Disabled"',
    missing: "not set (which versions of the API read differently)",
    fix: 'Set `accessKeysAuthentication: "Disabled"` and assign an access policy to each identity.',
  },
  [old]: {
    at: "disableAccessKeyAuthentication",
    holds: isTrue,
    wanted: "true",
    missing: "not set (keys are taken)",
    fix: "Set `disableAccessKeyAuthentication: true` and assign an access policy to each identity.",
  },
};

/** Sessions and tasks travel encrypted, inside the private network. */
export const redisClosed = resourceRule<{ allowKeys: boolean }>(
  {
    name: "redis-closed",
    title: "Caches are private and encrypted",
    what: "A Redis takes connections over TLS 1.2 or newer only, has no public address, and takes shared keys only where the configuration says that clients need them.",
    why: "The cache holds sessions: who reads one is that person, without a sign-in and without a second factor. Tasks that somebody puts into a queue are run by the workers. A key is the same for every client and stays valid until somebody renews it for all.",
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
    config: {
      allowKeys: {
        type: "boolean",
        default: false,
        description: "Accept access keys beside Entra, for clients that sign in with one from the vault.",
      },
    },
    check({ type, props }, report, { allowKeys }) {
      checkDemands(props, demands[type] ?? [], report);
      const keys = noKeys[type];
      if (keys && !allowKeys) checkDemands(props, [keys], report);
      // The old service also goes into a subnet, and has no public address then.
      if (type === old && known(props, "subnetId").kind === "absent") checkDemands(props, [notPublic], report);
    },
  },
);
