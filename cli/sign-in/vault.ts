import type { SandboxFetch, SandboxResponse } from "./network.ts";
import { SignInRefused } from "./refused.ts";

/** Resource of tokens for every vault. */
export const VAULT_RESOURCE = "https://vault.azure.net";
const API_VERSION = "7.4";

/** A secret's address and who reads or writes it. */
export interface VaultAddress {
  /** Name of the vault. */
  readonly vault: string;
  readonly name: string;
  /** Access token for the vault. */
  readonly token: string;
}

/**
 * The present value of a secret; undefined when there is none.
 * @throws SignInRefused when the vault says no.
 */
export async function readSecret(fetch: SandboxFetch, address: VaultAddress): Promise<string | undefined> {
  const response = await fetch(urlOf(address), { headers: headersOf(address) });
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw await refusal(response, address);
  return ((await response.json()) as { value: string }).value;
}

/**
 * Gives a secret a new version.
 * @throws SignInRefused when the vault says no.
 */
export async function writeSecret(
  fetch: SandboxFetch,
  address: VaultAddress,
  value: string,
  contentType: string,
): Promise<void> {
  const response = await fetch(urlOf(address), {
    method: "PUT",
    headers: { ...headersOf(address), "content-type": "application/json" },
    body: JSON.stringify({ value, contentType }),
  });
  if (response.status !== 200) throw await refusal(response, address);
}

function urlOf({ vault, name }: VaultAddress): string {
  return `https://${vault}.vault.azure.net/secrets/${name}?api-version=${API_VERSION}`;
}

function headersOf({ token }: VaultAddress): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function refusal(response: SandboxResponse, { vault, name }: VaultAddress): Promise<SignInRefused> {
  const { error } = (await response.json()) as { error?: { code?: string; message?: string } };
  const [reason = ""] = (error?.message ?? "").split("\r\n");
  return new SignInRefused(
    error?.code ?? "unknown",
    `Vault ${vault} does not open the secret ${name}: ${reason}`,
    "Give the identity a right on that secret: it is among the secrets that the tool mounts.",
  );
}
