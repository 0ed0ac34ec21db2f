import type { JWTPayload } from "jose";
import type { SignInContext } from "./context.ts";
import { databricksPlatform } from "./databricks.ts";

/**
 * Signs a person in to a tool that has Entra built in and so no callback of its own.
 * @param person user principal name
 * @returns the token's claims, and the values of the tool's roles that the person then has.
 * @throws SignInRefused
 */
export type PlatformSignIn = (
  context: SignInContext,
  person: string,
) => Promise<{ claims: JWTPayload; roles: string[] }>;

/** By the contract's id, for contracts without callbacks. */
export const PLATFORM_SIGN_INS: Readonly<Record<string, PlatformSignIn>> = {
  databricks: databricksPlatform,
};
