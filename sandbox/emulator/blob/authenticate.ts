import type { Caller, EmulatorContext } from "../context.ts";
import { BlobError, invalidHeader, missingHeader, notEmulated } from "./errors.ts";

const AUDIENCE = "https://storage.azure.com";
/** The first that answers an anonymous request with a challenge, and long after the first that takes Entra's tokens. */
const OLDEST_VERSION = "2019-12-12";

const MESSAGE =
  "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";

/**
 * Who calls, by Entra's token for `https://storage.azure.com` (https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory).
 * Every account of the sandbox refuses shared keys, and what is signed with them.
 */
export async function authenticate(
  context: EmulatorContext,
  headers: Headers,
  query: URLSearchParams,
): Promise<Caller> {
  const authorization = headers.get("authorization");
  if (query.has("skoid")) throw notEmulated("user delegation SAS");
  if (query.has("sig") || /^SharedKey/i.test(authorization ?? "")) {
    throw new BlobError(
      403,
      "KeyBasedAuthenticationNotPermitted",
      "Key based authentication is not permitted on this storage account.",
    );
  }
  checkVersion(headers.get("x-ms-version"));
  if (authorization === null) {
    throw new BlobError(401, "NoAuthenticationInformation", MESSAGE);
  }
  const caller = await context.authenticate(authorization, AUDIENCE);
  if (caller !== undefined) return caller;
  throw new BlobError(401, "InvalidAuthenticationInfo", MESSAGE, {
    AuthenticationErrorDetail:
      "The token has another issuer, audience or signature than this account takes, or it has expired.",
  });
}

function checkVersion(version: string | null): void {
  if (version === null) throw missingHeader("x-ms-version");
  if (!/^\d{4}-\d{2}-\d{2}$/.test(version)) throw invalidHeader("x-ms-version", version);
  if (version < OLDEST_VERSION) throw notEmulated(`the version ${version}: ${OLDEST_VERSION} is the oldest`);
}
