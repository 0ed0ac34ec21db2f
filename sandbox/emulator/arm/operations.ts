import { z } from "zod";
import { ArmError } from "./errors.ts";
import { type ArmRequest, type ArmResponse, type ArmRoute, armParam, subscriptionScope } from "./request.ts";

/** How long an asynchronous operation shows as running. The work itself is done before the first answer. */
const RUNNING_MS = 1000;
const RETRY_AFTER_SECONDS = "1";
const HOST = "https://management.azure.com";

const operation = z.object({ startedAt: z.number() });

/**
 * Whether work that began then still shows as running. It follows from the clock alone, so that an operation survives a
 * restart of the sandbox.
 */
export function isRunning(request: ArmRequest, startedAt: number): boolean {
  return request.context.now().getTime() < startedAt + RUNNING_MS;
}

function tokenFor(request: ArmRequest): string {
  return Buffer.from(JSON.stringify({ startedAt: request.context.now().getTime() })).toString("base64url");
}

function startedAt(token: string): number {
  try {
    return operation.parse(JSON.parse(Buffer.from(token, "base64url").toString("utf8"))).startedAt;
  } catch {
    throw new ArmError(404, "OperationNotFound", `The operation '${token}' was not found.`);
  }
}

/** 202 with `Location`, as deleting a resource group and purging a vault answer. */
export function acceptedWithLocation(request: ArmRequest): ArmResponse {
  const location = `${HOST}${subscriptionScope(request)}/operationresults/${tokenFor(request)}?api-version=${request.apiVersion}`;
  return { status: 202, headers: { Location: location, "Retry-After": RETRY_AFTER_SECONDS } };
}

/** Resource providers whose creations go on after their answer. */
const SLOW_PROVIDERS = [
  "Microsoft.KeyVault",
  "Microsoft.Databricks",
  "Microsoft.ContainerService",
  "Microsoft.DBforPostgreSQL",
  "Microsoft.Cache",
  "Microsoft.Network",
] as const;
type SlowProvider = (typeof SLOW_PROVIDERS)[number];

/** The headers of a creation that goes on after its answer. */
export function asyncOperationHeaders(
  request: ArmRequest,
  region: string,
  provider: SlowProvider = "Microsoft.KeyVault",
): Record<string, string> {
  const path = `${subscriptionScope(request)}/providers/${provider}/locations/${region}/operationResults/${tokenFor(request)}`;
  return {
    "Azure-AsyncOperation": `${HOST}${path}?api-version=${request.apiVersion}`,
    "Retry-After": RETRY_AFTER_SECONDS,
  };
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations */
export const operationRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path: "/subscriptions/:subscription/operationresults/:operation",
    type: "Microsoft.Resources/resourceGroups",
    handle: (request) => locationStatus(request),
  },
  ...SLOW_PROVIDERS.map(operationRoute),
];

function operationRoute(provider: SlowProvider): ArmRoute {
  return {
    method: "GET",
    path: `/subscriptions/:subscription/providers/${provider}/locations/:location/operationResults/:operation`,
    type: `${provider}/operationResults`,
    handle: (request) => {
      const token = armParam(request, "operation");
      const start = startedAt(token);
      const running = isRunning(request, start);
      return {
        status: 200,
        ...(running && { headers: { "Retry-After": RETRY_AFTER_SECONDS } }),
        body: {
          name: token,
          status: running ? "InProgress" : "Succeeded",
          startTime: new Date(start).toISOString(),
          ...(!running && { endTime: new Date(start + RUNNING_MS).toISOString() }),
        },
      };
    },
  };
}

function locationStatus(request: ArmRequest): ArmResponse {
  const token = armParam(request, "operation");
  if (!isRunning(request, startedAt(token))) return { status: 200 };
  const location = `${HOST}${subscriptionScope(request)}/operationresults/${token}?api-version=${request.apiVersion}`;
  return { status: 202, headers: { Location: location, "Retry-After": RETRY_AFTER_SECONDS } };
}
