import type { ArmResource, Directory } from "../directory.ts";
import { mayAct } from "./access.ts";
import { ArmError, armBadRequest } from "./errors.ts";
import { type ArmRequest, type ArmRoute, armParam, findResource, subscriptionScope } from "./request.ts";
import { providerTypes } from "./versions.ts";

export const SUBSCRIPTION_TYPE = "Microsoft.Resources/subscriptions";

/** Tenants, subscriptions and resource providers: what is there before anybody deploys. */
export const subscriptionRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path: "/tenants",
    type: "Microsoft.Resources/tenants",
    handle: ({ data }) => ({
      status: 200,
      body: {
        value: [
          {
            id: `/tenants/${data.tenantId}`,
            tenantId: data.tenantId,
            displayName: data.domains[0]?.split(".")[0] ?? "",
            defaultDomain: data.domains[0] ?? "",
            domains: data.domains,
            tenantCategory: "Home",
          },
        ],
      },
    }),
  },
  {
    method: "GET",
    path: "/subscriptions",
    type: SUBSCRIPTION_TYPE,
    handle: ({ data, caller }) => ({
      status: 200,
      body: {
        value: Object.values(data.armResources)
          .filter(
            ({ type, id }) =>
              type === SUBSCRIPTION_TYPE && mayAct(data, caller.objectId, `${SUBSCRIPTION_TYPE}/read`, id),
          )
          .map((subscription) => subscriptionJson(data, subscription)),
      },
    }),
  },
  {
    method: "GET",
    path: "/subscriptions/:subscription",
    type: SUBSCRIPTION_TYPE,
    needs: { action: `${SUBSCRIPTION_TYPE}/read`, scope: subscriptionScope },
    handle: (request) => ({ status: 200, body: subscriptionJson(request.data, subscriptionOf(request)) }),
  },
  {
    method: "GET",
    path: "/subscriptions/:subscription/providers",
    type: "Microsoft.Resources/providers",
    needs: { action: "Microsoft.Resources/subscriptions/providers/read", scope: subscriptionScope },
    handle: (request) => ({
      status: 200,
      body: { value: [...providerTypes().keys()].map((namespace) => providerJson(request, namespace)) },
    }),
  },
  {
    method: "GET",
    path: "/subscriptions/:subscription/providers/:namespace",
    type: "Microsoft.Resources/providers",
    needs: { action: "Microsoft.Resources/subscriptions/providers/read", scope: subscriptionScope },
    handle: (request) => ({ status: 200, body: providerJson(request, armParam(request, "namespace")) }),
  },
  {
    method: "POST",
    path: "/subscriptions/:subscription/providers/:namespace/register",
    type: "Microsoft.Resources/providers",
    needs: { action: "Microsoft.Resources/subscriptions/providers/register/action", scope: subscriptionScope },
    handle: (request) => ({ status: 200, body: providerJson(request, armParam(request, "namespace")) }),
  },
];

/** The subscription of the path; 400 for what is no id, 404 `SubscriptionNotFound`. */
export function subscriptionOf(request: ArmRequest): ArmResource {
  const id = armParam(request, "subscription");
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) {
    throw armBadRequest(
      `The provided subscription identifier '${id}' is malformed or invalid.`,
      "InvalidSubscriptionId",
    );
  }
  const subscription = findResource(request.data, subscriptionScope(request));
  if (subscription === undefined) {
    throw new ArmError(404, "SubscriptionNotFound", `The subscription '${id}' could not be found.`);
  }
  return subscription;
}

function subscriptionJson(data: Directory, subscription: ArmResource): unknown {
  return {
    id: subscription.id,
    subscriptionId: subscription.name,
    tenantId: data.tenantId,
    displayName: subscription.properties.displayName,
    state: "Enabled",
    authorizationSource: "RoleBased",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
  };
}

/** The sandbox's subscription has every provider registered that the sandbox emulates, and no others. */
function providerJson(request: ArmRequest, asked: string): unknown {
  const found = [...providerTypes()].find(([namespace]) => namespace.toLowerCase() === asked.toLowerCase());
  if (found === undefined) {
    throw new ArmError(404, "InvalidResourceNamespace", `The resource namespace '${asked}' is invalid.`);
  }
  const [namespace, resourceTypes] = found;
  return {
    id: `${subscriptionScope(request)}/providers/${namespace}`,
    namespace,
    registrationPolicy: "RegistrationRequired",
    registrationState: "Registered",
    resourceTypes: resourceTypes.map((type) => ({ ...type, locations: [], capabilities: "None" })),
  };
}
