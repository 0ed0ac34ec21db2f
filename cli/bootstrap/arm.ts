import { DefaultAzureCredential } from "@azure/identity";
import { EnvHttpProxyAgent, fetch } from "undici";
import { z } from "zod";
import { Refusal } from "../output.ts";
import type { StateUser } from "./wanted.ts";

const HOST = "https://management.azure.com";

/** An answer of Azure Resource Manager. */
export interface ArmAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: resources have many shapes, of which a few fields are read
  readonly body: any;
}

/** Sends to Azure Resource Manager as the one who runs the command. The path has its api-version. */
export type ArmSend = (method: string, path: string, body?: unknown) => Promise<ArmAnswer>;

const claims = z.object({
  oid: z.string(),
  idtyp: z.string().optional(),
  upn: z.string().optional(),
  unique_name: z.string().optional(),
});

/**
 * A connection as whoever Pulumi's own state backend would be: Azure's default credential (environment, workload identity,
 * managed identity, `az login`). HTTPS_PROXY and NODE_EXTRA_CA_CERTS are heeded, as by Azure's libraries.
 * @param tenantId the tenant whose token is asked for; default: that of the sign-in
 * @throws Refusal when nobody is signed in
 */
export async function connect(tenantId?: string): Promise<{ send: ArmSend; caller: StateUser }> {
  const credential = new DefaultAzureCredential();
  const dispatcher = new EnvHttpProxyAgent();
  const read = async () => {
    try {
      return (await credential.getToken(`${HOST}/.default`, tenantId === undefined ? {} : { tenantId })).token;
    } catch (error) {
      throw new Refusal(
        `Nobody is signed in to Azure: run \`az login${tenantId === undefined ? "" : ` --tenant ${tenantId}`}\` first. (${(error as Error).message.split("\n")[0]})`,
      );
    }
  };
  const send: ArmSend = async (method, path, body) => {
    const response = await fetch(`${HOST}${path}`, {
      method,
      dispatcher,
      headers: { authorization: `Bearer ${await read()}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
  };
  return { send, caller: callerOf(await read()) };
}

/** Whom a token was issued to. Azure checks the token; it is only read here. */
export function callerOf(token: string): StateUser {
  const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  const { oid, idtyp, upn, unique_name } = claims.parse(payload);
  const person = idtyp === undefined ? (upn ?? unique_name) !== undefined : idtyp === "user";
  return { objectId: oid, type: person ? "User" : "ServicePrincipal" };
}
