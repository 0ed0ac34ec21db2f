import { checkDemands, type Demand, isTrue, isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";

const database = "azure-native:redisenterprise:Database";
const old = "azure-native:redis:Redis";

const demands: Readonly<Record<string, Demand>> = {
  [database]: {
    at: "accessKeysAuthentication",
    holds: isWord("Disabled"),
    wanted: '"Disabled"',
    missing: "not set (which versions of the API read differently)",
  },
  [old]: { at: "disableAccessKeyAuthentication", holds: isTrue, wanted: "true", missing: "not set (keys are taken)" },
};

/** A cache knows identities, not a key that all of its clients share. */
export const redisNoKeys = resourceRule(
  {
    name: "redis-no-keys",
    title: "Caches take no shared keys",
    what: "A Redis signs in identities of Entra and refuses access keys.",
    why: "An access key is the same for every client, gives every right, and stays valid until somebody renews it for all of them at once.",
    fix: 'Set `accessKeysAuthentication: "Disabled"` and assign an access policy to each identity. Where a client can do nothing but keys, write an exception with its end.',
    severity: "medium",
    url: "https://learn.microsoft.com/azure/redis/entra-for-authentication",
  },
  {
    types: [database, old],
    check({ type, props }, report) {
      const demand = demands[type];
      if (demand) checkDemands(props, [demand], report);
    },
  },
);
