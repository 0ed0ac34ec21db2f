import { contains, isPrivate, overlap, prefixLength, startsItsRange } from "../../../model/address-ranges.ts";
import type { ContractProblem } from "../../../model/tool-contract.ts";
import type { DatabricksGrants, DatabricksSettings } from "./settings.ts";

/** The largest IP access lists that a workspace takes, all lists together (docs.databricks.com, IP access lists). */
const MAX_ADDRESSES = 1000;

/** Rules of the settings that span several keys. */
export function databricksProblems(settings: DatabricksSettings): ContractProblem[] {
  return [
    ...networkProblems(settings.network),
    ...addressProblems(settings),
    ...roleProblems(settings),
    ...grantProblems(settings),
    ...serviceProblems(settings),
    ...(settings.egress.length === 0
      ? []
      : [
          {
            path: ["egress"],
            found: "hosts that clusters may reach",
            allowed: "no egress: clusters reach the internet through the network's NAT gateway",
            fix: "Remove egress; hold clusters back with a firewall behind the subnets' route, or with serverless network policies.",
          },
        ]),
  ];
}

/** https://learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject */
function networkProblems({
  addressSpace,
  publicSubnet,
  privateSubnet,
}: DatabricksSettings["network"]): ContractProblem[] {
  const problem = (key: string, found: string, allowed: string, fix: string): ContractProblem => ({
    path: ["network", key],
    found,
    allowed,
    fix,
  });
  const bits = prefixLength(addressSpace);
  const size =
    bits >= 16 && bits <= 24
      ? []
      : [problem("addressSpace", `a network of /${bits}`, "a network from /16 to /24", "Choose another size.")];
  const subnets = { publicSubnet, privateSubnet };
  const each = Object.entries({ addressSpace, ...subnets }).flatMap(([key, value]) =>
    startsItsRange(value)
      ? []
      : [problem(key, value, "a range that begins with its first address", "Set the bits behind the prefix to zero.")],
  );
  const inside = Object.entries(subnets).flatMap(([key, value]) => [
    ...(contains(addressSpace, value)
      ? []
      : [
          problem(
            key,
            `${value}, outside of ${addressSpace}`,
            "a part of addressSpace",
            "Choose a part of addressSpace.",
          ),
        ]),
    ...(prefixLength(value) <= 26
      ? []
      : [problem(key, `a subnet of /${prefixLength(value)}`, "a subnet of /26 or larger", "Make the subnet larger.")]),
  ]);
  const apart = overlap(publicSubnet, privateSubnet)
    ? [problem("privateSubnet", `${privateSubnet}, which overlaps ${publicSubnet}`, "two subnets apart", "Move one.")]
    : [];
  return [...size, ...each, ...inside, ...apart];
}

function addressProblems({ allowedIps, deployerIps }: DatabricksSettings): ContractProblem[] {
  const problems: ContractProblem[] = [];
  if (allowedIps.length > 0 && deployerIps.length === 0) {
    problems.push({
      path: ["deployerIps"],
      found: "nothing, though allowedIps closes the workspace",
      allowed: "the addresses from which pulumi up runs",
      fix: "Add them: without them the next pulumi up is locked out.",
    });
  }
  if (allowedIps.length === 0 && deployerIps.length > 0) {
    problems.push({
      path: ["allowedIps"],
      found: "nothing, though deployerIps closes the workspace",
      allowed: "the addresses from which people open the workspace",
      fix: "Add them, or remove deployerIps to let everybody in.",
    });
  }
  for (const key of ["allowedIps", "deployerIps"] as const) {
    const list = key === "allowedIps" ? allowedIps : deployerIps;
    for (const [index, text] of list.entries()) {
      if (!isPrivate(text)) continue;
      problems.push({
        path: [key, index],
        found: `${text}, which no service on the internet ever sees`,
        allowed: "public addresses",
        fix: "Write the address that your network shows outside.",
      });
    }
  }
  if (allowedIps.length + deployerIps.length >= MAX_ADDRESSES) {
    problems.push({
      path: ["allowedIps"],
      found: `${allowedIps.length + deployerIps.length} addresses`,
      allowed: `fewer than ${MAX_ADDRESSES} with deployerIps, as one more is the clusters' own`,
      fix: "Join addresses into ranges.",
    });
  }
  return problems;
}

