import type { JWTPayload } from "jose";
import { proxyAccount } from "../../components/proxy/callback.ts";
import { toolUrl } from "../../model/index.ts";
import { Refusal } from "../output.ts";
import { CLIENTS, type ClientKind } from "./clients.ts";
import { codeFlow } from "./code-flow.ts";
import type { Account, SignInContext, SignInDetours } from "./context.ts";
import { prepareProof } from "./proof.ts";
import { entraRefusal } from "./refused.ts";

/** What a tool asks for unless its callback says otherwise. */
const SCOPES = ["openid", "profile", "email"];

/** One way into a tool: a callback, and how its code is redeemed. */
export interface Way {
  readonly redirectUri: string;
  readonly scope: string;
  readonly client: ClientKind;
  /** Whose token stands behind the proof. */
  readonly account: Account;
}

/** The ways to play: every callback in the contract's order, or what the detours ask for. */
export function waysInto(
  { declared, deployed }: Pick<SignInContext, "declared" | "deployed">,
  detours: SignInDetours,
): Way[] {
  const { contract, tool, id } = declared;
  const all = contract.callbacks(tool);
  const chosen = detours.callback === undefined ? all : all.filter(({ path }) => path === detours.callback);
  if (chosen.length === 0)
    throw new Refusal(
      `${contract.displayName} has no callback ${detours.callback}. It has ${all.map(({ path }) => path).join(", ")}.`,
    );
  // A redirect URI of one's own belongs to one way only.
  const played = detours.redirectUri === undefined ? chosen : chosen.slice(0, 1);
  return played.map((callback) => ({
    redirectUri: detours.redirectUri ?? `${toolUrl(tool)}${callback.path}`,
    scope: (callback.scopes ?? SCOPES).join(" "),
    client: (detours.client as ClientKind | undefined) ?? callback.credential,
    account: accountOf(detours.serviceAccount, deployed, callback.by === "proxy" ? proxyAccount(id) : undefined),
  }));
}

/**
 * The service account that was asked for, else that of the pods that take the code.
 * @param own where it is another one than the tool's
 */
export function accountOf(
  asked: string | undefined,
  { namespace = "", serviceAccount = "" }: SignInContext["deployed"],
  own = serviceAccount,
): Account {
  if (asked === undefined) return { namespace, name: own };
  const [other, name] = asked.split("/");
  if (!other || !name) throw new Refusal(`Write the service account as <namespace>/<name>, not "${asked}".`);
  return { namespace: other, name };
}

/**
 * Signs a person in through Entra, by one way.
 * @returns the ID token's claims.
 * @throws SignInRefused
 */
export async function playWay(context: SignInContext, way: Way, person: string): Promise<JWTPayload> {
  const { tenantId, clientId } = context.deployed;
  if (clientId === undefined) throw new Refusal("The stack's outputs name no registration of this tool.");
  const { browser, pkce, proof: kind } = CLIENTS[way.client];
  let putAway: (() => Promise<void>) | undefined;
  try {
    return await codeFlow(context.fetch, {
      issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      clientId,
      redirectUri: way.redirectUri,
      scope: way.scope,
      person,
      pkce,
      ...context.attempt,
      ...(browser ? { origin: new URL(way.redirectUri).origin } : {}),
      proof: async () => {
        const { proof, after } = await prepareProof(context, kind, way.account);
        putAway = after;
        return proof;
      },
      refuse: (explanation) => entraRefusal(explanation, { redirect: way.redirectUri, client: clientId, user: person }),
    });
  } finally {
    await putAway?.();
  }
}
