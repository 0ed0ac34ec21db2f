import { z } from "zod";
import type { ArmResource } from "../directory.ts";
import { childResourceRoutes } from "./child-resource.ts";
import { ArmError, armBadRequest } from "./errors.ts";
import { asyncOperationHeaders } from "./operations.ts";
import { referenced } from "./plain-resource.ts";
import type { ArmRequest, ArmRoute } from "./request.ts";
import { CLUSTER_TYPE, SUBNET_TYPE, type VIRTUAL_NETWORK_TYPE } from "./types.ts";

const count = z.int().min(0).max(1000);

/** What a pool of nodes says of itself, inside the cluster and as a resource of its own. */
export const poolShape = {
  mode: z.enum(["System", "User"]).default("User"),
  vmSize: z.string().regex(/^Standard_\w+$/),
  osType: z.literal("Linux").default("Linux"),
  osSKU: z.enum(["Ubuntu", "Ubuntu2204", "AzureLinux", "AzureLinux3"]).default("Ubuntu"),
  type: z.literal("VirtualMachineScaleSets").default("VirtualMachineScaleSets"),
  count: count.optional(),
  enableAutoScaling: z.boolean().default(false),
  minCount: count.optional(),
  maxCount: count.optional(),
  availabilityZones: z.array(z.enum(["1", "2", "3"])).optional(),
  vnetSubnetID: z.string("must name a subnet: the sandbox emulates no networks of Azure's own").min(1),
  enableEncryptionAtHost: z.boolean().default(false),
  enableNodePublicIP: z.boolean().default(false),
  nodeTaints: z.array(z.string().regex(/^[^=\s]+(=[^:\s]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/)).optional(),
  securityProfile: z.strictObject({ sshAccess: z.enum(["LocalUser", "Disabled"]).default("LocalUser") }).optional(),
  upgradeSettings: z
    .strictObject({
      maxSurge: z.string().optional(),
      undrainableNodeBehavior: z.enum(["Cordon", "Schedule"]).optional(),
    })
    .optional(),
};

interface Counted {
  readonly mode: string;
  readonly enableAutoScaling: boolean;
  readonly minCount?: number | undefined;
  readonly maxCount?: number | undefined;
}

/** The autoscaler needs both of its bounds; without it they mean nothing. */
export function refuseCount({ mode, enableAutoScaling, minCount, maxCount }: Counted): void {
  if (!enableAutoScaling) {
    if (minCount === undefined && maxCount === undefined) return;
    throw armBadRequest("minCount and maxCount need enableAutoScaling.", "InvalidParameter");
  }
  const least = mode === "System" ? 1 : 0;
  if (minCount !== undefined && maxCount !== undefined && least <= minCount && minCount <= maxCount) return;
  throw armBadRequest(`minCount must be at least ${least} and no greater than maxCount.`, "InvalidParameter");
}

/** A cluster takes one change at a time. */
const busy = (id: string) =>
  new ArmError(409, "OperationNotAllowed", `Operation is not allowed: another operation is in progress on ${id}.`);

const going = (request: ArmRequest, cluster: ArmResource) =>
  asyncOperationHeaders(request, cluster.location ?? "", "Microsoft.ContainerService");

const pools = childResourceRoutes({
  type: `${CLUSTER_TYPE}/agentPools`,
  parent: CLUSTER_TYPE,
  name: /^[a-z][a-z0-9]{0,11}$/,
  busy,
  body: z.strictObject({ properties: z.strictObject(poolShape) }),
  properties: (request, { properties }, { parent, before, id }) => {
    refuseCount(properties);
    referenced(request, properties.vnetSubnetID, SUBNET_TYPE as typeof VIRTUAL_NETWORK_TYPE, id);
    const inside = parent.properties.agentPoolProfiles as { name: string }[];
    if (inside.some(({ name }) => id.endsWith(`/${name}`))) {
      throw armBadRequest(`The cluster has a pool of that name among its own profiles.`, "InvalidParameter");
    }
    for (const key of ["vmSize", "vnetSubnetID", "osType"] as const) {
      if (before === undefined || before.properties[key] === properties[key]) continue;
      throw armBadRequest(`Changing property 'properties.${key}' is not allowed.`, "PropertyChangeNotAllowed");
    }
    const version = parent.properties.kubernetesVersion;
    return {
      ...properties,
      orchestratorVersion: version,
      currentOrchestratorVersion: version,
      provisioningState: "Succeeded",
    };
  },
  creating: going,
});

const WINDOWS = /^(default|aksManagedAutoUpgradeSchedule|aksManagedNodeOSUpgradeSchedule)$/;
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** https://learn.microsoft.com/azure/aks/planned-maintenance */
const windows = childResourceRoutes({
  type: `${CLUSTER_TYPE}/maintenanceConfigurations`,
  parent: CLUSTER_TYPE,
  name: WINDOWS,
  busy,
  body: z.strictObject({
    properties: z.strictObject({
      maintenanceWindow: z.strictObject({
        schedule: z.strictObject({
          weekly: z.strictObject({ dayOfWeek: z.enum(DAYS), intervalWeeks: z.int().min(1).max(4) }),
        }),
        durationHours: z.int().min(4).max(24),
        startTime: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
        utcOffset: z
          .string()
          .regex(/^[+-]\d\d:\d\d$/)
          .optional(),
        startDate: z.string().optional(),
      }),
    }),
  }),
  properties: (request, { properties }, { before }) => {
    const old = before?.properties.maintenanceWindow as { startDate?: string } | undefined;
    const startDate = old?.startDate ?? request.context.now().toISOString().slice(0, 10);
    return { maintenanceWindow: { startDate, ...properties.maintenanceWindow } };
  },
});

export const clusterPools: readonly ArmRoute[] = [...pools, ...windows];
