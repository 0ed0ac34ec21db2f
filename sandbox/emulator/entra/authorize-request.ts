import type { Directory } from "../directory.ts";
import { type Client, findClient, type Platform, redirectPlatform } from "./clients.ts";
import { EntraError } from "./errors.ts";
import type { AuthorizationCode } from "./grants.ts";
import { readChallenge } from "./pkce.ts";
import { parseScopes, type Scopes } from "./scopes.ts";
import type { TenantSegment } from "./tenant.ts";

export type ResponseMode = "query" | "fragment" | "form_post";
export type Prompt = "none" | "login" | "consent" | "select_account" | "create";

/** The part of a request that decides whether its redirect URI may be trusted with an answer. */
export interface TrustedTarget {
  readonly client: Client;
  readonly redirectUri: string;
  readonly platform: Platform;
}

/** The rest, which is answered by redirect whether it is right or wrong. */
export interface AuthorizeRequest {
  readonly wantsCode: boolean;
  readonly wantsIdToken: boolean;
  readonly responseMode: ResponseMode;
  readonly scopes: Scopes;
  readonly prompt?: Prompt;
  readonly nonce?: string;
  readonly loginHint?: string;
  readonly challenge?: AuthorizationCode["challenge"];
}

const MODES: readonly string[] = ["query", "fragment", "form_post"];
const PROMPTS: readonly string[] = ["none", "login", "consent", "select_account", "create"];
const RESPONSE_TYPES: readonly string[] = ["code", "id_token", "token"];

/** Everything that this throws is shown as a page: nothing may be sent to an address that nobody registered. */
export function readTarget(data: Directory, tenant: TenantSegment, parameters: URLSearchParams): TrustedTarget {
  const clientId = parameters.get("client_id");
  if (clientId === null || clientId === "") throw new EntraError(900144, { parameter: "client_id" });
  const client = findClient(data, clientId, tenant);
  const redirectUri = parameters.get("redirect_uri") ?? undefined;
  const platform = redirectPlatform(client.application, redirectUri);
  return { client, redirectUri: redirectUri ?? "", platform };
}

/** How an answer travels, good or bad: as asked for if that can be understood, else as the response type's default. */
export function answerMode(parameters: URLSearchParams): ResponseMode {
  const mode = parameters.get("response_mode");
  if (mode !== null && MODES.includes(mode)) return mode as ResponseMode;
  return (parameters.get("response_type") ?? "code").split(" ").some((type) => type !== "code") ? "fragment" : "query";
}

/** Everything that this throws is sent to the redirect URI. */
export function readRequest(data: Directory, client: Client, parameters: URLSearchParams): AuthorizeRequest {
  const types = readResponseTypes(client, parameters.get("response_type"));
  const wantsIdToken = types.includes("id_token");
  const mode = parameters.get("response_mode");
  if (mode !== null && !MODES.includes(mode)) throw new EntraError(90023, { parameter: "response_mode", value: mode });
  if (mode === "query" && wantsIdToken) throw new EntraError(70007, { mode });
  const scopes = parseScopes(data, client, parameters.get("scope") ?? undefined);
  const nonce = parameters.get("nonce") ?? undefined;
  if (wantsIdToken && nonce === undefined) throw new EntraError(900144, { parameter: "nonce" });
  if (wantsIdToken && !scopes.oidc.includes("openid"))
    throw new EntraError(70011, { details: "response_type 'id_token' requires the 'openid' scope." });
  const prompt = readPrompt(parameters.get("prompt"));
  const challenge = readChallenge(parameters);
  const loginHint = parameters.get("login_hint") ?? undefined;
  return {
    wantsCode: types.includes("code"),
    wantsIdToken,
    responseMode: answerMode(parameters),
    scopes,
    ...(prompt === undefined ? {} : { prompt }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(challenge === undefined ? {} : { challenge }),
  };
}

function readResponseTypes(client: Client, text: string | null): string[] {
  if (text === null || text === "") throw new EntraError(900144, { parameter: "response_type" });
  const types = text.split(" ");
  if (types.some((type) => !RESPONSE_TYPES.includes(type))) throw new EntraError(70005, { type: text });
  const { enableIdTokenIssuance } = client.application.web.implicitGrantSettings;
  // An access token in the address is what the implicit flow was given up for; no tool here asks for one.
  if (types.includes("token")) throw new EntraError(700051);
  if (types.includes("id_token") && !enableIdTokenIssuance) throw new EntraError(700054);
  return types;
}

function readPrompt(text: string | null): Prompt | undefined {
  if (text === null || text === "") return undefined;
  if (!PROMPTS.includes(text)) throw new EntraError(90023, { parameter: "prompt", value: text });
  return text as Prompt;
}
