import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createServer as createTlsServer } from "node:tls";
import { openAuthority } from "../../sandbox/network/authority.ts";
import { ensureRedis } from "../../sandbox/toolchain/redis.ts";

/** A user with its password, held to keys that begin with a text. */
export interface RedisUser {
  readonly name: string;
  readonly password: string;
  readonly keys: string;
}

export interface RunningRedis {
  /** Host and port that speak TLS. @example "127.0.0.1:40123" */
  readonly address: string;
  /** The certificate authority of its certificate, PEM. */
  readonly caPem: string;
  stop(): Promise<void>;
}

/** A real Redis on loopback, with the users that an operator would give it. TLS ends just before it: its wheel has none. */
export async function startRedis(users: readonly RedisUser[]): Promise<RunningRedis> {
  const file = await ensureRedis();
  const folder = mkdtempSync(join(tmpdir(), "entrada-redis-"));
  const acl = users.map(
    ({ name, password, keys }) => `user ${name} on >${password} ~${keys}* +@all -@admin -@dangerous\n`,
  );
  writeFileSync(join(folder, "users.acl"), `user default off\n${acl.join("")}`, { mode: 0o600 });
  const port = await freePort();
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  const child = spawn(file, [...options, "--aclfile", join(folder, "users.acl")], { stdio: "ignore" });
  await untilOpen(port);

  const authority = await openAuthority(folder);
  const { certPem, keyPem } = await authority.issue({
    commonName: "redis",
    dnsNames: ["localhost"],
    ipAddresses: ["127.0.0.1"],
  });
  const front = createTlsServer({ cert: certPem, key: keyPem, minVersion: "TLSv1.2" }, (socket) => {
    const behind = connect(port, "127.0.0.1");
    socket.on("error", () => behind.destroy());
    behind.on("error", () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  const tlsPort = await listen(front);
  return {
    address: `127.0.0.1:${tlsPort}`,
    caPem: authority.caPem,
    stop: async () => {
      front.close();
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody has at this moment. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

async function untilOpen(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.unref();
    });
    if (open) return;
    await delay(50);
  }
  throw new Error("Redis does not answer.");
}
