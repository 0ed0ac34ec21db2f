import { contains, overlap } from "../../address-ranges.ts";
import { declaredTools } from "../../declared-tools.ts";
import { createdCluster, nameOfId, redisHost } from "../../platform.ts";
import type { PlatformSettings } from "../platform/index.ts";
import { type Finding, shown } from "../problem.ts";
import type { CheckContext } from "./check.ts";

/** The platform fits itself and what the other keys say of it; without one, `cluster` says everything. */
export function checkPlatform(context: CheckContext): Finding[] {
  const { platform } = context.settings;
  if (platform === undefined || !context.sound("platform")) return issuer(context);
  return [
    ...issuer(context),
    ...cluster(platform),
    ...ranges(platform),
    ...teams(context, platform),
    ...vault(context, platform),
    ...stores(context, platform),
  ];
}

/** Only Azure knows the issuer of a cluster that is yet to be made; of any other one the settings say it. */
function issuer({ settings, sound }: CheckContext): Finding[] {
  const { oidcIssuer, context } = settings.cluster;
  if (!sound("cluster") || !sound("platform")) return [];
  if (createdCluster(settings.platform) === undefined) {
    if (oidcIssuer !== undefined) return [];
    return [
      {
        path: ["cluster", "oidcIssuer"],
        found: "nothing",
        allowed: "an https URL without query or fragment",
        fix: "Add cluster.oidcIssuer, such as https://oidc.contoso.com/cluster-1, or let platform.cluster make the cluster.",
      },
    ];
  }
  const twice = { oidcIssuer, context };
  return Object.entries(twice).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [
          {
            path: ["cluster", key],
            found: shown(value),
            allowed: `nothing, where platform.cluster makes the cluster: Azure says its ${key === "context" ? "address" : "issuer"}`,
            fix: `Remove cluster.${key}, or name the cluster in platform.cluster.existing.`,
          },
        ],
  );
}

function cluster(platform: PlatformSettings): Finding[] {
  const made = createdCluster(platform);
  if (made === undefined) return [];
  const open: Finding[] =
    made.private === made.authorizedIps.length > 0
      ? [
          {
            path: ["platform", "cluster", "authorizedIps"],
            found: made.private
              ? "addresses for an API server that has none itself"
              : "nothing: anybody could ask the API server",
            allowed: "addresses, or private: true, one of them",
            fix: made.private
              ? "Remove authorizedIps."
              : "Add the addresses of people and of `pulumi up`, or private: true.",
          },
        ]
      : [];
  const pools = (["system", "user"] as const).flatMap((key) =>
    made[key].min <= made[key].max
      ? []
      : [
          {
            path: ["platform", "cluster", key, "min"],
            found: String(made[key].min),
            allowed: `at most max, ${made[key].max}`,
            fix: "Lower min, or raise max.",
          },
        ],
  );
  return [...open, ...pools];
}

/** https://learn.microsoft.com/azure/aks/concepts-network-cni-overlay: pods, services and network stay apart. */
function ranges(platform: PlatformSettings): Finding[] {
  const { network } = platform;
  if ("existing" in network) return [];
  const outside = (["nodes", "endpoints"] as const)
    .filter((key) => !contains(network.addressSpace, network[key]))
    .map((key) => ({
      path: ["platform", "network", key],
      found: `${network[key]}, outside of ${network.addressSpace}`,
      allowed: "a part of addressSpace",
      fix: "Choose a part of addressSpace.",
    }));
  const made = createdCluster(platform);
  const apart: [PropertyKey[], string][] = [
    [["network", "nodes"], network.nodes],
    [["network", "endpoints"], network.endpoints],
    ...(made === undefined
      ? []
      : ([
          [["cluster", "podRange"], made.podRange],
          [["cluster", "serviceRange"], made.serviceRange],
        ] as [PropertyKey[], string][])),
  ];
  const clashes = apart.flatMap(([path, range], index) =>
    apart
      .slice(0, index)
      .filter(([, other]) => overlap(range, other))
      .map(([other, taken]) => ({
        path: ["platform", ...path],
        found: `${range}, which overlaps ${taken} of ${other.join(".")}`,
        allowed: "ranges apart from each other",
        fix: "Move one of them.",
      })),
  );
  return [...outside, ...clashes];
}

