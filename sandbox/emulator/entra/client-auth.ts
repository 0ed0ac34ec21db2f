import { createHash } from "node:crypto";
import type { EmulatorContext } from "../context.ts";
import type { Application } from "../directory.ts";
import type { ClientProof } from "./access-token.ts";
import type { Platform } from "./clients.ts";
import { EntraError } from "./errors.ts";
import { checkAssertion } from "./federation.ts";

/** What a token request says about its client, from the body or from HTTP Basic authentication. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly secret?: string;
  readonly assertion?: string;
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Throws AADSTS900144 without a client id, and 90023 for an assertion of another type. */
export function readCredentials(body: URLSearchParams, authorization: string | undefined): ClientCredentials {
  const basic = readBasic(authorization);
  const clientId = (body.get("client_id") ?? basic?.clientId ?? "").toLowerCase();
  if (clientId === "") throw new EntraError(900144, { parameter: "client_id" });
  const assertion = body.get("client_assertion") ?? undefined;
  const type = body.get("client_assertion_type");
  if (assertion !== undefined && type !== ASSERTION_TYPE)
    throw type === null
      ? new EntraError(900144, { parameter: "client_assertion_type" })
      : new EntraError(90023, { parameter: "client_assertion_type", value: type });
  const secret = body.get("client_secret") ?? basic?.secret;
  return { clientId, ...(secret ? { secret } : {}), ...(assertion ? { assertion } : {}) };
}

/**
 * Lets a client prove itself for a grant of the platform. A single-page or public client has nothing to prove itself with
 * (AADSTS700025 when it tries), any other must (7000218).
 */
export async function proveClient(
  context: EmulatorContext,
  application: Application | undefined,
  credentials: ClientCredentials,
  platform: Platform,
): Promise<ClientProof> {
  const { clientId, secret, assertion } = credentials;
  const hasProof = secret !== undefined || assertion !== undefined;
  if (platform !== "web") {
    if (hasProof) throw new EntraError(700025);
    return "public";
  }
  if (assertion !== undefined) {
    await checkAssertion(context, clientId, assertion);
    return "assertion";
  }
  if (secret === undefined) throw new EntraError(7000218);
  checkSecret(application, clientId, secret, context.now());
  return "secret";
}

function checkSecret(application: Application | undefined, clientId: string, secret: string, now: Date) {
  const hash = createHash("sha256").update(secret).digest("hex");
  const matching = (application?.passwordCredentials ?? [])
    .filter((credential) => credential.secretHash === hash)
    .filter((credential) => new Date(credential.startDateTime) <= now);
  if (matching.length === 0) throw new EntraError(7000215, { client: clientId });
  if (matching.every((credential) => new Date(credential.endDateTime) <= now))
    throw new EntraError(7000222, { client: clientId });
}

/** RFC 6749 2.3.1: both halves are form-encoded before they are joined. */
function readBasic(authorization: string | undefined): ClientCredentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon === -1) throw new EntraError(9002313);
  return { clientId: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) };
}

function formDecode(text: string): string {
  return new URLSearchParams(`value=${text.replaceAll("&", "%26")}`).get("value") ?? "";
}
