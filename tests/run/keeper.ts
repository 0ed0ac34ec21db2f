import { removeLeftovers } from "./leftovers.ts";

/** Waits for the end of a run of tests, then removes what it left. Ctrl-C is for the tests: this process outlives them. */
const [folder = "", run] = process.argv.slice(2);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.stdin.resume().once("close", async () => {
  await removeLeftovers(folder, Number(run), (text) => console.log(text));
  process.exit();
});
