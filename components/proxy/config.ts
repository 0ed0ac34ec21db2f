import { PRIVATE_RANGES } from "../kubernetes/private-ranges.ts";
import { PROXY_CALLBACK } from "./callback.ts";
import type { SessionTimes } from "./times.ts";
import { type TomlGroup, toml } from "./toml.ts";

/** Port of the proxy inside the cluster. */
export const PROXY_PORT = 4180;

/** Folder of the vault's files in the pod. */
export const SECRETS_FOLDER = "/mnt/secrets";

/** Paths whose requests are answered with 401 instead of a redirect, which a script could not follow to Entra. */
export const DEFAULT_API_ROUTES: readonly string[] = ["^/api/"];

/** What all proxies' settings are made of. Nothing of it is unknown at a preview, and nothing secret. */
export interface ProxyConfigArgs {
  /** Host that people open. @example "reports.data.contoso.com" */
  readonly host: string;
  /** Name of the service account: name of the cookie and of the user at Redis too. @example "reports-proxy" */
  readonly account: string;
  readonly redis: { readonly host: string; readonly port: number; readonly tls: boolean };
  readonly times: SessionTimes;
  /** Regular expressions of paths. */
  readonly apiRoutes: readonly string[];
}

/** What the proxy that asks Entra needs beside. */
export interface EntraConfigArgs extends ProxyConfigArgs {
  readonly tenantId: string;
  /** Values of the `roles` claim that let a person in. */
  readonly allowedRoles: readonly string[];
}

/** `oauth2-proxy.cfg` of the proxy that asks Entra. Client id and upstream, known later, come by environment. */
export function entraConfig(args: EntraConfigArgs): string {
  return toml([
    {
      comment: "Sign-in with Entra: this tenant only, proven by the pod's token instead of a secret.",
      settings: {
        provider: "entra-id",
        oidc_issuer_url: `https://login.microsoftonline.com/${args.tenantId}/v2.0`,
        entra_id_allowed_tenants: [args.tenantId],
        entra_id_federated_token_auth: true,
        code_challenge_method: "S256",
        scope: (PROXY_CALLBACK.scopes ?? []).join(" "),
        oidc_email_claim: "preferred_username",
        skip_claims_from_profile_url: true,
      },
    },
    {
      comment: "Who may pass: app roles. Groups would be missing from the token for people in many of them.",
      settings: { oidc_groups_claim: "roles", allowed_groups: [...args.allowedRoles].sort() },
    },
    {
      comment: "What the tool is told. Headers of these names that a client sends are dropped.",
      settings: {
        pass_user_headers: true,
        skip_auth_strip_headers: true,
        pass_basic_auth: false,
        pass_authorization_header: false,
        pass_access_token: false,
        set_xauthrequest: false,
      },
    },
    { comment: "Where the proxy listens.", settings: { http_address: `0.0.0.0:${PROXY_PORT}` } },
    ...commonConfig(args, ["login.microsoftonline.com"]),
  ]);
}

/**
 * What is the same for every provider.
 *
 * @param signOutHosts hosts that a sign-out may lead on to
 */
export function commonConfig(args: ProxyConfigArgs, signOutHosts: readonly string[]): TomlGroup[] {
  const { host, account, redis, times, apiRoutes } = args;
  return [
    {
      comment: "Behind the Gateway, whose addresses are private ones.",
      settings: {
        redirect_url: `https://${host}${PROXY_CALLBACK.path}`,
        reverse_proxy: true,
        trusted_proxy_ips: [...PRIVATE_RANGES],
        real_client_ip_header: "X-Forwarded-For",
        skip_provider_button: true,
        api_routes: apiRoutes,
        email_domains: ["*"],
        whitelist_domains: signOutHosts,
      },
    },
    {
      comment: "Sessions stay on the server; the cookie holds the key to one of them.",
      settings: {
        session_store_type: "redis",
        redis_connection_url: `${redis.tls ? "rediss" : "redis"}://${redis.host}:${redis.port}`,
        redis_username: account,
        cookie_name: `__Host-${account}`,
        cookie_secret_file: `${SECRETS_FOLDER}/cookie-secret`,
        cookie_secure: true,
        cookie_httponly: true,
        cookie_samesite: "lax",
        cookie_csrf_per_request: true,
        cookie_csrf_per_request_limit: 8,
        cookie_csrf_expire: "15m",
        cookie_refresh: `${times.refresh}s`,
        cookie_expire: `${times.expire}s`,
      },
    },
    {
      comment: "The callback's address holds a code, so it is not logged.",
      settings: { silence_ping_logging: true, exclude_logging_paths: [PROXY_CALLBACK.path] },
    },
  ];
}
