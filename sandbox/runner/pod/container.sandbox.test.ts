import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePorts } from "../../cluster/ports.ts";
import { ensureSystemProgram } from "../../toolchain/system-program.ts";
import type { Program } from "../images.ts";
import { type Container, startContainer } from "./container.ts";
import { fileSystem, writeEtc } from "./file-system.ts";
import { type PodNetwork, startPodNetwork } from "./network.ts";
import { ask } from "./probe.ts";

/** A container whose program is Python's own web server and shell: what a tool's container may see and do. */
const program: Program = {
  binds: [],
  env: { PATH: "/usr/bin:/bin" },
  command: [],
  workingDirectory: "/tmp",
};

let root: string;
let bwrap: string;
let network: PodNetwork;
let etc: string;
let outsidePort: number;
const answers = createServer((socket) => socket.end("hello from outside"));

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "entrada-container-"));
  bwrap = await ensureSystemProgram({ program: "bwrap", package: "bubblewrap", purpose: "runs the tools' containers" });
  await new Promise<void>((resolve) => answers.listen(0, "127.0.0.1", resolve));
  outsidePort = (answers.address() as { port: number }).port;
  const [proxy = 0] = await freePorts(1);
  network = await startPodNetwork({
    folder: join(root, "n"),
    bwrap,
    hostname: "web-1",
    ip: "10.244.0.2",
    ports: [8088],
    reachable: [{ names: ["db.contoso.com"], port: 80, connect: async () => toOutside() }],
    proxy: `http://127.0.0.1:${proxy}`,
  });
  etc = join(root, "etc");
  writeEtc(etc, { user: 1000, group: 1000, hosts: network.hosts, hostname: "web-1", caPem: "certificates" });
  for (const folder of ["secrets", "tmp"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "secrets", "password"), "s3cret", { mode: 0o400 });
});
afterAll(async () => {
  await network?.stop();
  answers.close();
  rmSync(root, { recursive: true, force: true });
});

async function toOutside(): Promise<Socket> {
  const { connect } = await import("node:net");
  return connect(outsidePort, "127.0.0.1");
}

const start = (...command: string[]): Promise<Container> =>
  startContainer({
    bwrap,
    nsenter: "/usr/bin/nsenter",
    holder: network.holder,
    user: 1000,
    group: 1000,
    command,
    variables: { PATH: "/usr/bin:/bin", ONLY: "this" },
    logFile: join(root, "log"),
    fileSystem: fileSystem({
      program,
      etc,
      readOnlyRoot: true,
      mounts: [
        { from: join(root, "secrets"), to: "/mnt/secrets", readOnly: true },
        { from: join(root, "tmp"), to: "/tmp", readOnly: false },
      ],
    }),
  });

/** What a shell command prints, run as the container's process 1. */
async function output(script: string): Promise<string> {
  rmSync(join(root, "log"), { force: true });
  const container = await start("/bin/sh", "-c", script);
  await container.ended;
  return readFileSync(join(root, "log"), "utf8").trim();
}

test("the command is process 1, as the pod's user, with the pod's variables and nothing else", async () => {
  expect(await output('echo "$$ $(id -u) $(id -g) $(hostname)"')).toBe("1 1000 1000 web-1");
  expect((await output("env | sort")).split("\n").map((line) => line.split("=")[0])).toEqual(["ONLY", "PATH", "PWD"]);
});

test("volumes lie where the pod says; the rest of the file system is not writable and shows nothing of this machine", async () => {
  expect(await output("cat /mnt/secrets/password; stat -c ' %a' /mnt/secrets/password")).toBe("s3cret 400");
  expect(await output("echo x > /tmp/file && cat /tmp/file")).toBe("x");
  for (const place of ["/file", "/etc/file", "/mnt/secrets/file", "/usr/file"]) {
    expect(await output(`echo x > ${place}`), place).toMatch(/Read-only file system|Permission denied/);
  }
  expect(await output("ls /root /home 2>&1; ls /etc")).not.toMatch(/shadow|\.ssh/);
});

test("it reaches the names that it was given, and nothing else", async () => {
  const python = (host: string, port: number) =>
    `python3 -c "import socket; s = socket.create_connection(('${host}', ${port}), 2); print(s.recv(99).decode())" 2>&1 | tail -1`;
  expect(await output(python("db.contoso.com", 80))).toBe("hello from outside");
  // The machine's own loopback is another one.
  expect(await output(python("127.0.0.1", outsidePort))).toContain("Connection refused");
  expect(await output(python("203.0.113.1", 443))).toContain("Network is unreachable");
});

test("its port is reached from outside, its probes are asked, and it ends when it is asked to", async () => {
  const container = await start("python3", "-m", "http.server", "8088");
  const target = {
    container: { name: "main", ports: [{ name: "http", containerPort: 8088 }] },
    dial: network.dial,
    exec: container.exec,
  };
  await vi.waitFor(
    async () => expect(await ask({ httpGet: { path: "/", port: "http" } }, target)).toBeUndefined(),
    10_000,
  );
  expect(await ask({ httpGet: { path: "/missing", port: "http" } }, target)).toBe("/missing answered 404");
  expect(await ask({ tcpSocket: { port: 8088 } }, target)).toBeUndefined();
  expect(await ask({ tcpSocket: { port: 9 } }, target)).toBe("the container declares no port 9");
  expect(await ask({ exec: { command: ["sh", "-c", 'test "$ONLY" = this'] } }, target)).toBeUndefined();
  expect(await ask({ exec: { command: ["sh", "-c", "echo broken; exit 3"] } }, target)).toBe("sh ended with 3: broken");
  expect(await ask({ exec: { command: ["sleep", "9"] }, timeoutSeconds: 1 }, target)).toContain("sleep ended with 137");
  // Python does not listen to SIGTERM as process 1, so the grace runs out: 128 + 9, as the kubelet reports it.
  await container.stop(300);
  expect((await container.ended).exitCode).toBe(137);
  expect(await ask({ httpGet: { path: "/", port: 8088 } }, target)).toMatch(/hang up|ECONNRESET|EPIPE/);
  expect(await ask({ tcpSocket: { port: 8088 } }, target)).toBe("nobody listens at port 8088");
});

test("a probe's command that does not end is ended in time, with what it started", async () => {
  const container = await start("sleep", "60");
  const before = Date.now();
  const asked = await container.exec(["sh", "-c", "sleep 31 & sleep 32"], 500);
  expect(asked.exitCode).toBe(137);
  expect(Date.now() - before).toBeLessThan(5_000);
  const { output: left } = await container.exec(["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"], 5_000);
  expect(left).toContain("sleep 60");
  expect(left).not.toMatch(/sleep 3[12]/);
  await container.stop(0);
});

test("a container that the system does not start says what bubblewrap said", async () => {
  const broken = startContainer({
    bwrap,
    nsenter: "/usr/bin/nsenter",
    holder: network.holder,
    user: 1000,
    group: 1000,
    command: ["/bin/true"],
    variables: {},
    logFile: join(root, "broken.log"),
    fileSystem: ["--ro-bind", join(root, "not-there"), "/x"],
  });
  await expect(broken).rejects.toThrow("not-there");
});

test("a program that is not there was not started, with its reason in the log as well", async () => {
  await expect(start("no-such-program")).rejects.toThrow("no-such-program: No such file");
  expect(readFileSync(join(root, "log"), "utf8")).toContain("no-such-program");
});

test("a program that ends at once was started all the same", async () => {
  for (const exitCode of [0, 1, 7])
    expect((await (await start("sh", "-c", `exit ${exitCode}`)).ended).exitCode).toBe(exitCode);
});
