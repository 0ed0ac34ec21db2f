import { randomUUID } from "node:crypto";
import { z } from "zod";
import { MULTIFACTOR_COMBINATIONS } from "../../../../model/conditional-access/built-in-strengths.ts";
import { readBody } from "../body.ts";
import { entity, list } from "../query.ts";
import { type GraphRequest, type GraphResponse, type GraphRoute, NO_CONTENT, param } from "../request.ts";
import { readStrengths, writeStrengths } from "./access.ts";
import { strengthById, strengthsOf } from "./built-in-strengths.ts";
import type { StoredPolicy, StoredStrength } from "./data.ts";
import { refused, unknownObject } from "./errors.ts";
import { policyJson, strengthJson } from "./policy-json.ts";

const path = "/policies/authenticationStrengthPolicies";
const shape = { set: "policies/authenticationStrengthPolicies" };
const MOST_OWN = 15;

/** In Entra's spelling, whatever the order and the spaces. */
const combinations = z
  .array(z.string())
  .min(1)
  .transform((given, context) =>
    given.map((text) => {
      const found = MULTIFACTOR_COMBINATIONS.find((known) => sorted(known) === sorted(text));
      if (found === undefined)
        context.addIssue(
          `'${text}' is not one of the combinations ${MULTIFACTOR_COMBINATIONS.map((c) => `'${c}'`).join(", ")}`,
        );
      return found ?? text;
    }),
  );
const sorted = (combination: string) =>
  combination
    .split(",")
    .map((mode) => mode.trim())
    .sort()
    .join();

const displayName = z.string().min(1).max(256);
const description = z.string().nullable().optional();
const newStrength = z.strictObject({ displayName, description, allowedCombinations: combinations });
const strengthPatch = z.strictObject({ id: z.string().optional(), displayName: displayName.optional(), description });
const allowed = z.strictObject({ allowedCombinations: combinations });

/** https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy */
export const authenticationStrengthRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path,
    access: readStrengths,
    handle: (request) =>
      list(
        request,
        shape,
        strengthsOf(request.data).map((strength) => strengthJson(strength, request.version)),
      ),
  },
  { method: "POST", path, access: writeStrengths, handle: createStrength },
  {
    method: "GET",
    path: `${path}/:id`,
    access: readStrengths,
    handle: (request) => entity(request, shape, strengthJson(strengthOf(request), request.version)),
  },
  { method: "PATCH", path: `${path}/:id`, access: writeStrengths, handle: updateStrength },
  { method: "DELETE", path: `${path}/:id`, access: writeStrengths, handle: deleteStrength },
  {
    method: "POST",
    path: `${path}/:id/updateAllowedCombinations`,
    access: writeStrengths,
    handle: updateAllowedCombinations,
  },
  { method: "GET", path: `${path}/:id/usage`, access: readStrengths, handle: usage },
];

function strengthOf(request: GraphRequest): StoredStrength {
  const id = param(request, "id");
  const strength = strengthById(request.data, id);
  if (strength === undefined) throw unknownObject("AuthenticationStrengthPolicy", id);
  return strength;
}

/** Built-in strengths can be neither changed nor deleted. */
function ownStrengthOf(request: GraphRequest): StoredStrength {
  const strength = strengthOf(request);
  if (strength.policyType === "custom") return strength;
  throw refused(request.version, `The built-in authentication strength '${strength.displayName}' cannot be changed.`);
}

function createStrength(request: GraphRequest): GraphResponse {
  const body = readBody(request.body, newStrength, "authenticationStrengthPolicy");
  if (Object.keys(request.data.authenticationStrengths).length >= MOST_OWN)
    throw refused(request.version, `A tenant can have at most ${MOST_OWN} custom authentication strengths.`);
  const now = request.context.now().toISOString();
  const strength: StoredStrength = {
    id: randomUUID(),
    createdDateTime: now,
    modifiedDateTime: now,
    displayName: body.displayName,
    description: body.description ?? null,
    policyType: "custom",
    requirementsSatisfied: "mfa",
    allowedCombinations: body.allowedCombinations,
  };
  keep(request, strength);
  return entity(request, shape, strengthJson(strength, request.version), 201);
}

function updateStrength(request: GraphRequest): GraphResponse {
  const before = ownStrengthOf(request);
  const body = readBody(request.body, strengthPatch, "authenticationStrengthPolicy");
  const { displayName: name = before.displayName, description: text = before.description } = body;
  keep(request, { ...before, displayName: name, description: text });
  return NO_CONTENT;
}

function keep(request: GraphRequest, strength: StoredStrength): void {
  const { id, displayName: name } = strength;
  if (strengthsOf(request.data).some((other) => other.id !== id && other.displayName === name))
    throw refused(request.version, `There is already an authentication strength with the name '${name}'.`);
  request.context.store.mutate((data) => {
    data.authenticationStrengths[id] = { ...strength, modifiedDateTime: request.context.now().toISOString() };
  });
}

/** https://learn.microsoft.com/graph/api/authenticationstrengthpolicy-updateallowedcombinations */
function updateAllowedCombinations(request: GraphRequest): GraphResponse {
  const before = ownStrengthOf(request);
  const { allowedCombinations } = readBody(request.body, allowed, "updateAllowedCombinations");
  keep(request, { ...before, allowedCombinations });
  return {
    status: 200,
    body: {
      "@odata.context": `https://graph.microsoft.com/${request.version}/$metadata#microsoft.graph.updateAllowedCombinationsResult`,
      previousCombinations: before.allowedCombinations,
      currentCombinations: allowedCombinations,
      conditionalAccessReferences: policiesWith(request, before.id).map(({ id }) => id),
      additionalInformation: "",
    },
  };
}

/**
 * The policies that use the strength: under `mfa` those that nobody passes without it, under `none` those that offer another
 * way. https://learn.microsoft.com/graph/api/authenticationstrengthpolicy-usage
 */
function usage(request: GraphRequest): GraphResponse {
  const policies = policiesWith(request, strengthOf(request).id);
  const isNeeded = ({ grantControls }: StoredPolicy) =>
    grantControls?.operator === "AND" || grantControls?.builtInControls.length === 0;
  const form = { version: request.version, full: request.version === "beta" };
  const json = (policy: StoredPolicy) => policyJson(request.data, policy, form);
  return {
    status: 200,
    body: {
      "@odata.context": `https://graph.microsoft.com/${request.version}/$metadata#microsoft.graph.authenticationStrengthUsage`,
      mfa: policies.filter(isNeeded).map(json),
      none: policies.filter((policy) => !isNeeded(policy)).map(json),
    },
  };
}

function deleteStrength(request: GraphRequest): GraphResponse {
  const { id } = ownStrengthOf(request);
  const users = policiesWith(request, id);
  if (users.length > 0) {
    const names = users.map((policy) => policy.id).join(", ");
    throw refused(
      request.version,
      `AuthenticationStrengthPolicy with id ${id} cannot be deleted because it is referenced by one or more Conditional Access policies: ${names}.`,
    );
  }
  request.context.store.mutate((data) => {
    delete data.authenticationStrengths[id];
  });
  return NO_CONTENT;
}

function policiesWith(request: GraphRequest, strength: string): StoredPolicy[] {
  return Object.values(request.data.conditionalAccessPolicies).filter(
    ({ grantControls }) => grantControls?.authenticationStrength?.id === strength,
  );
}
