import { randomUUID } from "node:crypto";
import { mergePatch } from "../body.ts";
import { entity, list } from "../query.ts";
import { type GraphRequest, type GraphResponse, type GraphRoute, NO_CONTENT, param } from "../request.ts";
import { readPolicies, writePolicies } from "./access.ts";
import type { StoredPolicy } from "./data.ts";
import { unknownObject } from "./errors.ts";
import { normalised } from "./normalise.ts";
import { policyJson } from "./policy-json.ts";
import { checkReferences } from "./references.ts";
import { checkPolicy } from "./rules.ts";
import { readPolicy, readPolicyPatch } from "./schema.ts";

const path = "/identity/conditionalAccess/policies";
const shape = { set: "identity/conditionalAccess/policies" };

/** https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy */
export const conditionalAccessPolicyRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path,
    access: readPolicies,
    handle: (request) =>
      list(
        request,
        shape,
        Object.values(request.data.conditionalAccessPolicies).map((policy) => json(request, policy)),
      ),
  },
  { method: "POST", path, access: writePolicies, handle: createPolicy },
  {
    method: "GET",
    path: `${path}/:id`,
    access: readPolicies,
    handle: (request) => entity(request, shape, json(request, policyOf(request))),
  },
  { method: "PATCH", path: `${path}/:id`, access: writePolicies, handle: updatePolicy },
  {
    method: "DELETE",
    path: `${path}/:id`,
    access: writePolicies,
    handle: (request) => {
      const { id } = policyOf(request);
      request.context.store.mutate((data) => {
        delete data.conditionalAccessPolicies[id];
      });
      return NO_CONTENT;
    },
  },
];

const json = (request: GraphRequest, policy: StoredPolicy) =>
  policyJson(request.data, policy, { version: request.version, full: request.version === "beta" });

function policyOf(request: GraphRequest): StoredPolicy {
  const id = param(request, "id").toLowerCase();
  const policy = request.data.conditionalAccessPolicies[id];
  if (policy === undefined) throw unknownObject("ConditionalAccessPolicy", id);
  return policy;
}

function createPolicy(request: GraphRequest): GraphResponse {
  const policy: StoredPolicy = {
    id: randomUUID(),
    templateId: null,
    createdDateTime: request.context.now().toISOString(),
    modifiedDateTime: null,
    ...normalised(readPolicy(request.body, request.version)),
  };
  keep(request, policy);
  return entity(request, shape, json(request, policy), 201);
}

/**
 * Conditions are laid over the stored ones, as Graph does (https://github.com/hashicorp/terraform-provider-azuread/issues/1196);
 * controls are replaced as wholes, and go away with null.
 */
function updatePolicy(request: GraphRequest): GraphResponse {
  const before = policyOf(request);
  const { grantControls, sessionControls, ...patch } = readPolicyPatch(request.body, request.version);
  const merged = mergePatch(before, patch);
  const after: StoredPolicy = {
    ...before,
    ...normalised({
      displayName: merged.displayName,
      state: merged.state,
      conditions: merged.conditions,
      grantControls: grantControls === undefined ? before.grantControls : grantControls,
      sessionControls: sessionControls === undefined ? before.sessionControls : sessionControls,
    }),
    modifiedDateTime: request.context.now().toISOString(),
  };
  keep(request, after, before);
  return NO_CONTENT;
}

function keep(request: GraphRequest, policy: StoredPolicy, before?: StoredPolicy): void {
  checkPolicy(policy, request.version);
  checkReferences(request.data, policy, before, request.version);
  request.context.store.mutate((data) => {
    data.conditionalAccessPolicies[policy.id] = policy;
  });
}
