import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SUBSCRIPTION, TENANT } from "../testing.ts";
import type { SeededCloud } from "./seeded-cloud.ts";

/**
 * Runs a client program in a process of its own, given nothing but the proxy and the CA by the environment
 * (`HTTPS_PROXY`, `NODE_EXTRA_CA_CERTS`), and the deployer as the Azure SDK's own variables name it. Node reads the extra
 * CA at its start only, which is why a process of its own is needed. Returns what each of the program's steps gave.
 */
// biome-ignore lint/suspicious/noExplicitAny: the steps' results have many shapes
export async function runProgram(cloud: SeededCloud, program: string): Promise<Record<string, any>> {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", file], {
    env: {
      PATH: process.env.PATH ?? "",
      HTTPS_PROXY: cloud.proxy.url,
      NODE_EXTRA_CA_CERTS: cloud.authority.caFile,
      AZURE_TENANT_ID: TENANT,
      AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
      AZURE_CLIENT_ID: cloud.deployer.clientId,
      AZURE_CLIENT_SECRET: cloud.deployer.clientSecret,
      CLUSTER_ISSUER: cloud.issuer,
      POD_TOKEN_FILE: await cloud.tokenFile("system:serviceaccount:superset:superset"),
      OTHER_TOKEN_FILE: await cloud.tokenFile("system:serviceaccount:superset:other"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${output.stderr}`);
  return JSON.parse(output.stdout);
}
