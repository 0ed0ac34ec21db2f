import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Application, FederatedIdentityCredential } from "../../directory.ts";
import { guid, readBody } from "../body.ts";
import { badRequest, conflict, notFound } from "../errors.ts";
import { entity, type Json, list } from "../query.ts";
import { type GraphRequest, type GraphRoute, NO_CONTENT, param } from "../request.ts";
import { applicationOf, readApplications, writeApplication } from "./routes.ts";

/** Per application (https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations). */
export const MAX_FEDERATED_CREDENTIALS = 20;
const MAX_LENGTH = 600;

/** Issuer and subject are taken as they come: Entra finds a wrong one only when a token is exchanged. */
const writable = {
  issuer: z.string().min(1).max(MAX_LENGTH),
  subject: z.string().min(1).max(MAX_LENGTH),
  audiences: z.array(z.string().min(1).max(MAX_LENGTH)).length(1, "must hold exactly one audience"),
  description: z.string().max(MAX_LENGTH).nullable().optional(),
};

const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/,
    "must be 3 to 120 letters, digits, '-' or '_', starting with a letter or digit",
  );

const newCredential = z.strictObject({ name, ...writable });
const credentialPatch = z.strictObject({ name, id: guid, ...writable }).partial();

const shape = { set: "applications/federatedIdentityCredentials" };
const credentialJson = (credential: FederatedIdentityCredential): Json => ({ ...credential });
const path = "/applications/:id/federatedIdentityCredentials";

export const federatedCredentialRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path,
    access: readApplications,
    handle: (request) => list(request, shape, applicationOf(request).federatedIdentityCredentials.map(credentialJson)),
  },
  { method: "POST", path, access: writeApplication, handle: createCredential },
  {
    method: "GET",
    path: `${path}/:credential`,
    access: readApplications,
    handle: (request) => entity(request, shape, credentialJson(credentialOf(request, applicationOf(request)))),
  },
  { method: "PATCH", path: `${path}/:credential`, access: writeApplication, handle: updateCredential },
  {
    method: "DELETE",
    path: `${path}/:credential`,
    access: writeApplication,
    handle: (request) => {
      const application = applicationOf(request);
      const { id } = credentialOf(request, application);
      request.context.store.mutate(() => {
        application.federatedIdentityCredentials = application.federatedIdentityCredentials.filter((c) => c.id !== id);
      });
      return NO_CONTENT;
    },
  },
];

/** By id or, as Graph allows, by name. */
function credentialOf(request: GraphRequest, application: Application): FederatedIdentityCredential {
  const key = param(request, "credential");
  const found = application.federatedIdentityCredentials.find(
    ({ id, name }) => id === key.toLowerCase() || name === key,
  );
  if (found === undefined) throw notFound(key);
  return found;
}

function createCredential(request: GraphRequest) {
  const application = applicationOf(request);
  const body = readBody(request.body, newCredential, "FederatedIdentityCredential");
  const credential = { id: randomUUID(), ...body, description: body.description ?? null };
  const existing = application.federatedIdentityCredentials;
  if (existing.length >= MAX_FEDERATED_CREDENTIALS) {
    throw badRequest(
      `The number of federated identity credentials exceeds the limit of ${MAX_FEDERATED_CREDENTIALS} for the application.`,
    );
  }
  if (existing.some((other) => other.name === credential.name)) {
    throw conflict(`FederatedIdentityCredential with name ${credential.name} already exists.`);
  }
  refuseSameSubject(existing, credential);
  request.context.store.mutate(() => existing.push(credential));
  return entity(request, shape, credentialJson(credential), 201);
}

function updateCredential(request: GraphRequest) {
  const application = applicationOf(request);
  const credential = credentialOf(request, application);
  const { id, name: newName, ...patch } = readBody(request.body, credentialPatch, "FederatedIdentityCredential");
  if (newName !== undefined && newName !== credential.name) {
    throw badRequest("The name of a federated identity credential is immutable and cannot be updated.");
  }
  refuseSameSubject(application.federatedIdentityCredentials, { ...credential, ...patch });
  request.context.store.mutate(() => Object.assign(credential, patch));
  return NO_CONTENT;
}

/** Two credentials of one application may not trust the same issuer and subject. */
function refuseSameSubject(existing: readonly FederatedIdentityCredential[], credential: FederatedIdentityCredential) {
  const same = existing.some(
    (other) => other.id !== credential.id && other.issuer === credential.issuer && other.subject === credential.subject,
  );
  if (same) {
    throw conflict(
      `A FederatedIdentityCredential with issuer '${credential.issuer}' and subject '${credential.subject}' already exists.`,
    );
  }
}
