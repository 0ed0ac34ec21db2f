import { setTimeout as delay } from "node:timers/promises";
import * as runtime from "@pulumi/pulumi/runtime/index.js";

/**
 * Runs one program in a process of its own, as the engine would start it, and ends at its first registration with the
 * milliseconds since the process began, what they went into, and the peak memory in MiB.
 */
const [which] = process.argv.slice(2);
const libraryLoaded = performance.now();
let programLoaded = libraryLoaded;

function tell(): never {
  const milliseconds = performance.now();
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  const parts = { loading: programLoaded - libraryLoaded, running: milliseconds - programLoaded };
  process.stdout.write(JSON.stringify({ milliseconds, mebibytes, ...parts }));
  // The library complains at the exit about what is still under way, and everything is: the measure ends half-way.
  process.removeAllListeners("exit");
  process.exit(0);
}

await runtime.setMocks({ newResource: tell, call: ({ inputs }) => inputs }, "entrada", "sandbox", false);
// By the environment, as the engine does it: reading a file here would load the model for the empty program too.
runtime.setAllConfig(JSON.parse(process.env.PULUMI_CONFIG ?? "{}") as Record<string, string>);
const program = (which === "project" ? await import("../../infra/index.ts") : await import("./empty.ts")).default;
programLoaded = performance.now();
await program();
// Registrations go their own way; the first of them ends this process.
await delay(30_000);
throw new Error("The program registered nothing.");
