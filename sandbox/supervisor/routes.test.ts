import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { startProxy } from "../network/proxy.ts";
import { control } from "./control-client.ts";
import { startControlServer } from "./control-server.ts";
import { proxyRoutes } from "./routes.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

describe("the table of routes", () => {
  it("leads a host's port 443 to the port it was given, and nothing else", () => {
    const table = proxyRoutes();
    table.replace({ owner: "runner", routes: { "superset.contoso.com": 4000 } });
    expect(table.route("superset.contoso.com", 443)).toEqual({ host: "127.0.0.1", port: 4000 });
    expect(table.route("superset.contoso.com", 80)).toBeUndefined();
    expect(table.route("contoso.com", 443)).toBeUndefined();
    expect(table.route("a.superset.contoso.com", 443)).toBeUndefined();
    expect(table.route("constructor", 443)).toBeUndefined();
  });

  it("takes the longest wildcard where there is no exact name", () => {
    const table = proxyRoutes();
    table.replace({ owner: "a", routes: { "*.contoso.com": 1, "*.data.contoso.com": 2, "x.data.contoso.com": 3 } });
    const port = (host: string) => table.route(host, 443)?.port;
    expect(port("x.data.contoso.com")).toBe(3);
    expect(port("y.z.data.contoso.com")).toBe(2);
    expect(port("data.contoso.com")).toBe(1);
    expect(port("contoso.com")).toBeUndefined();
    expect(port("evilcontoso.com")).toBeUndefined();
  });

  it("replaces what the owner had, and nobody else's", () => {
    const table = proxyRoutes();
    table.replace({ owner: "runner", routes: { "a.example": 1, "b.example": 2 } });
    table.replace({ owner: "test", routes: { "c.example": 3 } });
    table.replace({ owner: "runner", routes: { "b.example": 4 } });
    const ports = () => ["a", "b", "c"].map((name) => table.route(`${name}.example`, 443)?.port);
    expect(ports()).toEqual([undefined, 4, 3]);
    table.replace({ owner: "runner", routes: {} });
    expect(ports()).toEqual([undefined, undefined, 3]);
    table.replace({ owner: "test", routes: { "b.example": 5 } });
    expect(ports()).toEqual([undefined, 5, undefined]);
  });

  it.each<[unknown, ...string[]]>([
    [undefined, "owner is missing", "routes is missing"],
    [{ owner: "Runner 1", routes: [] }, 'owner is "Runner 1"', "routes is []"],
    [{ owner: "a", routes: { "A.example": 1 } }, 'The host "A.example" is no name in lower case'],
    [{ owner: "a", routes: { "127.0.0.1": 1, "[::1]": 1 } }, 'The host "127.0.0.1"', 'The host "[::1]"'],
    [{ owner: "a", routes: { "a.example:443": 1, "https://a": 1, "": 1, "*": 1, "a.*.b": 1 } }, '"*"', '"a.*.b"'],
    [{ owner: "a", routes: { a: 0, b: 65_536, c: "80", d: 1.5 } }, '"a" is 0', '"b" is 65536', '"c" is "80"', "1.5"],
    [{ owner: "a", routes: JSON.parse('{"__proto__": 1}') }, 'The host "__proto__"'],
    [{ owner: "a", routes: { "held.example": 1 } }, "held.example is other's", '{"owner": "other", "routes": {}}'],
  ])("refuses %j with every problem, and stays as it was", (body, ...problems) => {
    const table = proxyRoutes();
    table.replace({ owner: "other", routes: { "held.example": 7 } });
    table.replace({ owner: "a", routes: { "kept.example": 8 } });
    for (const problem of problems) expect(() => table.replace(body)).toThrow(problem);
    expect(table.route("kept.example", 443)?.port).toBe(8);
    expect(table.route("held.example", 443)?.port).toBe(7);
  });
});

describe("routes through the control endpoint and the proxy", () => {
  /** A server that says its name to whoever connects. */
  async function speaker(name: string): Promise<number> {
    const server = createServer((socket) => socket.on("error", () => {}).end(name));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    return (server.address() as AddressInfo).port;
  }

  it("go before the emulator's own hosts, and give them back", async () => {
    const table = proxyRoutes();
    const emulator = await speaker("emulator");
    const between = await speaker("between");
    const proxy = await startProxy({
      routes: (host, port) =>
        table.route(host, port) ??
        (host === "login.microsoftonline.com" && port === 443 ? { host: "127.0.0.1", port: emulator } : undefined),
      log: () => {},
    });
    closing.push(() => proxy.close());
    const server = await startControlServer({ "POST /routes": (body) => table.replace(body) });
    closing.push(() => server.close());
    const reached = async (host: string) => {
      const socket = connect(proxy.port, "127.0.0.1");
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: x\r\n\r\n`);
      await once(socket, "close");
      return /403/.exec(text)?.[0] ?? text.split("\r\n\r\n")[1];
    };
    const ask = (routes: object) => control({ control: server }, "POST", "/routes", { owner: "test", routes });

    expect(await reached("login.microsoftonline.com")).toBe("emulator");
    await ask({ "login.microsoftonline.com": between, "superset.contoso.com": between });
    expect(await reached("LOGIN.microsoftonline.com")).toBe("between");
    expect(await reached("superset.contoso.com")).toBe("between");
    await expect(ask({ "login.microsoftonline.com": "x" })).rejects.toThrow('is "x"; it has to be a number');
    await ask({});
    expect(await reached("login.microsoftonline.com")).toBe("emulator");
    expect(await reached("superset.contoso.com")).toBe("403");
  });
});
