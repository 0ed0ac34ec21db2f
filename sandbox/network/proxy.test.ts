import { once } from "node:events";
import { createServer as createHttpServer, request } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type ProxyLogEntry, type SandboxProxy, startProxy } from "./proxy.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function echoServer(): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => socket.destroy()));
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function proxyTo(port: number): Promise<{ proxy: SandboxProxy; log: ProxyLogEntry[] }> {
  const log: ProxyLogEntry[] = [];
  const routes = (host: string, wanted: number) =>
    host === "login.microsoftonline.com" && wanted === 443 ? { host: "127.0.0.1", port } : undefined;
  const proxy = await startProxy({ routes, log: (entry) => log.push(entry) });
  closing.push(() => proxy.close());
  return { proxy, log };
}

/** Sends a request line and reads until the answer has what is waited for, or the connection ends. */
function raw(port: number, head: string, until: string): Promise<{ text: string; socket: Socket }> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(head));
    closing.push(async () => socket.destroy());
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.includes(until)) resolve({ text, socket });
    });
    socket.once("error", reject);
    socket.once("close", () => resolve({ text, socket }));
  });
}

describe("the proxy", () => {
  it("joins a known host, whatever its case, and passes early bytes on", async () => {
    const { proxy, log } = await proxyTo(await echoServer());
    const { text } = await raw(
      proxy.port,
      "CONNECT LOGIN.microsoftonline.com:443 HTTP/1.1\r\nHost: x\r\n\r\nhello",
      "hello",
    );
    expect(text).toBe("HTTP/1.1 200 Connection Established\r\n\r\nhello");
    expect(log).toMatchObject([
      { method: "CONNECT", host: "login.microsoftonline.com", port: 443, outcome: "connected" },
    ]);
  });

  it.each([
    "example.com:443",
    "login.microsoftonline.com:8443",
    "login.microsoftonline.com.evil.example:443",
    "127.0.0.1:22",
    "[::1]:443",
  ])("refuses %s by name", async (authority) => {
    const { proxy, log } = await proxyTo(await echoServer());
    const { text } = await raw(proxy.port, `CONNECT ${authority} HTTP/1.1\r\nHost: x\r\n\r\n`, "refused.\n");
    expect(text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(text).toContain(`${authority.replace(/[[\]]/g, "")} is refused.`);
    expect(log.map((entry) => entry.outcome)).toEqual(["refused"]);
    expect(() => JSON.stringify(log)).not.toThrow();
  });

  it("refuses what is no host and port", async () => {
    const { proxy, log } = await proxyTo(await echoServer());
    expect((await raw(proxy.port, "CONNECT nonsense HTTP/1.1\r\nHost: x\r\n\r\n", "refused.\n")).text).toContain("403");
    expect(log).toHaveLength(1);
  });

  it("refuses plain http, to a known host too", async () => {
    const { proxy, log } = await proxyTo(await echoServer());
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(
        { port: proxy.port, host: "127.0.0.1", path: "http://login.microsoftonline.com/x?secret=1" },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      )
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
    expect(log).toMatchObject([{ method: "GET", host: "login.microsoftonline.com", port: 80, outcome: "refused" }]);
    expect(JSON.stringify(log)).not.toContain("secret");
  });

  it("answers 502 when nobody listens behind a known host", async () => {
    const vacant = createHttpServer().listen(0, "127.0.0.1");
    await once(vacant, "listening");
    const { port } = vacant.address() as AddressInfo;
    await new Promise((resolve) => vacant.close(resolve));
    const { proxy, log } = await proxyTo(port);
    const { text } = await raw(
      proxy.port,
      "CONNECT login.microsoftonline.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
      "answer.",
    );
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    expect(log.map((entry) => entry.outcome)).toEqual(["unreachable"]);
  });

  it("survives a client that goes away, and ends every connection when it is closed", async () => {
    const { proxy } = await proxyTo(await echoServer());
    const head = "CONNECT login.microsoftonline.com:443 HTTP/1.1\r\nHost: x\r\n\r\n";
    (await raw(proxy.port, head, "Established")).socket.resetAndDestroy();
    const joined = await raw(proxy.port, head, "Established");
    const halfOpen = connect(proxy.port, "127.0.0.1").on("error", () => halfOpen.destroy());
    await new Promise((resolve) => halfOpen.once("connect", resolve));
    const ended = Promise.all(
      [joined.socket, halfOpen].map((socket) => new Promise((resolve) => socket.once("close", resolve))),
    );
    await proxy.close();
    await ended;
    await expect(raw(proxy.port, head, "x")).rejects.toThrow(/ECONNREFUSED/);
  });
});
