import type { Hono } from "hono";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import type { EmulatorContext } from "../context.ts";
import type { Directory } from "../directory.ts";
import { memoryStore } from "../store.ts";
import { createEntraApp } from "./app.ts";
import { createAuthenticate } from "./authenticate.ts";
import { type SigningKeys, temporarySigningKeys } from "./keys.ts";
import { AUDIENCE, ISSUER, NOW, SUBJECT, testDirectory } from "./testing-directory.ts";

export * from "./testing-directory.ts";

// Making RSA keys takes up to a second, and no test depends on whose they are.
const sharedKeys = once(temporarySigningKeys);
const issuerPair = once(() => generateKeyPair("RS256"));
const foreignPair = once(() => generateKeyPair("RS256"));

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export interface TestTenant {
  readonly app: Hono;
  readonly data: Directory;
  readonly context: EmulatorContext;
  readonly keys: SigningKeys;
  readonly issuer: TestIssuer;
  /** Sets the clock forward, in milliseconds. */
  wait(milliseconds: number): void;
}

/** The directory behind a running app, with its own clock and an issuer of service-account tokens. */
export async function testTenant(change: (data: Directory) => void = () => {}): Promise<TestTenant> {
  const data = testDirectory();
  change(data);
  let now = NOW.getTime();
  const clock = () => new Date(now);
  const keys = await sharedKeys();
  const issuer = await testIssuer(clock);
  const store = memoryStore(data);
  const context: EmulatorContext = {
    store,
    now: clock,
    authenticate: createAuthenticate(keys, store, clock),
    seal: (plain) => plain,
    open: (sealed) => sealed,
    fetchPublic: issuer.fetchPublic,
  };
  const wait = (milliseconds: number) => {
    now += milliseconds;
  };
  return { app: createEntraApp(context, keys), data, context, keys, issuer, wait };
}

export interface TestIssuer {
  readonly fetchPublic: EmulatorContext["fetchPublic"];
  /** A service-account token; `claims` override the right ones, and `undefined` leaves a claim out. */
  token(claims?: Readonly<Record<string, unknown>>, options?: { alg?: string; foreignKey?: boolean }): Promise<string>;
}

export async function testIssuer(now: () => Date, issuer = ISSUER): Promise<TestIssuer> {
  const own = await issuerPair();
  const foreign = await foreignPair();
  const keys = { keys: [{ ...(await exportJWK(own.publicKey)), kid: "cluster-key", alg: "RS256", use: "sig" }] };
  const documents: Record<string, unknown> = {
    [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/openid/v1/jwks` },
    [`${issuer}/openid/v1/jwks`]: keys,
  };
  return {
    fetchPublic: async (url) => (url in documents ? { status: 200, body: documents[url] } : { status: 404, body: {} }),
    token: (claims = {}, { alg = "RS256", foreignKey = false } = {}) => {
      const seconds = Math.floor(now().getTime() / 1000);
      const payload: JWTPayload = {
        iss: issuer,
        sub: SUBJECT,
        aud: [AUDIENCE],
        iat: seconds,
        nbf: seconds,
        exp: seconds + 3600,
        ...claims,
      };
      const signing = new SignJWT(payload).setProtectedHeader({ alg, kid: "cluster-key" });
      if (alg !== "RS256") return signing.sign(new TextEncoder().encode("0".repeat(64)));
      return signing.sign(foreignKey ? foreign.privateKey : own.privateKey);
    },
  };
}
