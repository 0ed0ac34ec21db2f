import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { DatabricksPrincipal, FederationPolicy } from "./data.ts";
import { DatabricksError, invalid, missing } from "./errors.ts";
import { change, type DatabricksRequest, param, type Route, readBody } from "./request.ts";
import { servicePrincipalOf } from "./service-principals.ts";

const path = "/api/2.0/accounts/:account/servicePrincipals/:principal/federationPolicies";
/** Databricks takes twenty policies per service principal. */
const MAX_POLICIES = 20;

const body = z.strictObject({
  description: z.string().max(1024).optional(),
  oidc_policy: z.strictObject({
    issuer: z.url({ protocol: /^https$/ }),
    audiences: z.array(z.string().min(1)).optional(),
    subject: z.string("must be given for a service principal's policy").min(1),
    subject_claim: z.string().min(1).optional(),
  }),
});

/** https://docs.databricks.com/api/authentication/v1/service-principal-federation-policy */
export const policyRoutes: readonly Route<DatabricksRequest>[] = [
  { method: "POST", path, handle: create },
  { method: "GET", path: `${path}/:policy`, handle: (request) => ({ body: policyJson(request, policyOf(request)) }) },
  {
    method: "PATCH",
    path: `${path}/:policy`,
    handle: (request) => {
      const policy = policyOf(request);
      const asked = fields(readBody(request, body));
      change(request, () => Object.assign(policy, asked, { updateTime: request.context.now().toISOString() }));
      return { body: policyJson(request, policy) };
    },
  },
  {
    method: "DELETE",
    path: `${path}/:policy`,
    handle: (request) => {
      const { policyId } = policyOf(request);
      const principal = servicePrincipalOf(request, "principal");
      change(request, () => delete principal.policies?.[policyId]);
      return { body: {} };
    },
  },
];

function fields({ description, oidc_policy: { issuer, audiences, subject, subject_claim } }: z.output<typeof body>) {
  return { description, issuer, audiences, subject, subjectClaim: subject_claim };
}

function policyOf(request: DatabricksRequest): FederationPolicy {
  const id = param(request, "policy");
  const found = servicePrincipalOf(request, "principal").policies?.[id];
  if (found === undefined) throw missing(`Federation policy ${id} does not exist.`);
  return found;
}

function create(request: DatabricksRequest) {
  const principal: DatabricksPrincipal = servicePrincipalOf(request, "principal");
  const policyId = request.query.get("policy_id") ?? randomUUID();
  if (!/^[a-z0-9/-]{2,63}$/.test(policyId)) throw invalid(`The policy id ${policyId} is invalid.`);
  const asked = fields(readBody(request, body));
  const policies = principal.policies ?? {};
  if (policies[policyId] !== undefined) {
    throw new DatabricksError(409, "RESOURCE_ALREADY_EXISTS", `Federation policy ${policyId} already exists.`);
  }
  if (Object.keys(policies).length >= MAX_POLICIES) {
    throw new DatabricksError(400, "RESOURCE_EXHAUSTED", `A service principal has at most ${MAX_POLICIES} policies.`);
  }
  const now = request.context.now().toISOString();
  const policy: FederationPolicy = { uid: randomUUID(), policyId, ...asked, createTime: now, updateTime: now };
  change(request, () => {
    principal.policies = { ...policies, [policyId]: policy };
  });
  return { body: policyJson(request, policy) };
}

function policyJson(request: DatabricksRequest, policy: FederationPolicy): unknown {
  const { issuer, audiences, subject, subjectClaim, description, policyId, uid, createTime, updateTime } = policy;
  const principal = param(request, "principal");
  return {
    name: `accounts/${request.data.account.id}/servicePrincipals/${principal}/federationPolicies/${policyId}`,
    uid,
    policy_id: policyId,
    service_principal_id: Number(principal),
    ...(description !== undefined && { description }),
    oidc_policy: { issuer, audiences, subject, ...(subjectClaim !== undefined && { subject_claim: subjectClaim }) },
    create_time: createTime,
    update_time: updateTime,
  };
}
