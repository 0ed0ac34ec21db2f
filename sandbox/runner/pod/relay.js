// The one process that holds a pod's network namespace, as the pause container does in a cluster. It runs inside it and
// joins its ports with unix sockets, which reach across namespaces: `out` leads names that the pod knows to the runner,
// `in` leads the runner to the pod's own ports. Plain JavaScript with nothing but Node, because it starts once for every pod.
import { connect, createServer } from "node:net";

/** Joins two sockets; the end of either is passed on once what was on its way has arrived, and an error ends both. */
function join(one, other) {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ]) {
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroySoon());
    from.pipe(to);
  }
}

const listen = (server, target) =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(target, resolve);
  });

const relay = (target) =>
  createServer({ allowHalfOpen: true }, (socket) => join(socket, connect({ ...target, allowHalfOpen: true })));

let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  text += chunk;
  if (text.endsWith("\n")) start(JSON.parse(text));
});
// The runner is gone: so is the pod.
process.stdin.on("end", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));

async function start({ out, into }) {
  try {
    await Promise.all([
      ...out.map(({ address, port, socket }) => listen(relay({ path: socket }), { host: address, port })),
      ...into.map(({ port, socket }) => listen(relay({ host: "127.0.0.1", port }), { path: socket })),
    ]);
    process.stdout.write("ready\n");
  } catch (error) {
    process.stdout.write(`${error.message}\n`);
    process.exit(1);
  }
}
