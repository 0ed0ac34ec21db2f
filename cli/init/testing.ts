import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { vi } from "vitest";
import { type InitCommand, init } from "../commands/init.ts";
import { createPrompter } from "./prompter.ts";

/** Options that make an environment with one tool. */
export const COMPLETE: InitCommand = {
  organization: "Contoso",
  domain: "data.qa.contoso.com",
  userDomain: "contoso.com",
  tenant: "2f6a4c1d-7b3e-4d59-8a60-c4e1b7f0d925",
  subscription: "6b0d2e9f-41c7-4f3a-b1d8-93a5e0c7f164",
  location: "westeurope",
  registry: "contoso.azurecr.io",
  team: ["bi-admins=ana.lima,jon.berg", "analysts=mei.tanaka", "sales=3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55"],
  tool: ["superset=Admin:bi-admins", "superset=Alpha:analysts,sales"],
  oidcIssuer: "https://oidc.contoso.com/qa/",
  context: "contoso-qa",
  gateway: "gateway/public",
  breakGlass: "breakglass-1, breakglass-2",
  set: [
    "tools.superset.image=contoso.azurecr.io/superset:6.1.0",
    "tools.superset.database.host=contoso-qa.postgres.database.azure.com",
    "tools.superset.redis.host=contoso-qa.redis.cache.windows.net",
    "tools.superset.replicas={ min: 1, max: 2 }",
  ],
};

/** An empty checkout: a folder with `stacks/` in it. */
export function emptyCheckout(): string {
  const root = mkdtempSync(join(tmpdir(), "entrada-init-"));
  mkdirSync(join(root, "stacks"));
  return root;
}

/** What the command printed, what the file holds after it, and the error that ended it. */
export interface Outcome {
  readonly printed: string;
  readonly error?: Error;
  readonly text?: string;
}

/** Runs the command in a checkout; with `lines`, somebody types those. */
export async function runInit(
  root: string,
  environment: string,
  options: InitCommand,
  lines?: readonly string[],
): Promise<Outcome> {
  const printed: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  const input = new PassThrough();
  const output = new PassThrough();
  output.on("data", (data) => printed.push(String(data)));
  const prompter = lines === undefined ? undefined : createPrompter(input, output);
  if (lines !== undefined) input.end(lines.map((line) => `${line}\n`).join(""));
  let error: Error | undefined;
  try {
    await init(environment, options, { root, prompter });
  } catch (thrown) {
    error = thrown as Error;
  } finally {
    spy.mockRestore();
  }
  let text: string | undefined;
  try {
    text = readFileSync(join(root, "stacks", `Pulumi.${environment}.yaml`), "utf8");
  } catch {
    // Nothing was written.
  }
  return { printed: printed.join(""), ...(error && { error }), ...(text !== undefined && { text }) };
}
