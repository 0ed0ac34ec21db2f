import { z } from "zod";
import type { ArmResource } from "../directory.ts";
import { ArmError, armBadRequest, armConflict } from "./errors.ts";
import { identityOf, identityScope } from "./identities.ts";
import { oneWriter } from "./one-writer.ts";
import {
  type ArmRequest,
  type ArmResponse,
  type ArmRoute,
  armParam,
  findResource,
  readArmBody,
  resourcesUnder,
} from "./request.ts";
import { FEDERATED_CREDENTIAL_TYPE } from "./types.ts";

const path =
  "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/:identity/federatedIdentityCredentials";
const type =
  FEDERATED_CREDENTIAL_TYPE as "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials";

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const MAX_CREDENTIALS = 20;

const credentialBody = z.strictObject({
  properties: z.strictObject({
    issuer: z.string().min(1).max(600),
    subject: z.string().min(1).max(600),
    audiences: z.array(z.string().min(1).max(600)).length(1, "must hold exactly one audience"),
  }),
});

const credentialScope = (request: ArmRequest) =>
  `${identityScope(request)}/federatedIdentityCredentials/${armParam(request, "credential")}`;
const needs = (right: string) => ({ action: `${FEDERATED_CREDENTIAL_TYPE}/${right}`, scope: identityScope });

/** The workloads that a managed identity trusts. */
export const identityCredentialRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path,
    type,
    needs: needs("read"),
    handle: (request) => ({ status: 200, body: { value: resourcesUnder(request.data, identityOf(request).id) } }),
  },
  {
    method: "GET",
    path: `${path}/:credential`,
    type,
    needs: needs("read"),
    handle: (request) => {
      identityOf(request);
      const credential = findResource(request.data, credentialScope(request));
      if (credential === undefined) {
        const name = armParam(request, "credential");
        throw new ArmError(404, "NotFound", `The Federated Identity Credential '${name}' could not be found.`);
      }
      return { status: 200, body: credential };
    },
  },
  {
    method: "PUT",
    path: `${path}/:credential`,
    type,
    needs: needs("write"),
    handle: (request) => alone(request, () => putCredential(request)),
  },
  {
    method: "DELETE",
    path: `${path}/:credential`,
    type,
    needs: needs("delete"),
    handle: (request) => alone(request, () => deleteCredential(request)),
  },
];

/** Azure refuses a second write to the credentials of one identity while the first goes on. */
const onIdentity = oneWriter((id) =>
  armConflict(
    "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
    `Too many Federated Identity Credentials are written concurrently for the managed identity '${id}'. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.`,
  ),
);
const alone = (request: ArmRequest, write: () => ArmResponse) => onIdentity(identityOf(request).id, write);

function putCredential(request: ArmRequest): ArmResponse {
  const name = armParam(request, "credential");
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name)) {
    throw armBadRequest(
      `The Federated Identity Credential name '${name}' is invalid: it needs 3 to 120 letters, digits, '-' or '_'.`,
      "InvalidFederatedIdentityCredentialName",
    );
  }
  const { properties } = readArmBody(request.body, credentialBody);
  const identity = identityOf(request);
  const existing = findResource(request.data, credentialScope(request));
  const others = resourcesUnder(request.data, identity.id).filter((other) => other !== existing);
  if (others.some((o) => o.properties.issuer === properties.issuer && o.properties.subject === properties.subject)) {
    throw armConflict(
      "FederatedIdentityCredentialAlreadyExists",
      `Issuer '${properties.issuer}' and subject '${properties.subject}' combination already exists for this Managed Identity.`,
    );
  }
  if (others.length >= MAX_CREDENTIALS) {
    throw armBadRequest(
      `Too many Federated Identity Credentials are assigned to the managed identity: at most ${MAX_CREDENTIALS} are allowed.`,
      "TooManyFederatedIdentityCredentials",
    );
  }
  const credential: ArmResource = {
    id: existing?.id ?? `${identity.id}/federatedIdentityCredentials/${name}`,
    name: existing?.name ?? name,
    type: FEDERATED_CREDENTIAL_TYPE,
    properties,
  };
  request.context.store.mutate((data) => {
    data.armResources[credential.id.toLowerCase()] = credential;
  });
  return { status: existing === undefined ? 201 : 200, body: credential };
}

function deleteCredential(request: ArmRequest): ArmResponse {
  const key = credentialScope(request).toLowerCase();
  if (request.data.armResources[key] === undefined) return { status: 204 };
  request.context.store.mutate((data) => {
    delete data.armResources[key];
  });
  return { status: 200 };
}
