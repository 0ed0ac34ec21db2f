import { describe, expect, it } from "vitest";
import { z } from "zod";
import { platformDatabases, platformNames, postgresHost, redisHost } from "../../platform.ts";
import { sampleContract, sampleRaw, sampleSettings } from "../../testing/sample.ts";
import { described } from "../described.ts";
import { parseSettings } from "../parse.ts";

const SUBSCRIPTION = "41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17";
const id = (type: string, name: string, subscription = SUBSCRIPTION) =>
  `/subscriptions/${subscription}/resourceGroups/rg-hub/providers/${type}/${name}`;
const MADE = { gateway: { name: "public", namespace: "gateway" } };
const API = { authorizedIps: ["203.0.113.10/32"] };

/** A tool with stores, as the real ones have them. */
const contract = (() => {
  const sample = sampleContract();
  const store = z.strictObject({ host: z.string(), port: z.number(), name: z.string().default("charts") });
  const text = { description: "A store.", allowed: "host and port", example: { host: "h.contoso.com", port: 1 } };
  const shape = (sample.settings as unknown as z.ZodObject).shape;
  const settings = z.strictObject({
    ...shape,
    database: described(store.optional(), text),
    redis: described(store.optional(), text),
  });
  return { ...sample, settings } as unknown as ReturnType<typeof sampleContract>;
})();

function problems(platform: unknown, changes: Record<string, unknown> = {}): string[] {
  const parsed = parseSettings({ ...sampleRaw(), platform, ...changes }, [contract]);
  return parsed.ok ? [] : parsed.problems.map(({ path, found }) => `${path}: ${found}`);
}

