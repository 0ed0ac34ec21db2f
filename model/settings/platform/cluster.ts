import { z } from "zod";
import { described } from "../described.ts";
import { addressRange, choice, flag, resourceId, teamList, wholeNumber } from "./existing.ts";

const size = (standard: string) =>
  described(
    z
      .string()
      .regex(/^Standard_[A-Z][A-Za-z0-9_]{1,30}$/)
      .default(standard),
    {
      description: `Size of the virtual machines. Default: ${standard}.`,
      allowed: "the name of a size, such as Standard_D4ds_v5",
      example: standard,
    },
  );

const pool = (description: string, standard: { size: string; min: number; max: number }) =>
  described(
    z
      .strictObject({
        size: size(standard.size),
        min: wholeNumber("Fewest nodes.", [1, 100], standard.min),
        max: wholeNumber("Most nodes.", [1, 100], standard.max),
      })
      .prefault({}),
    { description, allowed: "the keys size, min and max", example: standard },
  );

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

const upgrades = described(
  z
    .strictObject({
      channel: choice("What the cluster takes by itself.", ["patch", "stable", "rapid", "none"], "patch"),
      nodeImages: choice("What its nodes take by themselves.", ["NodeImage", "SecurityPatch", "None"], "NodeImage"),
      day: choice("Day of the week.", DAYS, "Sunday"),
      startHour: wholeNumber("Hour of the day at which it begins, in UTC.", [0, 23], 1),
      hours: wholeNumber("How long it may take, in hours.", [4, 24], 4),
    })
    .prefault({}),
  {
    description: "What the cluster upgrades by itself, and in which hours of the week.",
    allowed: "the keys channel, nodeImages, day, startHour and hours",
    example: { channel: "patch", day: "Sunday", startHour: 1, hours: 4 },
  },
);

const created = z.strictObject({
  kubernetesVersion: described(
    z
      .string()
      .regex(/^1\.\d{2}$/)
      .default("1.36"),
    {
      description:
        "Minor version of Kubernetes; Azure chooses its newest patch. Upgrades skip no minor. Default: 1.36.",
      allowed: 'a minor version in quotes, such as "1.36"',
      example: "1.36",
    },
  ),
  tier: choice(
    "What Azure promises for the API server: nothing, 99.95 %, or that with two years of support.",
    ["Free", "Standard", "Premium"],
    "Standard",
  ),
  private: flag(
    "Whether the API server has no public address. Then only a runner inside the network can deploy.",
    false,
  ),
  authorizedIps: described(z.array(addressRange("A range of addresses.", "203.0.113.10/32")).max(199).default([]), {
    description:
      "Public addresses from which the API server answers, beside the cluster's own: those from which people and `pulumi up` come.",
    allowed: "a list of at most 199 IPv4 ranges in CIDR notation",
    example: ["203.0.113.10/32"],
  }),
  administrators: teamList(
    "Teams that may do everything in the cluster (Azure Kubernetes Service RBAC Cluster Admin). Default: none.",
    ["bi-admins"],
  ),
  zones: described(z.array(z.number().int().min(1).max(3)).min(1).max(3).default([1, 2, 3]), {
    description: "Availability zones of the nodes. Default: all three.",
    allowed: "a list of 1, 2 and 3",
    example: [1, 2, 3],
  }),
  system: pool("The pool of the cluster's own pods.", { size: "Standard_D4ds_v5", min: 2, max: 3 }),
  user: pool("The pool of the tools' pods.", { size: "Standard_D8ds_v5", min: 2, max: 6 }),
  podRange: addressRange(
    "Range of the pods; one node takes a /24 of it. Default: 10.244.0.0/16.",
    "10.244.0.0/16",
  ).default("10.244.0.0/16"),
  serviceRange: addressRange("Range of the cluster's services. Default: 10.0.0.0/16.", "10.0.0.0/16").default(
    "10.0.0.0/16",
  ),
  upgrades,
});

const existing = z.strictObject({
  existing: resourceId(
    "The cluster to use. `cluster.oidcIssuer` and `cluster.context` say the rest.",
    "Microsoft.ContainerService/managedClusters",
    "aks-data",
  ),
});

/** `platform.cluster`: Azure Kubernetes Service. */
export const platformCluster = described(z.union([existing, created]).optional(), {
  description:
    "The Kubernetes cluster: made so, or one that exists and whose logs are kept. Default: neither; `cluster` names one that others keep.",
  allowed:
    "existing, or the keys kubernetesVersion, tier, private, authorizedIps, administrators, zones, system, user, podRange, serviceRange and upgrades",
  example: { authorizedIps: ["203.0.113.10/32"], administrators: ["bi-admins"] },
});
