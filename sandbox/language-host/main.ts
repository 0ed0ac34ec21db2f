/**
 * Stand-in for `pulumi-language-nodejs`, which is in no package registry. The engine calls it as
 * `pulumi-language-nodejs [--logtostderr] [-v=N] [--tracing URL] ENGINE-ADDRESS` and reads from its first line on which port of
 * 127.0.0.1 it answers.
 */
import { serveLanguageHost } from "./serve.ts";

const engine = process.ppid;
const address = process.argv.at(-1);
if (process.argv.length < 3 || address === undefined || address.startsWith("-")) {
  process.stderr.write(
    "pulumi-language-nodejs is started by the Pulumi engine, with the engine's address as its last word.\n",
  );
  process.exit(2);
}
const host = await serveLanguageHost(address);
process.stdout.write(`${host.port}\n`);

// The engine ends its plugins itself, but not when it is killed: then this process, and the program it runs, would stay for ever.
setInterval(() => {
  if (process.ppid === engine) return;
  host.stop();
  process.exit(0);
}, 1000);