describe("platform's settings", () => {
  it("are absent by default, and an empty block makes network and logs", () => {
    expect(sampleSettings().platform).toBeUndefined();
    expect(sampleSettings({ platform: {} }).platform).toEqual({
      network: { addressSpace: "10.64.0.0/20", nodes: "10.64.0.0/22", endpoints: "10.64.4.0/26", people: [] },
      logs: { retentionDays: 90, entra: false },
    });
  });

  it("fill in a cluster and a server", () => {
    const { platform } = sampleSettings({
      cluster: MADE,
      platform: { cluster: API, postgres: { name: "contoso-prod" }, redis: { name: "contoso-prod" } },
    });
    expect(platform?.cluster).toMatchObject({
      kubernetesVersion: "1.36",
      tier: "Standard",
      private: false,
      zones: [1, 2, 3],
      system: { size: "Standard_D4ds_v5", min: 2, max: 3 },
      user: { size: "Standard_D8ds_v5", min: 2, max: 6 },
      upgrades: { channel: "patch", nodeImages: "NodeImage", day: "Sunday", startHour: 1, hours: 4 },
    });
    expect(platform?.postgres).toMatchObject({ version: "17", size: "Standard_D2ds_v5", zoneRedundant: true });
    expect(platform?.redis).toEqual({ name: "contoso-prod", size: "Balanced_B1", standby: true });
  });

  it("name hosts and databases before anything is made", () => {
    const raw = {
      ...sampleRaw(),
      platform: {
        postgres: { name: "contoso-prod" },
        redis: { existing: id("Microsoft.Cache/redisEnterprise", "R1") },
      },
      tools: {
        charts: {
          image: "contoso.azurecr.io/charts:2.0.0",
          access: { Owner: ["admins"] },
          database: { host: "contoso-prod.postgres.database.azure.com", port: 5432 },
        },
      },
    };
    const parsed = parseSettings(raw, [contract]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(postgresHost(parsed.settings.platform)).toBe("contoso-prod.postgres.database.azure.com");
    expect(redisHost(parsed.settings)).toBe("r1.westeurope.redis.azure.net");
    expect(platformDatabases(parsed.settings, [contract])).toEqual(["charts"]);
    expect(platformNames(parsed.settings)).toMatchObject({
      resourceGroup: "rg-platform-sandbox",
      cluster: "aks-sandbox",
    });
  });

  it.each([
    [{ network: { existing: "vnet-1" } }, "platform.network.existing"],
    [{ cluster: { kubernetesVersion: "1.36.3" } }, "platform.cluster.kubernetesVersion"],
    [{ postgres: { name: "Contoso" } }, "platform.postgres.name"],
    [{ logs: { retentionDays: 7 } }, "platform.logs.retentionDays"],
    [{ budget: { amount: 10, contacts: ["a@b.de"], since: "2026-13" } }, "platform.budget.since"],
    [{ netwrk: {} }, "platform.netwrk"],
  ])("refuse %j", (platform, path) => {
    expect(problems(platform).map((problem) => problem.split(":")[0])).toContain(path);
  });
});

describe("checks of the platform", () => {
  it("want the issuer of a cluster that others keep, and none of one that is made", () => {
    expect(problems(undefined, { cluster: MADE })).toEqual(["cluster.oidcIssuer: nothing"]);
    expect(problems({ cluster: API }, { cluster: MADE })).toEqual([]);
    const said = { ...MADE, oidcIssuer: "https://oidc.contoso.com/1", context: "prod" };
    expect(problems({ cluster: API }, { cluster: said })).toEqual([
      'cluster.oidcIssuer: "https://oidc.contoso.com/1"',
      'cluster.context: "prod"',
    ]);
    const cluster = { existing: id("Microsoft.ContainerService/managedClusters", "aks-1") };
    expect(problems({ cluster }, { cluster: said })).toEqual([]);
  });

  it("want the API server closed one way", () => {
    expect(problems({ cluster: {} }, { cluster: MADE })).toHaveLength(1);
    expect(problems({ cluster: { private: true } }, { cluster: MADE })).toEqual([]);
    expect(problems({ cluster: { private: true, ...API } }, { cluster: MADE })).toEqual([
      "platform.cluster.authorizedIps: addresses for an API server that has none itself",
    ]);
  });

  it("want pools, ranges and teams that can be", () => {
    const platform = {
      network: { addressSpace: "10.1.0.0/16", nodes: "10.2.0.0/24", endpoints: "10.1.0.0/26" },
      cluster: { ...API, podRange: "10.1.0.0/16", user: { min: 5, max: 2 }, administrators: ["nobody", "people"] },
    };
    const teams = {
      admins: { privileged: true, owners: ["ana.lima"], members: ["ana.lima"] },
      people: { owners: ["ana.lima"], members: ["jon.berg"] },
    };
    expect(problems(platform, { cluster: MADE, teams })).toEqual([
      "platform.cluster.user.min: 5",
      "platform.network.nodes: 10.2.0.0/24, outside of 10.1.0.0/16",
      "platform.cluster.podRange: 10.1.0.0/16, which overlaps 10.1.0.0/26 of network.endpoints",
      'platform.cluster.administrators[0]: "nobody"',
      "platform.cluster.administrators[1]: people, which is not privileged",
    ]);
  });

  it("want an existing vault's own name, and one of the subscription", () => {
    const vault = { existing: id("Microsoft.KeyVault/vaults", "kv-data") };
    expect(problems({ vault }, { keyVault: { name: "kv-data" } })).toEqual([]);
    expect(problems({ vault }, { keyVault: { name: "kv-other" } })).toEqual(['keyVault.name: "kv-other"']);
    const far = { existing: id("Microsoft.KeyVault/vaults", "kv-data", "6b0d2e9f-41c7-4f3a-b1d8-93a5e0c7f164") };
    expect(problems({ vault: far }, { keyVault: { name: "kv-data" } })).toEqual([
      "platform.vault.existing: a vault of another subscription",
    ]);
  });

  it("want no standby of a burstable server, and Redis' own port", () => {
    const charts = {
      image: "contoso.azurecr.io/charts:2.0.0",
      access: { Owner: ["admins"] },
      redis: { host: "contoso-prod.westeurope.redis.azure.net", port: 6380 },
    };
    const platform = { postgres: { name: "contoso-dev", size: "Standard_B2s" }, redis: { name: "contoso-prod" } };
    const proxy = {
      image: "contoso.azurecr.io/oauth2-proxy:7.15.3-alpine",
      redis: { host: "contoso-prod.westeurope.redis.azure.net" },
    };
    expect(problems(platform, { tools: { charts }, proxy })).toEqual([
      "tools.charts.redis.port: 6380",
      "platform.postgres.zoneRedundant: true with Standard_B2s",
      "proxy.redis.host: contoso-prod.westeurope.redis.azure.net, which knows no users by name",
    ]);
  });
});
