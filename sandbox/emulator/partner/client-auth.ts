import { createHash, timingSafeEqual } from "node:crypto";
import { PartnerError, UnknownClient } from "./errors.ts";
import type { PartnerClient } from "./provider.ts";
import type { PartnerState } from "./state.ts";

/** The client of an id. Throws `invalid_client`. */
export function findPartnerClient(state: PartnerState, clientId: string): PartnerClient {
  const client = state.provider().clients.find((candidate) => candidate.clientId === clientId);
  if (client === undefined) throw new UnknownClient();
  return client;
}

/** Lets a client prove itself with its secret, in the body or by HTTP Basic authentication, one of the two. */
export function authenticateClient(
  state: PartnerState,
  body: URLSearchParams,
  authorization: string | undefined,
): PartnerClient {
  const basic = readBasic(authorization);
  const posted = body.get("client_secret");
  if (basic !== undefined && posted !== null)
    throw new PartnerError(
      "invalid_request",
      "Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization header, credentials in the post body, or a client_assertion in the post body.",
    );
  const clientId = basic?.clientId ?? body.get("client_id");
  if (!clientId) throw new PartnerError("invalid_client", "A client_id must be provided in the request.", 401);
  const client = findPartnerClient(state, clientId);
  const secret = basic?.secret ?? posted;
  if (!secret) throw new PartnerError("invalid_client", "No client credentials found.", 401);
  if (!sameText(secret, state.secretOf(client.tool)))
    throw new PartnerError("invalid_client", "The client secret supplied for a confidential client is invalid.", 401);
  return client;
}

/** Compares in the same time wherever the texts differ. */
function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** RFC 6749 2.3.1: both halves are form-encoded before they are joined. */
function readBasic(authorization: string | undefined): { clientId: string; secret: string } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon === -1) throw new PartnerError("invalid_client", "No client credentials found.", 401);
  return { clientId: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) };
}

function formDecode(text: string): string {
  return new URLSearchParams(`value=${text.replaceAll("&", "%26")}`).get("value") ?? "";
}
