import type { JWTPayload } from "jose";
import type { ToolRole } from "../../model/index.ts";
import { Refusal } from "../output.ts";
import { type Attempt, codeFlowTokens } from "./code-flow.ts";
import type { SignInContext } from "./context.ts";
import { type DeviceFlow, deviceFlowTokens } from "./device-flow.ts";
import type { SandboxFetch } from "./network.ts";
import { entraRefusal, SignInRefused } from "./refused.ts";

/** Azure Databricks as a resource of Entra, the same in every tenant. */
const RESOURCE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
/** The Azure CLI: a public client of Microsoft's own, which the Databricks CLI and SDKs sign people in with. */
const CLIENT = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const REDIRECT = "http://localhost";

export interface DatabricksSignIn {
  readonly tenantId: string;
  /** The workspace's own address. */
  readonly url: string;
  /** User principal name, a guest's mail or an object id. */
  readonly person: string;
  /** What the contract offers. */
  readonly roles: readonly ToolRole[];
  /** Display name of a group → the roles that it gives. */
  readonly groupRoles: Readonly<Record<string, readonly string[]>>;
  readonly attempt?: Attempt;
}

export interface DatabricksSignedIn {
  readonly claims: JWTPayload;
  /** Values of the roles, in the order of the contract. */
  readonly roles: string[];
  /** Permission and entitlements, as the workspace says them. */
  readonly toolRoles: string[];
}

/** The part of SCIM's answer that says who somebody is in the workspace. */
interface Me {
  readonly groups?: readonly { readonly display: string }[];
  readonly entitlements?: readonly { readonly value: string }[];
}

/**
 * Signs a person in to a workspace as the Databricks CLI does: Entra's code flow with PKCE for a public client, or its
 * device code flow where that is asked for, then the workspace is asked who they are. A role counts where the workspace knows the person as a member of a group that gives it
 * and lets them do everything that the role promises.
 * @throws SignInRefused in Entra's words, or in Databricks' own
 */
export async function databricksSignIn(fetch: SandboxFetch, asked: DatabricksSignIn): Promise<DatabricksSignedIn> {
  const { tenantId, url, person, roles, groupRoles, attempt } = asked;
  const flow: DeviceFlow = {
    issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    clientId: CLIENT,
    scope: `openid profile email ${RESOURCE}/user_impersonation`,
    person,
    ...attempt,
    refuse: (explanation) => entraRefusal(explanation, { redirect: REDIRECT, client: CLIENT, user: person }),
  };
  // The Azure CLI is a public client, so the flow need not be played: it is there.
  const { claims, accessToken } =
    attempt?.played?.flow === "device-code"
      ? await deviceFlowTokens(fetch, flow)
      : await codeFlowTokens(fetch, { ...flow, redirectUri: REDIRECT, proof: async () => ({}) });
  const response = await fetch(`${url}/api/2.0/preview/scim/v2/Me`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  if (response.status !== 200) throw databricksRefusal(await response.text());
  const { groups = [], entitlements = [] } = (await response.json()) as Me;
  const names = groups.map(({ display }) => display);
  const toolRoles = [names.includes("admins") ? "ADMIN" : "USER", ...entitlements.map(({ value }) => value)];
  const promised = new Set(names.flatMap((name) => groupRoles[name] ?? []));
  const held = roles.filter(({ value }) => promised.has(value));
  const short = held.find((role) => !hasAll(toolRoles, role));
  if (short !== undefined) {
    throw new SignInRefused(
      "rights-missing",
      `The workspace knows ${person} in the role ${short.value}, but gives only ${toolRoles.join(", ")}.`,
      "Run `entrada sandbox up --refresh`: somebody changed an assignment or entitlements by hand.",
    );
  }
  return { claims, roles: held.map(({ value }) => value), toolRoles };
}

/** An admin is a user too. */
function hasAll(rights: readonly string[], { toolRoles }: ToolRole): boolean {
  return toolRoles.every((right) => rights.includes(right) || (right === "USER" && rights.includes("ADMIN")));
}

/** A refusal in the words of Databricks' API, `{error_code, message}`. */
export function databricksRefusal(text: string): SignInRefused {
  let code = "unknown";
  let message = text.slice(0, 300);
  try {
    const body = JSON.parse(text) as { error_code?: string | number; message?: string };
    code = String(body.error_code ?? code);
    message = body.message ?? message;
  } catch {
    // Not Databricks' own words: a proxy's or gateway's page, told as it is.
  }
  return new SignInRefused(code, message, fixFor(message));
}

function fixFor(message: string): string {
  if (message.includes("Unauthorized access to Org")) {
    return "Put the person into a team that has a role under tools.databricks.access. Guests stay out: Databricks resolves people of its own tenant only.";
  }
  if (message.includes("blocked by Databricks IP ACL")) {
    return "Add the address from which the person comes to tools.databricks.allowedIps.";
  }
  return "Look the message up in the documentation of Azure Databricks.";
}

/** The sign-in as the command plays it, with what the stack's outputs say of the workspace. */
export async function databricksPlatform(
  { fetch, declared, deployed, attempt }: SignInContext,
  person: string,
): Promise<{ claims: JWTPayload; roles: string[] }> {
  const { tenantId, url, details } = deployed;
  const groupRoles = details?.groupRoles;
  if (groupRoles === undefined) throw new Refusal("The stack's outputs name no groups of Databricks.");
  return databricksSignIn(fetch, {
    tenantId,
    url,
    person,
    roles: declared.contract.roles(declared.tool),
    groupRoles: JSON.parse(groupRoles) as Record<string, string[]>,
    ...(attempt === undefined ? {} : { attempt }),
  });
}
