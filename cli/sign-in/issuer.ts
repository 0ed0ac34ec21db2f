import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import type { SandboxFetch, SandboxResponse } from "./network.ts";
import type { Explanation, SignInRefused } from "./refused.ts";

/** An issuer's discovery document and keys. */
export interface Issuer {
  readonly metadata: Metadata;
  readonly keys: ReturnType<typeof createLocalJWKSet>;
}

interface Metadata {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  /** Absent where the issuer has no device code flow. */
  readonly device_authorization_endpoint?: string;
  readonly jwks_uri: string;
}

/** Whom a sign-in asks, and what it makes of a "no". */
export interface IssuerQuestion {
  /** Exact issuer; its discovery document says the rest. */
  readonly issuer: string;
  /** What issuers say of themselves, for a caller who signs in many times: filled here, and asked before the network. */
  readonly issuers?: Map<string, Issuer>;
  /** Turns what the provider answers into its refusal. */
  readonly refuse: (explanation: Explanation) => SignInRefused;
}

/** Reads what an issuer says of itself, unless the caller knows it. */
export async function openIssuer(fetch: SandboxFetch, { issuer, issuers, refuse }: IssuerQuestion): Promise<Issuer> {
  const known = issuers?.get(issuer);
  if (known !== undefined) return known;
  const metadata = await readJson<Metadata>(await fetch(`${issuer}/.well-known/openid-configuration`), refuse);
  const keys = createLocalJWKSet(await readJson<JSONWebKeySet>(await fetch(metadata.jwks_uri), refuse));
  const opened = { metadata, keys };
  issuers?.set(issuer, opened);
  return opened;
}

/** The body of a good answer; throws what `refuse` makes of any other. */
export async function readJson<T>(response: SandboxResponse, refuse: IssuerQuestion["refuse"]): Promise<T> {
  if (response.status !== 200) throw refuse(await explain(response));
  return (await response.json()) as T;
}

/** The words of a refusal: a redirect's description, a JSON error, an error page. */
export async function explain(response: SandboxResponse): Promise<Explanation> {
  const location = response.headers.get("location");
  if (location !== null) {
    const { searchParams } = new URL(location);
    return {
      error: searchParams.get("error") ?? undefined,
      text: searchParams.get("error_description") ?? location,
    };
  }
  const text = await response.text();
  try {
    const body = JSON.parse(text) as Readonly<Record<string, string | undefined>>;
    return {
      error: body.error ?? body.errorCode,
      text: body.error_description ?? body.errorSummary ?? text,
    };
  } catch {
    return { text };
  }
}
