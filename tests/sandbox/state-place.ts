import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import type { ArmSend } from "../../cli/bootstrap/arm.ts";
import { planState, stateLines } from "../../cli/bootstrap/state.ts";
import type { StateUser } from "../../cli/bootstrap/wanted.ts";
import { type SeededCloud, seededCloud } from "../../sandbox/emulator/clients/seeded-cloud.ts";
import { SUBSCRIPTION, TENANT } from "../../sandbox/emulator/testing.ts";
import { proxiedHttp } from "../../sandbox/providers/http/http.ts";
import { claimOf, clientCredentials } from "../../sandbox/providers/http/token.ts";
import { ensureToolchain } from "../../sandbox/toolchain/index.ts";

/** How a command of the Pulumi CLI ended. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The sandbox's Azure behind its proxy, Azure Resource Manager's door as the deployer, and a folder for a project. */
export interface StatePlace {
  readonly cloud: SeededCloud;
  /** The project's, with the stack files. */
  readonly folder: string;
  readonly send: ArmSend;
  /** Makes the state's place as `entrada bootstrap` does, for the deployer and others; again it changes nothing. */
  bootstrap(...others: StateUser[]): Promise<{ login: string; secretsProvider: string }>;
  /** Runs the real Pulumi CLI in the project's folder, as the deployer unless the variables name another identity. */
  pulumi(args: readonly string[], variables?: Readonly<Record<string, string>>): Promise<CliResult>;
  /** A stack of the project, for what the CLI would start a language host for. */
  stack(name: string, program: PulumiFn): Promise<Stack>;
  close(): Promise<void>;
}

/** Azure's default credential takes the first of these that is complete. */
const SIGN_IN = ["AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"];

export async function statePlace(project: string): Promise<StatePlace> {
  const { pulumi } = await ensureToolchain({ log: () => undefined });
  const cloud = await seededCloud();
  const folder = mkdtempSync(join(tmpdir(), "entrada-state-place-"));
  writeFileSync(join(folder, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
  // PulumiCommand looks for <root>/bin/pulumi.
  mkdirSync(join(folder, "tools", "bin"), { recursive: true });
  symlinkSync(pulumi, join(folder, "tools", "bin", "pulumi"));

  const connection = proxiedHttp({ proxyUrl: cloud.proxy.url, caFile: cloud.authority.caFile });
  const credentials = { tenantId: TENANT, ...cloud.deployer };
  const token = clientCredentials(connection.http, credentials, "https://management.azure.com");
  const send: ArmSend = async (method, path, body) => {
    const headers = { authorization: `Bearer ${await token()}`, "content-type": "application/json" };
    const url = `https://management.azure.com${path}`;
    const answer = await connection.http({
      method,
      url,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: answer.body === "" ? undefined : JSON.parse(answer.body) };
  };
  const deployer: StateUser = { objectId: claimOf(await token(), "oid"), type: "ServicePrincipal" };
  const azure = {
    send,
    wait: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds / 40)),
  };

  const environment = (variables: Readonly<Record<string, string>>): Record<string, string> => ({
    PULUMI_HOME: join(folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    HTTPS_PROXY: cloud.proxy.url,
    SSL_CERT_FILE: cloud.authority.caFile,
    AZURE_TENANT_ID: TENANT,
    ...(SIGN_IN.some((name) => name in variables)
      ? {}
      : { AZURE_CLIENT_ID: cloud.deployer.clientId, AZURE_CLIENT_SECRET: cloud.deployer.clientSecret }),
    ...variables,
  });

  return {
    cloud,
    folder,
    send,
    bootstrap: async (...others) => {
      const users = [deployer, ...others];
      const args = { environment: "qa", subscriptionId: SUBSCRIPTION, tenantId: TENANT, location: "westeurope", users };
      for (const step of await planState(azure, args)) if (step.action !== "none") await step.run();
      const { login, secretsProvider = "" } = await stateLines(azure, args);
      return { login, secretsProvider };
    },
    pulumi: (args, variables = {}) =>
      new Promise((resolve) => {
        const env = { PATH: "/usr/bin:/bin", HOME: folder, ...environment(variables) };
        execFile(pulumi, [...args, "--non-interactive"], { cwd: folder, env }, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
        );
      }),
    stack: async (stackName, program) =>
      LocalWorkspace.selectStack(
        { stackName, projectName: project, program },
        {
          workDir: folder,
          pulumiHome: join(folder, "home"),
          pulumiCommand: await PulumiCommand.get({ root: join(folder, "tools"), skipVersionCheck: true }),
          envVars: environment({}),
        },
      ),
    close: async () => {
      await connection.close();
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
