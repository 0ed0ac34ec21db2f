import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Refusal } from "../output.ts";
import type { ClientPlay } from "./clients.ts";
import type { Proof } from "./code-flow.ts";
import type { Account, SignInContext } from "./context.ts";
import { assertionParameters, deployerToken } from "./entra-token.ts";
import { identityToken } from "./identity.ts";
import { SignInRefused } from "./refused.ts";
import { readSecret, VAULT_RESOURCE } from "./vault.ts";

/** How long the secret that is shown too late is good for, in milliseconds. */
const SHORT = 1000;
const GRAPH = "https://graph.microsoft.com";

/** What proves the client, and what has to be put away after it was used. */
export interface Prepared {
  readonly proof: Proof;
  readonly after?: () => Promise<void>;
}

/**
 * Gets hold of what a client of this kind proves itself with, the way its pod does.
 * @param account whose token stands behind the proof
 */
export async function prepareProof(
  context: SignInContext,
  kind: ClientPlay["proof"],
  account: Account,
): Promise<Prepared> {
  switch (kind) {
    case "none":
      return { proof: {} };
    case "assertion":
      return { proof: { parameters: assertionParameters(await context.pods.token(account)) } };
    case "secret":
      return { proof: { parameters: { client_secret: await mountedSecret(context, account) } } };
    case "made-up secret":
      return { proof: { parameters: { client_secret: randomBytes(30).toString("base64url") } } };
    case "expired secret":
      return expiredSecret(context);
  }
}

/** The client secret, read from the vault as the managed identity that the pod's mount uses. */
async function mountedSecret(context: SignInContext, account: Account): Promise<string> {
  const { clientSecret } = context.deployed;
  if (clientSecret === undefined)
    throw new Refusal("This tool has no client secret: the stack's outputs name none. Try --client federated.");
  const token = await identityToken(context, account, clientSecret.identity, VAULT_RESOURCE);
  const { vault, secretName: name } = clientSecret;
  const value = await readSecret(context.fetch, { vault, name, token });
  if (value === undefined)
    throw new SignInRefused(
      "SecretNotFound",
      `Vault ${vault} has no secret ${name}.`,
      "Run `npm run sandbox`: the stack puts the client secret there.",
    );
  return value;
}

/**
 * A secret that ended a moment ago: the deployer adds one with a second to live, waits it out, and takes it away again
 * after use.
 */
async function expiredSecret({ deployed, layout, fetch }: SignInContext): Promise<Prepared> {
  const token = await deployerToken(fetch, layout, deployed.tenantId, GRAPH);
  const call = async (action: string, body: object): Promise<Readonly<Record<string, string>>> => {
    const response = await fetch(`${GRAPH}/v1.0/applications(appId='${deployed.clientId}')/${action}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status >= 300) throw new Error(`Graph's ${action} answered ${response.status}: ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, string>);
  };
  const endDateTime = new Date(Date.now() + SHORT).toISOString();
  const passwordCredential = { displayName: "entrada sign-in --client expired-secret", endDateTime };
  const { keyId, secretText = "" } = await call("addPassword", { passwordCredential });
  await wait(SHORT + 100);
  return {
    proof: { parameters: { client_secret: secretText } },
    after: async () => {
      await call("removePassword", { keyId });
    },
  };
}
