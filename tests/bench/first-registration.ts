import { setTimeout as delay } from "node:timers/promises";
import * as runtime from "@pulumi/pulumi/runtime/index.js";
import { readConfig, stackFile } from "../../cli/project.ts";

/**
 * Runs one program in a process of its own, as the engine would start it, and ends at its first registration with the
 * milliseconds since the process began and its peak memory in MiB. Besides `project` and `empty` there are the parts that
 * the project loads, each with the empty program behind it.
 */
const [which] = process.argv.slice(2);

function tell(): never {
  const { maxRSS } = process.resourceUsage();
  process.stdout.write(JSON.stringify({ milliseconds: performance.now(), mebibytes: maxRSS / 1024 }));
  // The library complains at the exit about what is still under way, and everything is: the measure ends half-way.
  process.removeAllListeners("exit");
  process.exit(0);
}

await runtime.setMocks({ newResource: tell, call: ({ inputs }) => inputs }, "entrada", "sandbox", false);
runtime.setAllConfig(readConfig(stackFile("sandbox")));
const program =
  which === "project" ? (await import("../../infra/index.ts")).default : (await import("./empty.ts")).default;
await program();
// Registrations go their own way; the first of them ends this process.
await delay(30_000);
throw new Error("The program registered nothing.");
