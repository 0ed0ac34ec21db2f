import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "@pulumi/azure-native/keyvault/secret.js";
import { Provider } from "@pulumi/azure-native/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { openSandbox } from "../../cli/sandbox-session.ts";
import project from "../../infra/index.ts";
import { openSeal } from "../../sandbox/emulator/seal.ts";
import { upStack } from "../../sandbox/engine/operations.ts";
import type { TestSandbox } from "./harness.ts";
import { directory } from "./live.ts";

/** Long and odd enough to be found nowhere by chance. */
export const plantedSecret = "planted-7f1e9b-Quite~Unmistakable~Value-42";

/** What could be seen from outside while the sample company came up with one more secret in its vault. */
export interface Sighting {
  readonly output: string;
  readonly outputs: unknown;
  readonly processesLookedAt: number;
  readonly processesWithSecret: readonly string[];
  /** Every value that the vault holds now, by secret's name. */
  readonly vaultValues: ReadonlyMap<string, string>;
}

/** Runs the project's own program plus one planted vault secret, and looks at every process meanwhile. */
export async function upWithPlantedSecret(sandbox: TestSandbox): Promise<Sighting> {
  process.env.ENTRADA_SANDBOX = sandbox.layout.root;
  const file = stackFile("sandbox");
  const settings = loadSettings(file);
  const program = async () => {
    const outputs = (await project()) as { keyVault: pulumi.Output<string>; resourceGroup: pulumi.Output<string> };
    const { tenantId, subscriptionId } = settings;
    const provider = new Provider("planted", { tenantId, subscriptionId });
    new Secret(
      "planted",
      {
        vaultName: outputs.keyVault,
        resourceGroupName: outputs.resourceGroup,
        secretName: "planted",
        properties: { value: pulumi.secret(plantedSecret) },
      },
      { provider },
    );
    return outputs;
  };
  const session = await openSandbox({ stack: "sandbox", stackFile: file, settings, program });
  const watch = watchProcesses();
  try {
    let output = "";
    await upStack(session.stack, {
      onOutput: (text) => {
        output += text;
      },
    });
    const { looked, holders } = watch.stop();
    return {
      output,
      outputs: await session.stack.outputs(),
      processesLookedAt: looked,
      processesWithSecret: holders,
      vaultValues: await vaultValues(sandbox),
    };
  } finally {
    watch.stop();
    session.close();
  }
}

/** Every value that the vault holds now, by name. */
export async function vaultValues(sandbox: TestSandbox): Promise<Map<string, string>> {
  const seal = await openSeal(join(sandbox.layout.emulator, "seal.key"));
  return new Map(
    Object.values(directory(sandbox).vaultSecrets).flatMap(({ name, versions }) => {
      const newest = versions.at(-1);
      return newest ? [[name, seal.open(newest.sealedValue)] as const] : [];
    }),
  );
}

/** Reads the arguments and environment of every other process ten times a second. */
function watchProcesses(): { stop(): { looked: number; holders: string[] } } {
  const seen = new Set<string>();
  const holders = new Set<string>();
  const look = () => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
      for (const part of ["cmdline", "environ"]) {
        try {
          const text = readFileSync(join("/proc", pid, part), "utf8");
          seen.add(pid);
          if (text.includes(plantedSecret)) holders.add(`${part} of ${pid}`);
        } catch {
          // It ended meanwhile, or belongs to somebody else.
        }
      }
    }
  };
  const timer = setInterval(look, 100);
  return {
    stop: () => {
      clearInterval(timer);
      return { looked: seen.size, holders: [...holders] };
    },
  };
}
