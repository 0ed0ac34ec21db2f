import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ensureSystemProgram } from "../../toolchain/system-program.ts";
import { fakeApi } from "../testing.ts";
import { testPod } from "./testing.ts";
import type { Pod } from "./types.ts";
import { PodWorker } from "./worker.ts";

const TIMEOUT = { timeout: 20_000, interval: 50 };

let root: string;
let bwrap: string;
let pods: PodWorker[];
beforeAll(async () => {
  bwrap = await ensureSystemProgram({ program: "bwrap", package: "bubblewrap", purpose: "runs the tools' containers" });
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-worker-"));
  pods = [];
});
afterEach(async () => {
  await Promise.all(pods.map((pod) => pod.terminate(0)));
  rmSync(root, { recursive: true, force: true });
});

const shell = (script: string, more: Partial<V1Container> = {}): V1Container => ({
  name: "main",
  image: "shell",
  command: ["/bin/sh", "-c", script],
  ...more,
});
/** Ends at once when it is asked to. */
const WAITS = "trap 'echo bye; exit 0' TERM; echo up; while true; do sleep 0.1; done";

/** Runs a pod; the API server is played, everything else is real. */
function run(spec: Partial<V1PodSpec>, { prepare = async () => {} } = {}) {
  const state = { objects: {} as Record<string, object>, down: false };
  const pod = testPod({ terminationGracePeriodSeconds: 1, ...spec });
  let status: NonNullable<Pod["status"]> = {};
  const { client, changes } = fakeApi(({ method, path, body }) => {
    if (state.down) throw new Error("connect ECONNREFUSED");
    if (method === "GET") return state.objects[path];
    if (method === "PATCH") status = (body as { status: NonNullable<Pod["status"]> }).status;
    return { ...pod, status };
  });
  const program = { binds: [], env: { PATH: "/usr/bin:/bin" }, command: [], workingDirectory: "/tmp" };
  const log: string[] = [];
  const node = {
    client,
    vault: { files: async () => ({}) },
    image: (image: string) =>
      image === "shell" ? { what: "a shell", prepare: async () => prepare().then(() => program) } : undefined,
    bwrap,
    nsenter: "/usr/bin/nsenter",
    runtime: join(root, "run"),
    disk: join(root, "disk"),
    logs: join(root, "logs"),
    caPem: "",
    proxy: "http://127.0.0.1:1",
    apiHost: "kubernetes.default.svc",
    reachable: async () => [],
    nextAddress: () => "10.244.0.2",
    log: (line: string) => void log.push(line),
  };
  const worker = new PodWorker(node, pod);
  pods.push(worker);
  const text = (container = "main", number = 0) => {
    const file = join(root, "logs", `bi_web-1_${container}_${number}.log`);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  return { worker, pod, state, log, changes, text, status: () => status };
}
const deleted = (pod: Pod): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 1 },
});
/** Files that a pod leaves behind, its log beside. */
const left = () =>
  ["run", "disk"].flatMap((name) =>
    existsSync(join(root, name))
      ? readdirSync(join(root, name), { recursive: true, withFileTypes: true })
          .filter((entry) => !entry.isDirectory())
          .map((entry) => join(entry.parentPath, entry.name))
      : [],
  );