function teams({ settings, sound }: CheckContext, platform: PlatformSettings): Finding[] {
  if (!sound("teams")) return [];
  const named: [string, readonly string[]][] = [
    ["cluster", createdCluster(platform)?.administrators ?? []],
    ["postgres", platform.postgres && "name" in platform.postgres ? platform.postgres.administrators : []],
  ];
  return named.flatMap(([part, administrators]) =>
    administrators.flatMap((team, index) => {
      const path = ["platform", part, "administrators", index];
      const known = settings.teams[team];
      if (known === undefined) {
        return [
          {
            path,
            found: shown(team),
            allowed: `a team: ${Object.keys(settings.teams).join(", ")}`,
            fix: "Name a team of teams.",
          },
        ];
      }
      if (known.privileged) return [];
      return [
        {
          path,
          found: `${team}, which is not privileged`,
          allowed: "teams with privileged: true",
          fix: `Set teams.${team}.privileged to true, or name another team.`,
        },
      ];
    }),
  );
}

function vault({ settings, sound }: CheckContext, { vault: given }: PlatformSettings): Finding[] {
  if (given === undefined || !sound("keyVault") || !sound("subscriptionId")) return [];
  const { subscriptionId, keyVault } = settings;
  const name = nameOfId(given.existing);
  const named: Finding[] =
    keyVault.name === name
      ? []
      : [
          {
            path: ["keyVault", "name"],
            found: shown(keyVault.name),
            allowed: `${name}, the name of platform.vault.existing`,
            fix: `Write keyVault: { name: ${name} }.`,
          },
        ];
  const elsewhere: Finding[] = given.existing
    .toLowerCase()
    .startsWith(`/subscriptions/${subscriptionId.toLowerCase()}/`)
    ? []
    : [
        {
          path: ["platform", "vault", "existing"],
          found: "a vault of another subscription",
          allowed: `a vault of ${subscriptionId}: secrets are written with the environment's own provider`,
          fix: "Name a vault of the environment's subscription, or let the environment make its own.",
        },
      ];
  return [...named, ...elsewhere];
}

/** Managed Redis answers at port 10000 with TLS alone; a burstable server has no standby. */
function stores({ settings, contracts, sound }: CheckContext, { postgres }: PlatformSettings): Finding[] {
  const findings: Finding[] = [];
  if (postgres !== undefined && "name" in postgres && postgres.zoneRedundant && /^Standard_B/.test(postgres.size)) {
    findings.push({
      path: ["platform", "postgres", "zoneRedundant"],
      found: `true with ${postgres.size}`,
      allowed: "false, or a D or E size: burstable servers have no standby",
      fix: "Set zoneRedundant to false, or choose another size.",
    });
  }
  const host = redisHost(settings);
  if (host === undefined || !sound("tools") || !sound("proxy")) return findings;
  for (const { path, tool } of declaredTools(settings, contracts)) {
    const { redis } = tool as { redis?: { host: string; port: number } };
    if (redis === undefined || redis.host !== host || redis.port === 10_000) continue;
    findings.push({
      path: [...path, "redis", "port"],
      found: String(redis.port),
      allowed: "10000, the one port of the platform's Redis",
      fix: "Write port: 10000.",
    });
  }
  if (settings.proxy?.redis.host === host) {
    findings.push({
      path: ["proxy", "redis", "host"],
      found: `${host}, which knows no users by name`,
      allowed: "a Redis with a user for each proxy (docs/proxy.md)",
      fix: "Name a Redis or Valkey of your own.",
    });
  }
  return findings;
}
