import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { notImplemented } from "../not-implemented.ts";
import { readCredentials } from "./client-auth.ts";
import { EntraError, tokenErrorReport } from "./errors.ts";
import type { EntraState } from "./state.ts";
import { tenantSegment } from "./tenant.ts";
import {
  clientCredentials,
  redeemCode,
  redeemRefreshToken,
  type TokenAnswer,
  type TokenRequest,
} from "./token-grants.ts";

type Grant = (state: EntraState, request: TokenRequest) => Promise<TokenAnswer>;

const GRANTS: Readonly<Record<string, Grant>> = {
  authorization_code: redeemCode,
  refresh_token: redeemRefreshToken,
  client_credentials: clientCredentials,
};

/** Grants that Entra has and the emulator does not. */
const ABSENT_GRANTS = [
  "password",
  "device_code",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:saml2-bearer",
];

/** `POST /{tenant}/oauth2/v2.0/token`. */
export function tokenEndpoint(state: EntraState) {
  return async (c: Context): Promise<Response> => {
    const correlationId = c.req.header("client-request-id") ?? randomUUID();
    setAnswerHeaders(c, correlationId);
    try {
      const tenant = tenantSegment(state.context.store.data, c.req.param("tenant") ?? "");
      if (!(c.req.header("content-type") ?? "").startsWith("application/x-www-form-urlencoded"))
        throw new EntraError(9002313);
      const body = new URLSearchParams(await c.req.text());
      const grantType = body.get("grant_type");
      if (grantType === null) throw new EntraError(900144, { parameter: "grant_type" });
      if (ABSENT_GRANTS.includes(grantType)) return notImplemented(c, `the grant type ${grantType} at`);
      const grant = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
      if (grant === undefined) throw new EntraError(70003, { grant: grantType });
      const credentials = readCredentials(body, c.req.header("authorization"));
      const origin = c.req.header("origin");
      const request = { tenant, body, credentials, correlationId, ...(origin === undefined ? {} : { origin }) };
      return c.json(await grant(state, request));
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      return c.json(tokenErrorReport(error, state.context.now(), correlationId), error.details.status);
    }
  };
}

function setAnswerHeaders(c: Context, correlationId: string) {
  c.header("Cache-Control", "no-store, no-cache");
  c.header("Pragma", "no-cache");
  c.header("client-request-id", correlationId);
  c.header("x-ms-request-id", randomUUID());
}