test("a pod runs until it is deleted, is asked to end, and leaves nothing", async () => {
  const { worker, pod, changes, text, status } = run({ containers: [shell(WAITS)] });
  await vi.waitFor(() => expect(text()).toBe("up\n"), TIMEOUT);
  // The container may be heard before the API server is told of it.
  await vi.waitFor(() => expect(status()).toMatchObject({ phase: "Running", podIP: "10.244.0.2" }), TIMEOUT);
  expect(worker.ip).toBe("10.244.0.2");
  worker.update(deleted(pod));
  await worker.terminate();
  expect(text()).toBe("up\nbye\n");
  expect(status().containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(0);
  expect(changes().at(-1)).toBe("DELETE /api/v1/namespaces/bi/pods/web-1");
  expect(worker.ip).toBeUndefined();
  expect(left()).toEqual([]);
});

test("an API server that is away while a pod ends is told as soon as it is back", async () => {
  const { worker, pod, state, changes, text } = run({ containers: [shell(WAITS)] });
  await vi.waitFor(() => expect(text()).toBe("up\n"), TIMEOUT);
  state.down = true;
  worker.update(deleted(pod));
  await worker.terminate();
  state.down = false;
  const before = changes().length;
  worker.update(deleted(pod));
  await vi.waitFor(() => expect(changes().slice(before)).toContain("DELETE /api/v1/namespaces/bi/pods/web-1"), TIMEOUT);
});

test("a pod that is deleted while its programs are loaded does not wait for them, and starts nothing", async () => {
  let loaded = () => {};
  const loading = new Promise<void>((resolve) => {
    loaded = resolve;
  });
  const { worker, pod, changes, text } = run({ containers: [shell(WAITS)] }, { prepare: () => loading });
  await delay(100);
  worker.update(deleted(pod));
  await worker.terminate();
  expect(changes().at(-1)).toBe("DELETE /api/v1/namespaces/bi/pods/web-1");
  loaded();
  await delay(200);
  expect(text()).toBe("");
  expect(left()).toEqual([]);
});

test("a pod that is deleted while its container starts ends with it", async () => {
  const { worker, log } = run({ containers: [shell(WAITS)] });
  await vi.waitFor(() => expect(existsSync(join(root, "logs"))).toBe(true), { ...TIMEOUT, interval: 1 });
  await worker.terminate(0);
  expect(left()).toEqual([]);
  expect(log).toEqual([]);
});

test("a Job's pod whose container cannot start fails at once, with the reason", async () => {
  const { status } = run({
    restartPolicy: "Never",
    containers: [shell("true", { envFrom: [{ configMapRef: { name: "ids" } }] })],
  });
  await vi.waitFor(() => expect(status().phase).toBe("Failed"), TIMEOUT);
  expect(status().containerStatuses?.[0]?.state?.terminated).toMatchObject({
    reason: "StartError",
    message: "ConfigMap bi/ids is not there.",
  });
});

test.each([
  ["a volume is missing", { volumes: [{ name: "v", configMap: { name: "gone" } }] }, "ConfigMap bi/gone is not there."],
  ["its image is unknown", { containers: [shell("true", { image: "x" })] }, "stands for the image x"],
])("a Job's pod fails when %s, and leaves nothing", async (_what, spec, message) => {
  const { status } = run({ restartPolicy: "Never", containers: [shell("true")], ...spec });
  await vi.waitFor(() => expect(status().phase).toBe("Failed"), TIMEOUT);
  expect(status().message).toContain(message);
  await vi.waitFor(() => expect(left()).toEqual([]), TIMEOUT);
});

test("a pod that is to stay waits for its volume, and starts when it is there", async () => {
  const mount = { volumes: [{ name: "v", configMap: { name: "late" } }] };
  const container = shell(`cat /v/key; ${WAITS}`, { volumeMounts: [{ name: "v", mountPath: "/v" }] });
  const { state, status, text } = run({ ...mount, containers: [container] });
  const waiting = () => status().containerStatuses?.[0]?.state?.waiting;
  await vi.waitFor(() => expect(waiting()?.reason).toBe("CreateContainerError"), TIMEOUT);
  expect(waiting()?.message).toBe("ConfigMap bi/late is not there.");
  state.objects["/api/v1/namespaces/bi/configmaps/late"] = { data: { key: "value " } };
  await vi.waitFor(() => expect(text()).toBe("value up\n"), TIMEOUT);
  await vi.waitFor(() => expect(status().phase).toBe("Running"), TIMEOUT);
});

test("init containers run one after the other before the others, and a failed one ends a Job's pod", async () => {
  const good = run({
    restartPolicy: "Never",
    volumes: [{ name: "v", emptyDir: {} }],
    initContainers: ["one", "two"].map((name) =>
      shell(`echo ${name} >> /v/log`, { name, volumeMounts: [{ name: "v", mountPath: "/v" }] }),
    ),
    containers: [shell("cat /v/log", { volumeMounts: [{ name: "v", mountPath: "/v" }] })],
  });
  await vi.waitFor(() => expect(good.status().phase).toBe("Succeeded"), TIMEOUT);
  expect(good.text()).toBe("one\ntwo\n");
  await vi.waitFor(() => expect(left()).toEqual([]), TIMEOUT);
  const bad = run({
    restartPolicy: "Never",
    initContainers: [shell("exit 3", { name: "init" })],
    containers: [shell("echo ran", { name: "second" })],
  });
  await vi.waitFor(() => expect(bad.status().phase).toBe("Failed"), TIMEOUT);
  expect(bad.text("second")).toBe("");
});

test("a sidecar that dies comes back, and goes when the Job's work is done", async () => {
  const sidecar = shell(`test -e /v/again || { touch /v/again; exit 1; }; touch /v/up; ${WAITS}`, {
    name: "side",
    restartPolicy: "Always",
    volumeMounts: [{ name: "v", mountPath: "/v" }],
  });
  const { status, text, log } = run({
    restartPolicy: "Never",
    volumes: [{ name: "v", emptyDir: {} }],
    initContainers: [sidecar],
    containers: [
      shell("while [ ! -e /v/up ]; do sleep 0.1; done; echo done", { volumeMounts: [{ name: "v", mountPath: "/v" }] }),
    ],
  });
  await vi.waitFor(() => expect(status().phase).toBe("Succeeded"), TIMEOUT);
  expect(text()).toBe("done\n");
  expect(text("side", 1)).toBe("up\nbye\n");
  expect(log).toEqual([]);
  await vi.waitFor(() => expect(left()).toEqual([]), TIMEOUT);
});

test("while a container waits for its next start, its log is that of the run before", async () => {
  const { worker, status } = run({ containers: [shell("echo broken; exit 1")] });
  const container = () => status().containerStatuses?.[0];
  await vi.waitFor(() => expect(container()?.state?.waiting?.reason).toBe("CrashLoopBackOff"), TIMEOUT);
  expect(container()?.restartCount).toBe(1);
  expect(readFileSync(worker.logOf("main")?.path ?? "", "utf8")).toBe("broken\n");
  expect(worker.logOf("main")?.open()).toBe(false);
  expect(worker.logOf("main", true)?.path).toMatch(/_0\.log$/);
  expect(worker.logOf("other")).toBeUndefined();
});

test("a part of a volume is refused and not mounted as a whole", async () => {
  const { status } = run({
    restartPolicy: "Never",
    volumes: [{ name: "v", emptyDir: {} }],
    containers: [shell("true", { volumeMounts: [{ name: "v", mountPath: "/v", subPath: "x" }] })],
  });
  await vi.waitFor(() => expect(status().phase).toBe("Failed"), TIMEOUT);
  expect(status().containerStatuses?.[0]?.state?.terminated?.message).toContain("subPath");
});
