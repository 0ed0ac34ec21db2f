import type { Http } from "./http.ts";

/** Gives an access token that is valid for at least another minute. */
export type TokenSource = () => Promise<string>;

export interface Credentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const LOGIN = "https://login.microsoftonline.com";

/**
 * Access tokens for one resource by the client credentials flow
 * (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow). A token is kept until a minute
 * before its end; callers that come at the same time share one request.
 */
export function clientCredentials(
  http: Http,
  credentials: Credentials,
  resource: string,
  now = () => Date.now(),
): TokenSource {
  let current: { readonly token: Promise<string>; readonly until: () => number } | undefined;
  return () => {
    if (!current || current.until() < now()) {
      let until = Number.POSITIVE_INFINITY;
      const token = requestToken(http, credentials, resource).then(
        ({ accessToken, expiresIn }) => {
          until = now() + (expiresIn - 60) * 1000;
          return accessToken;
        },
        (error: unknown) => {
          current = undefined;
          throw error;
        },
      );
      current = { token, until: () => until };
    }
    return current.token;
  };
}

async function requestToken(http: Http, credentials: Credentials, resource: string) {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
    scope: `${resource}/.default`,
  });
  const response = await http({
    method: "POST",
    url: `${LOGIN}/${credentials.tenantId}/oauth2/v2.0/token`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  const body = JSON.parse(response.body) as { access_token?: string; expires_in?: number; error_description?: string };
  if (response.status !== 200 || !body.access_token || !body.expires_in) {
    throw new Error(
      `No access token for ${resource}: ${body.error_description ?? `the answer was ${response.status}`}.`,
    );
  }
  return { accessToken: body.access_token, expiresIn: body.expires_in };
}

/** Reads a claim of an access token without checking it: the token is the caller's own. */
export function claimOf(token: string, name: string): string {
  const payload = token.split(".")[1] ?? "";
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, unknown>;
  const value = claims[name];
  if (typeof value !== "string") throw new Error(`The access token has no claim "${name}".`);
  return value;
}
