import type { Context } from "hono";
import type { Directory } from "../directory.ts";
import { EntraError, errorReport } from "./errors.ts";
import type { EntraState } from "./state.ts";
import { issuerV1, issuerV2, LOGIN, tenantSegment } from "./tenant.ts";

/** Names of the public cloud's sign-in host, which Microsoft's libraries treat as one. */
const ALIASES = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"];

/** `GET /{tenant}/v2.0/.well-known/openid-configuration`. */
export function discoveryV2(state: EntraState) {
  return withTenant(state, (data, segment) => {
    const isTenant = tenantSegment(data, segment) === "tenant";
    // A reader of /common has to put the token's own tenant in the issuer's place, so it gets the placeholder.
    const issuer = isTenant ? issuerV2(data) : `${LOGIN}/{tenantid}/v2.0`;
    return {
      ...common(isTenant ? data.tenantId : segment, "/v2.0"),
      issuer,
      ...endpointsV2(isTenant ? data.tenantId : segment),
    };
  });
}

/** `GET /{tenant}/.well-known/openid-configuration`: who reads v1 access tokens asks here. */
export function discoveryV1(state: EntraState) {
  return withTenant(state, (data, segment) => {
    const isTenant = tenantSegment(data, segment) === "tenant";
    const name = isTenant ? data.tenantId : segment;
    return {
      ...common(name, ""),
      issuer: isTenant ? issuerV1(data) : "https://sts.windows.net/{tenantid}/",
      authorization_endpoint: `${LOGIN}/${name}/oauth2/authorize`,
      token_endpoint: `${LOGIN}/${name}/oauth2/token`,
      end_session_endpoint: `${LOGIN}/${name}/oauth2/logout`,
      device_authorization_endpoint: `${LOGIN}/${name}/oauth2/devicecode`,
      userinfo_endpoint: `${LOGIN}/${name}/openid/userinfo`,
    };
  });
}

/** `GET /{tenant}/discovery/v2.0/keys` and `GET /{tenant}/discovery/keys`. */
export function keySet(state: EntraState) {
  return withTenant(state, (data, segment) => {
    tenantSegment(data, segment);
    return { keys: state.keys.publicKeys };
  });
}

/** `GET /common/discovery/instance`: tells a library whether it knows the authority's host. */
export function instanceDiscovery(state: EntraState) {
  return (c: Context): Response => {
    c.header("Access-Control-Allow-Origin", "*");
    const endpoint = c.req.query("authorization_endpoint") ?? "";
    const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
    const tenant = url?.pathname.split("/")[1] ?? "";
    if (url === undefined || url.protocol !== "https:" || !ALIASES.includes(url.host) || tenant === "")
      return c.json(errorReport(new EntraError(50049), state.context.now()), 400);
    return c.json({
      tenant_discovery_endpoint: `${LOGIN}/${tenant}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [{ preferred_network: ALIASES[0], preferred_cache: ALIASES[1], aliases: ALIASES }],
    });
  };
}

function withTenant(state: EntraState, document: (data: Directory, segment: string) => object) {
  return (c: Context): Response => {
    c.header("Access-Control-Allow-Origin", "*");
    try {
      return c.json(document(state.context.store.data, c.req.param("tenant") ?? ""));
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      return c.json({ ...errorReport(error, state.context.now()), error: "invalid_tenant" }, 400);
    }
  };
}

function endpointsV2(name: string): object {
  const oauth = `${LOGIN}/${name}/oauth2/v2.0`;
  return {
    authorization_endpoint: `${oauth}/authorize`,
    token_endpoint: `${oauth}/token`,
    end_session_endpoint: `${oauth}/logout`,
    device_authorization_endpoint: `${oauth}/devicecode`,
    userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
  };
}

/** What both versions say alike. PKCE is not announced, though it works: so it is with Entra itself. */
function common(name: string, version: "" | "/v2.0"): object {
  return {
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${LOGIN}/${name}/discovery${version}/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    request_uri_parameter_supported: false,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    claims_supported: [
      "sub",
      "iss",
      "cloud_instance_name",
      "cloud_instance_host_name",
      "cloud_graph_host_name",
      "msgraph_host",
      "aud",
      "exp",
      "iat",
      "auth_time",
      "acr",
      "nonce",
      "preferred_username",
      "name",
      "tid",
      "ver",
      "at_hash",
      "c_hash",
      "email",
    ],
    tenant_region_scope: "EU",
    cloud_instance_name: "microsoftonline.com",
    cloud_graph_host_name: "graph.windows.net",
    msgraph_host: "graph.microsoft.com",
    rbac_url: "https://pas.windows.net",
  };
}
