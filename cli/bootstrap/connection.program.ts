import { setTimeout } from "node:timers/promises";
import { runSteps, variable } from "../../sandbox/emulator/clients/program.ts";
import { bootstrap } from "../commands/bootstrap.ts";
import { connect } from "./arm.ts";

/** Runs the command over the network, with nothing but the environment's variables, and gives what it prints as JSON. */
async function run(tenantId?: string): Promise<unknown> {
  const printed: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = (text: string | Uint8Array) => printed.push(String(text)) > 0;
  try {
    await bootstrap(
      "uat",
      { subscription: variable("AZURE_SUBSCRIPTION_ID"), location: "westeurope", json: true },
      { root: "/nowhere", connect: () => connect(tenantId), wait: () => setTimeout(50) },
    );
  } finally {
    process.stdout.write = write;
  }
  return JSON.parse(printed.join(""));
}

await runSteps({
  first: () => run(),
  second: () => run(),
  elsewhere: () => run("00000000-0000-4000-8000-000000000000"),
});
process.exit();
