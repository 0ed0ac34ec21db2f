import { createHash, randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import type { PasswordCredential } from "../../directory.ts";
import { guid, readBody } from "../body.ts";
import { badRequest } from "../errors.ts";
import { type GraphRequest, type GraphRoute, NO_CONTENT } from "../request.ts";
import { passwordJson } from "../shapes.ts";
import { applicationOf, writeApplication } from "./routes.ts";

const DEFAULT_YEARS = 2;

const moment = z.iso.datetime({ offset: true }).nullable().optional();

const addPasswordBody = z.strictObject({
  passwordCredential: z
    .strictObject({
      displayName: z.string().nullable().optional(),
      startDateTime: moment,
      endDateTime: moment,
    })
    .optional(),
});

/**
 * Client secrets (https://learn.microsoft.com/graph/api/application-addpassword). The secret is in the answer of
 * addPassword and never again: the store keeps its SHA-256.
 */
export const passwordRoutes: readonly GraphRoute[] = [
  { method: "POST", path: "/applications/:id/addPassword", access: writeApplication, handle: addPassword },
  { method: "POST", path: "/applications/:id/removePassword", access: writeApplication, handle: removePassword },
];

function addPassword(request: GraphRequest) {
  const application = applicationOf(request);
  const { passwordCredential: asked } = readBody(request.body ?? {}, addPasswordBody, "passwordCredential");
  const start = asked?.startDateTime ? new Date(asked.startDateTime) : request.context.now();
  const end = asked?.endDateTime ? new Date(asked.endDateTime) : inYears(start, DEFAULT_YEARS);
  if (end <= start) throw badRequest("Credential lifetime is invalid: endDateTime must be later than startDateTime.");
  const secret = newSecret();
  const credential: PasswordCredential = {
    keyId: randomUUID(),
    displayName: asked?.displayName ?? null,
    startDateTime: start.toISOString(),
    endDateTime: end.toISOString(),
    hint: secret.slice(0, 3),
    secretHash: createHash("sha256").update(secret).digest("hex"),
  };
  request.context.store.mutate(() => application.passwordCredentials.push(credential));
  const context = `https://graph.microsoft.com/${request.version}/$metadata#microsoft.graph.passwordCredential`;
  return { status: 200, body: { "@odata.context": context, ...passwordJson(credential), secretText: secret } };
}

function removePassword(request: GraphRequest) {
  const application = applicationOf(request);
  const { keyId } = readBody(request.body, z.strictObject({ keyId: guid }), "passwordCredential");
  const index = application.passwordCredentials.findIndex((credential) => credential.keyId === keyId);
  if (index < 0) throw badRequest("No password credential found with keyId.");
  request.context.store.mutate(() => application.passwordCredentials.splice(index, 1));
  return NO_CONTENT;
}

/** 40 characters with `8Q~` in the fourth place, the mark by which secret scanners know Entra's secrets. */
function newSecret(): string {
  const random = randomBytes(30).toString("base64url").replaceAll("-", "~");
  return `${random.slice(0, 3)}8Q~${random.slice(3, 37)}`;
}

function inYears(start: Date, years: number): Date {
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  return end;
}
