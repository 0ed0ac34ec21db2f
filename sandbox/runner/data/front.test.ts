import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAuthority } from "../../network/authority.ts";
import { type Front, startFront } from "./front.ts";

let folder: string;
let socketPath: string;
let behind: Server;
let front: Front | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "front-"));
  socketPath = join(folder, "s.sock");
  behind = createServer((socket) => socket.on("data", (data) => socket.end(`heard ${data}${"x".repeat(200_000)}`)));
  await new Promise<void>((resolve) => behind.listen(socketPath, resolve));
});
afterEach(async () => {
  await front?.close();
  await new Promise((resolve) => behind.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

describe("the front of a server's socket", () => {
  it("passes all bytes on, to the last one", async () => {
    front = await startFront(socketPath, undefined);
    const socket = connect(front.port, "127.0.0.1");
    socket.write("it");
    expect(await text(socket)).toBe(`heard it${"x".repeat(200_000)}`);
  });

  it("speaks TLS under the certificate's name", async () => {
    const authority = await openAuthority(folder);
    const request = { commonName: "redis", dnsNames: ["cache.contoso.com"], ipAddresses: [] };
    front = await startFront(socketPath, await authority.issue(request));
    const place = { port: front.port, host: "127.0.0.1", ca: authority.caPem };
    const socket = connectTls({ ...place, servername: "cache.contoso.com" });
    socket.write("it");
    expect(await text(socket)).toMatch(/^heard itx+$/);
    const wrong = connectTls({ ...place, servername: "other.contoso.com" });
    const error = await new Promise<Error>((resolve) => wrong.once("error", resolve));
    expect(error.message).toContain("does not match certificate's altnames");
  });

  it("closes with connections open, whether or not they got as far as TLS", async () => {
    const authority = await openAuthority(folder);
    front = await startFront(
      socketPath,
      await authority.issue({ commonName: "r", dnsNames: ["r.test"], ipAddresses: [] }),
    );
    const socket = connect(front.port, "127.0.0.1");
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    await front.close();
    front = undefined;
    await closed;
  });

  it("ends a connection when nobody is behind it", async () => {
    front = await startFront(join(folder, "none.sock"), undefined);
    const socket = connect(front.port, "127.0.0.1");
    socket.on("error", () => {});
    await new Promise((resolve) => socket.once("close", resolve));
    expect(socket.destroyed).toBe(true);
  });
});