/** Consumer access cannot stand beside another entitlement of the same group. */
function roleProblems({ access }: DatabricksSettings): ContractProblem[] {
  const others = new Set(Object.entries(access).flatMap(([role, teams]) => (role === "viewer" ? [] : teams)));
  return (access.viewer ?? []).flatMap((team, index) =>
    others.has(team)
      ? [
          {
            path: ["access", "viewer", index],
            found: `the team ${team}, which has another role too`,
            allowed: "viewer alone: Databricks gives consumer access and other entitlements to no group together",
            fix: "Remove it here: the other role can do more.",
          },
        ]
      : [],
  );
}

function grantProblems({ access, grants, services }: DatabricksSettings): ContractProblem[] {
  const assigned = new Set(Object.values(access).flat());
  const strangers = Object.keys(grants)
    .filter((team) => !assigned.has(team))
    .map((team) => ({
      path: ["grants", team],
      found: "a team without a role in the workspace",
      allowed: "teams that access names",
      fix: `Give ${team} a role under access, or remove it here.`,
    }));
  const closed = [
    ...Object.entries(grants).flatMap(([team, given]) => closedParents(["grants", team], given)),
    ...Object.entries(services).flatMap(([name, { grants: given }]) =>
      closedParents(["services", name, "grants"], given),
    ),
  ];
  return [...strangers, ...closed];
}

/** Unity Catalog opens nothing below a catalog without USE_CATALOG, and nothing below a schema without USE_SCHEMA. */
function closedParents(path: readonly string[], { catalogs, schemas, models }: DatabricksGrants): ContractProblem[] {
  const problem = (kind: string, key: string, privilege: string, place: string): ContractProblem => ({
    path: [...path, kind, key],
    found: `rights on ${key} without ${privilege} on ${place}, which open nothing`,
    allowed: `rights together with ${privilege} on what holds it`,
    fix: `Add ${privilege} on ${place}.`,
  });
  const below = [
    ...Object.keys(schemas).map((key) => ["schemas", key]),
    ...Object.keys(models).map((key) => ["models", key]),
  ];
  return below.flatMap(([kind = "", key = ""]) => {
    const [catalog = "", schema = ""] = key.split(".");
    const problems: ContractProblem[] = [];
    if (!catalogs[catalog]?.includes("USE_CATALOG")) problems.push(problem(kind, key, "USE_CATALOG", catalog));
    const opens = (held: readonly string[] | undefined) => held?.includes("USE_SCHEMA") === true;
    if (!opens(schemas[`${catalog}.${schema}`]) && !opens(catalogs[catalog])) {
      problems.push(problem(kind, key, "USE_SCHEMA", `${catalog}.${schema}`));
    }
    return problems;
  });
}

function serviceProblems({ services }: DatabricksSettings): ContractProblem[] {
  const identities = new Map<string, string>();
  return Object.entries(services).flatMap(([name, { federation, managedIdentity }]): ContractProblem[] => {
    const path = ["services", name];
    if ((federation === undefined) === (managedIdentity === undefined)) {
      const found = federation === undefined ? "no identity" : "two identities";
      return [{ path, found, allowed: "federation or managedIdentity, one of them", fix: "Say which one it is." }];
    }
    const identity = managedIdentity?.toLowerCase() ?? `${federation?.namespace}/${federation?.serviceAccount}`;
    const other = identities.get(identity);
    identities.set(identity, name);
    if (other === undefined) return [];
    return [
      {
        path,
        found: `the identity of ${other}`,
        allowed: "an identity of its own for every program",
        fix: `Join it with ${other}, or name another identity.`,
      },
    ];
  });
}
