import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isRunning } from "../processes.ts";
import { Children, type ProcessDied, readRecorded, stopRecorded } from "./children.ts";
import { freePorts } from "./ports.ts";

let folder: string;
let recordFile: string;
const onDeath = vi.fn<(death: ProcessDied) => void>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrada-children-"));
  recordFile = join(folder, "processes.json");
  onDeath.mockReset();
});
afterEach(async () => {
  await stopRecorded(recordFile);
  rmSync(folder, { recursive: true, force: true });
});

const children = () => new Children({ recordFile, logs: folder, onDeath });
const node = (name: string, script: string) => ({ name, file: process.execPath, args: ["-e", script] });
const SLEEP = "setTimeout(() => {}, 60000)";

test("processes are recorded as they start, ended by stop, and the record goes with them", async () => {
  const running = children();
  running.start(node("etcd", SLEEP));
  running.start(node("kube-apiserver", SLEEP));
  const { processes } = running;
  expect(readRecorded(recordFile)).toEqual(processes);
  expect(processes.every(isRunning)).toBe(true);
  await running.stop();
  expect(processes.some(isRunning)).toBe(false);
  expect(existsSync(recordFile)).toBe(false);
  expect(onDeath).not.toHaveBeenCalled();
});

test("one that does not listen is ended firmly", async () => {
  const running = children();
  running.start(node("kwok", `process.on("SIGTERM", () => {}); console.log("deaf"); ${SLEEP}`));
  await vi.waitFor(() => expect(readFileSync(join(folder, "kwok.log"), "utf8")).toBe("deaf\n"));
  const started = Date.now();
  await running.stop();
  expect(running.processes.some(isRunning)).toBe(false);
  expect(Date.now() - started).toBeLessThan(10_000);
});

test("one that ends by itself is reported with its last lines, and a taken port is told apart", async () => {
  const running = children();
  running.start(node("kube-scheduler", `console.error("listen tcp: bind: address already in use"); process.exit(3)`));
  await vi.waitFor(() => expect(onDeath).toHaveBeenCalledOnce());
  const death = onDeath.mock.calls[0]?.[0];
  expect(death?.message).toBe(
    "kube-scheduler ended (exit code 3). Its last lines:\nlisten tcp: bind: address already in use",
  );
  expect(death?.portTaken).toBe(true);
});

test("a program that is not there is reported", async () => {
  children().start({ name: "etcd", file: join(folder, "missing"), args: [] });
  await vi.waitFor(() => expect(onDeath).toHaveBeenCalledOnce());
  expect(onDeath.mock.calls[0]?.[0].message).toMatch(/etcd ended \(spawn .*ENOENT/);
});

test("nothing of the caller's environment reaches them", async () => {
  process.env.ENTRADA_PLANTED = "passphrase";
  try {
    children().start(node("kwok", `console.log(Object.keys(process.env).join())`));
    await vi.waitFor(() => expect(onDeath).toHaveBeenCalledOnce());
    expect(readFileSync(join(folder, "kwok.log"), "utf8")).not.toContain("ENTRADA_PLANTED");
  } finally {
    delete process.env.ENTRADA_PLANTED;
  }
});

test("a dead supervisor's processes are ended, somebody else's with the same id are not", async () => {
  const running = children();
  running.start(node("etcd", SLEEP));
  const [etcd] = running.processes;
  if (!etcd) throw new Error("nothing was started");
  writeFileSync(recordFile, JSON.stringify([etcd, { name: "kwok", pid: process.pid, startTime: "long ago" }]));
  await stopRecorded(recordFile);
  expect(isRunning(etcd)).toBe(false);
  expect(existsSync(recordFile)).toBe(false);
});

test("free ports differ and can be listened on", async () => {
  const ports = await freePorts(5);
  expect(new Set(ports).size).toBe(5);
  const server = createServer();
  await new Promise<void>((done) => server.listen(ports[0], "127.0.0.1", done));
  await new Promise((done) => server.close(done));
});
