import type { JWTPayload } from "jose";
import { type Settings, type ToolPartner, toolUrl } from "../../model/index.ts";
import { Refusal } from "../output.ts";
import { type PartnerEntrance, type PartnerTool, partnerTools } from "../partners.ts";
import { codeFlow, type Proof } from "./code-flow.ts";
import type { Account, SignInContext, SignInDetours } from "./context.ts";
import { identityToken } from "./identity.ts";
import { partnerRefusal, SignInRefused } from "./refused.ts";
import { readSecret, VAULT_RESOURCE } from "./vault.ts";
import { accountOf } from "./ways.ts";

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
 * Signs a partner's person in to a tool at the partner's own provider, by every entrance, with the client secret that the
 * tool's pods read from the vault, and maps the person's groups to the tool's roles.
 * @throws SignInRefused
 */
export async function playPartner(
  context: SignInContext,
  { partner: key, name }: NamedPartnerPerson,
  detours: SignInDetours,
): Promise<{ claims: JWTPayload; roles: string[] }> {
  const { declared, settings } = context;
  const tool = partnerTools(settings, [declared.contract]).find(
    ({ id, partner }) => id === declared.id && partner.key === key,
  );
  if (tool === undefined)
    throw new SignInRefused(
      "not-open",
      `${declared.contract.displayName} is not open to ${settings.partners[key]?.displayName ?? key}.`,
      `Name it under partners.${key}.tools, if the partner is to open it.`,
    );
  if (detours.client !== undefined || detours.callback !== undefined)
    throw new Refusal("--client and --callback are about Entra: leave them out for a partner's person.");
  let claims: JWTPayload = {};
  const roles: string[] = [];
  for (const entrance of tool.entrances) {
    claims = await enter(context, tool, entrance, name, detours);
    roles.push(...rolesOf(tool, entrance, claims));
  }
  if (roles.length === 0) throw noRole(tool, claims);
  return { claims, roles };
}

async function enter(
  context: SignInContext,
  tool: PartnerTool,
  entrance: PartnerEntrance,
  person: string,
  { serviceAccount, redirectUri = entrance.redirectUri }: SignInDetours,
): Promise<JWTPayload> {
  const { partner } = tool;
  const account = accountOf(serviceAccount, context.deployed, entrance.account);
  return codeFlow(context.fetch, {
    issuer: partner.issuer,
    clientId: partner.clientId,
    redirectUri,
    scope: entrance.scopes.join(" "),
    person,
    proof: async () => basic(partner.clientId, await handedOver(context, tool, account)),
    refuse: partnerRefusal,
  });
}

/** Roles whose groups the claim names, among those that the entrance gives. */
function rolesOf({ partner }: PartnerTool, { role: only }: PartnerEntrance, claims: JWTPayload): string[] {
  const groups = groupsOf(partner, claims);
  return Object.entries(partner.access)
    .filter(([role, holders]) => (only ?? role) === role && holders.some((group) => groups.includes(group)))
    .map(([role]) => role);
}

function groupsOf({ groupsClaim }: ToolPartner, claims: JWTPayload): string[] {
  const named = claims[groupsClaim];
  return Array.isArray(named) ? named.map(String) : [];
}

/** Somebody whom the partner lets in and the tool turns away. */
function noRole({ partner, contract, tool, id }: PartnerTool, claims: JWTPayload): SignInRefused {
  const groups = groupsOf(partner, claims);
  const none = groups.length === 0 ? "no group of the person's" : `none of the groups ${groups.join(", ")}`;
  return new SignInRefused(
    "no-role",
    `${partner.displayName} signs ${claims.name ?? claims.sub} in, but ${none} gives a role in ${contract.displayName} (${toolUrl(tool)}).`,
    `Add one of the person's groups to partners.${partner.key}.tools.${id}.access, or ask the partner to add the person to one.`,
  );
}

/** The client secret that the partner handed over, read from the vault as the tool's own managed identity. */
async function handedOver(context: SignInContext, { partner }: PartnerTool, account: Account): Promise<string> {
  const { keyVault: vault } = context.stack;
  if (vault === undefined) throw new Refusal("The stack's outputs name no vault. Run `npm run sandbox`.");
  const token = await identityToken(context, account, await context.pods.identity(account), VAULT_RESOURCE);
  const name = partner.clientSecretName;
  const value = await readSecret(context.fetch, { vault, name, token });
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
