import type { JWTPayload } from "jose";
import { type Settings, toolUrl } from "../../model/index.ts";
import { Refusal } from "../output.ts";
import { type PartnerTool, partnerTools } from "../partners.ts";
import { codeFlow, type Proof } from "./code-flow.ts";
import type { SignInContext, SignInDetours } from "./context.ts";
import { type Account, identityOf, identityToken } from "./identity.ts";
import { partnerRefusal, SignInRefused } from "./refused.ts";
import { readSecret, VAULT_RESOURCE } from "./vault.ts";
import { accountOf } from "./ways.ts";

/** What a tool asks a partner's provider for: Okta names groups for the scope `groups` only. */
const SCOPES = ["openid", "profile", "email", "groups"];

/** A person of a partner, as `--as <person>@<partner>` names one. */
export interface NamedPartnerPerson {
  readonly partner: string;
  /** What is typed on the provider's sign-in page. */
  readonly name: string;
}

/** The partner's person that a name means; undefined for a person of the company's own directory. */
export function partnerPerson({ partners }: Pick<Settings, "partners">, name: string): NamedPartnerPerson | undefined {
  const at = name.lastIndexOf("@");
  const partner = name.slice(at + 1);
  const person = name.slice(0, at);
  if (at < 1 || !Object.hasOwn(partners, partner)) return undefined;
  return { partner, name: partners[partner]?.people[person]?.mail ?? person };
}

/**
 * Signs a partner's person in to a tool at the partner's own provider, with the client secret that the tool reads from the
 * vault, and maps the person's groups to the tool's roles.
 * @throws SignInRefused
 */
export async function playPartner(
  context: SignInContext,
  { partner: key, name }: NamedPartnerPerson,
  detours: SignInDetours,
): Promise<{ claims: JWTPayload; roles: string[] }> {
  const { declared, deployed, settings, fetch } = context;
  const tool = partnerTools(settings, [declared.contract]).find(
    ({ id, partner }) => id === declared.id && partner.key === key,
  );
  if (tool === undefined)
    throw new Refusal(
      `${declared.contract.displayName} is closed to ${key}'s people: partners.${key}.tools has no ${declared.id}.`,
    );
  const { partner, callback } = tool;
  const account = accountOf(detours.serviceAccount, callback, declared.id, deployed);
  const claims = await codeFlow(fetch, {
    issuer: partner.issuer,
    clientId: partner.clientId,
    redirectUri: detours.redirectUri ?? tool.redirectUri,
    scope: (callback.scopes ?? SCOPES).join(" "),
    person: name,
    proof: async () => basic(partner.clientId, await handedOver(context, tool, account)),
    refuse: partnerRefusal,
  });
  return { claims, roles: rolesOf(tool, claims) };
}

/** Roles whose groups the claim names. Somebody without one is let in by the partner and turned away by the tool. */
function rolesOf({ partner, contract, tool, id }: PartnerTool, claims: JWTPayload): string[] {
  const named = claims[partner.groupsClaim];
  const groups = Array.isArray(named) ? named.map(String) : [];
  const roles = Object.entries(partner.access)
    .filter(([, holders]) => holders.some((group) => groups.includes(group)))
    .map(([role]) => role);
  if (roles.length > 0) return roles;
  const none = groups.length === 0 ? "no group of the person's" : `none of the groups ${groups.join(", ")}`;
  throw new SignInRefused(
    "no-role",
    `${partner.displayName} signs ${claims.name ?? claims.sub} in, but ${none} gives a role in ${contract.displayName} (${toolUrl(tool)}).`,
    `Add one of the person's groups to partners.${partner.key}.tools.${id}.access, or ask the partner to add the person to one.`,
  );
}

/** The client secret that the partner handed over, read from the vault as the tool's own managed identity. */
async function handedOver(
  { stack, deployed, sandbox, fetch }: SignInContext,
  { partner }: PartnerTool,
  account: Account,
): Promise<string> {
  const { keyVault: vault } = stack;
  if (vault === undefined) throw new Refusal("The stack's outputs name no vault. Run `npm run sandbox`.");
  const place = { kubeconfig: sandbox.kubeconfig, tenantId: deployed.tenantId, account };
  const identity = await identityOf(sandbox.kubeconfig, account);
  const token = await identityToken(fetch, place, identity, VAULT_RESOURCE);
  const name = partner.clientSecretName;
  const value = await readSecret(fetch, { vault, name, token });
  if (value !== undefined) return value;
  throw new SignInRefused(
    "SecretNotFound",
    `Vault ${vault} has no secret ${name}, which ${partner.displayName} has to hand over.`,
    "Put it there as docs/partners.md says; in the sandbox `npm run sandbox` does.",
  );
}

/** RFC 6749 2.3.1: both halves are form-encoded before they are joined. */
function basic(clientId: string, secret: string): Proof {
  const encode = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
  const pair = Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString("base64");
  return { headers: { authorization: `Basic ${pair}` } };
}
