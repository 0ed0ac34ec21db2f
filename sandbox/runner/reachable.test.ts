import { createServer, type Socket } from "node:net";
import { expect, test, vi } from "vitest";
import { reachableFrom } from "./reachable.ts";
import { fakeApi } from "./testing.ts";

const service = (namespace: string, name: string, ports: object[]) => ({
  metadata: { namespace, name },
  spec: { ports },
});
const items = [
  service("bi", "superset", [{ port: 80 }, { port: 9125, protocol: "UDP" }]),
  service("proxies", "oauth", [{ port: 4180, protocol: "TCP" }]),
  service("default", "kubernetes", [{ port: 443 }]),
  { metadata: { namespace: "bi", name: "headless" }, spec: {} },
];
const { client } = fakeApi(() => ({ items }));

function reach(stores: { served?: { host: string; port: number }[]; target?: { host: string; port: number } } = {}) {
  const toService = vi.fn(async () => undefined);
  const api = { host: "kubernetes.default.svc", connect: async () => ({}) as Socket };
  const options = {
    stores: { served: stores.served ?? [], route: () => stores.target },
    toService,
    api,
  };
  return { toService, found: reachableFrom(client, "bi", options) };
}

test("Services have the names that DNS gives them: the short one in their own namespace alone", async () => {
  const found = await reach().found;
  expect(found.map(({ names, port }) => [port, ...names])).toEqual([
    [80, "superset", "superset.bi", "superset.bi.svc", "superset.bi.svc.cluster.local"],
    [4180, "oauth.proxies", "oauth.proxies.svc", "oauth.proxies.svc.cluster.local"],
    [443, "kubernetes.default.svc", "kubernetes.default", "kubernetes.default.svc.cluster.local"],
  ]);
});

test("who answers for a Service is asked at each connection", async () => {
  const { found, toService } = reach();
  const [first, second] = await found;
  expect(toService).not.toHaveBeenCalled();
  expect(await first?.connect()).toBeUndefined();
  await second?.connect();
  expect(toService.mock.calls).toEqual([
    ["bi", "superset", 80],
    ["proxies", "oauth", 4180],
  ]);
});

test("a data store is reached under the settings' name where it runs now", async () => {
  const server = createServer((socket) => socket.end("postgres"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const served = [{ host: "db.contoso.com", port: 5432 }];
  const store = (await reach({ served, target: { host: "127.0.0.1", port } }).found)[2];
  expect(store).toMatchObject({ names: ["db.contoso.com"], port: 5432 });
  const socket = await store?.connect();
  const said = await new Promise((resolve) => socket?.once("data", (data) => resolve(String(data))));
  expect(said).toBe("postgres");
  socket?.destroy();
  server.close();
  expect(await (await reach({ served }).found)[2]?.connect()).toBeUndefined();
});
