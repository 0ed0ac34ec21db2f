import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { KubernetesClient } from "../cluster/client.ts";
import { type Cluster, PROCESS_RECORD, startCluster, stopRecorded } from "../cluster/index.ts";
import { readKubeconfig } from "../cluster/kubeconfig.ts";
import { openAuthority } from "../network/authority.ts";
import { ensureToolchain } from "../toolchain/index.ts";
import { ensureSystemProgram } from "../toolchain/system-program.ts";
import { RUNNER_SCHEDULER } from "./admission.ts";
import { DoneJobs } from "./done-jobs.ts";
import { Kubelet } from "./kubelet.ts";
import { RUNNER_NODE, startNode } from "./node.ts";
import { listPods } from "./placement.ts";
import { releaseCluster } from "./release.ts";
import { Tools } from "./tools.ts";

/** The runner's own part of the cluster, against a real API server; a shell stands for every tool. */
const TIMEOUT = { timeout: 60_000, interval: 200 };
const NAMESPACE = "bi";
const tool = { id: "bi", namespace: NAMESPACE, url: "https://bi.contoso.com" };
const request = { tools: [tool], stores: { postgres: [], redis: [] }, extent: "reachable" as const };

let root: string;
let cluster: Cluster;
let client: KubernetesClient;
let kubelet: Kubelet;
let tools: Tools;
let node: { stop(): Promise<void> };

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "entrada-runner-"));
  const folder = join(root, "cluster");
  mkdirSync(folder);
  const authority = await openAuthority(root);
  const issuer = "https://oidc.contoso.example/cluster-1";
  cluster = await startCluster({ folder, toolchain: await ensureToolchain(), authority, issuer });
  client = new KubernetesClient(readKubeconfig(readFileSync(cluster.kubeconfigFile, "utf8")));
  const program = { binds: [], env: { PATH: "/usr/bin:/bin" }, command: [], workingDirectory: "/tmp" };
  kubelet = new Kubelet(client, {
    client,
    vault: { files: async () => ({}) },
    image: () => ({ what: "a shell", prepare: async () => program }),
    bwrap: await ensureSystemProgram({
      program: "bwrap",
      package: "bubblewrap",
      purpose: "runs the tools' containers",
    }),
    nsenter: "/usr/bin/nsenter",
    runtime: join(root, "run"),
    disk: join(root, "disk"),
    logs: join(root, "logs"),
    caPem: authority.caPem,
    proxy: "http://127.0.0.1:1",
    apiHost: "kubernetes.default.svc",
    reachable: async () => [],
    nextAddress: () => "10.244.0.2",
    log: () => {},
  });
  node = await startNode(client, { kubeletPort: 1, log: () => {} });
  kubelet.start();
  tools = new Tools({ client, kubelet, stores: { ensure: async () => {} }, done: new DoneJobs(root), log: () => {} });
  await declare();
});

afterAll(async () => {
  await tools?.close();
  await kubelet?.stop();
  await node?.stop();
  await client?.close();
  await cluster?.stop();
  await stopRecorded(join(root, "cluster", PROCESS_RECORD));
  rmSync(root, { recursive: true, force: true });
});

const podSpec = (script: string) => ({
  terminationGracePeriodSeconds: 2,
  securityContext: { runAsNonRoot: true, runAsUser: 1000 },
  containers: [{ name: "main", image: "shell:1", command: ["/bin/sh", "-c", script] }],
});
const job = (script: string) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "migrate" },
  spec: { backoffLimit: 0, template: { spec: { ...podSpec(script), restartPolicy: "Never" } } },
});
const post = (path: string, body: object) => client.request("POST", path, { body });
const JOBS = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;

/** A Deployment with a Service, and one without, as a stack would declare them. */
async function declare(): Promise<void> {
  await post("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  await vi.waitFor(() => client.request("GET", `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`), TIMEOUT);
  for (const name of ["web", "worker"]) {
    const labels = { app: name };
    const template = { metadata: { labels }, spec: podSpec("trap 'exit 0' TERM; while true; do sleep 0.2; done") };
    await post(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    });
  }
  await post(`/api/v1/namespaces/${NAMESPACE}/services`, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
  });
  await post(JOBS, job("echo no such table >&2; exit 3"));
  await vi.waitFor(async () => expect(await ready()).toHaveLength(4), TIMEOUT);
}

const state = () => tools.status().tools.bi;

/** The workloads' pods that are ready, with the node they are on. The Job's may be ready for a moment, too, and is not meant. */
async function ready(): Promise<string[]> {
  const pods = await listPods(client, "", NAMESPACE);
  return pods
    .filter(({ metadata }) => metadata.labels?.app !== undefined)
    .filter(({ status }) => status?.conditions?.some(({ type, status: yes }) => type === "Ready" && yes === "True"))
    .map(({ metadata, spec }) => `${metadata.labels?.app} ${spec.nodeName === RUNNER_NODE ? "here" : "kwok"}`)
    .sort();
}

test("a Job that fails is told with what its pod ended with", async () => {
  tools.run(request);
  await vi.waitFor(() => expect(state()?.phase).toBe("failed"), TIMEOUT);
  expect(state()?.failure).toMatch(
    /^The Job bi\/migrate-run failed: .* Pod migrate-run-\w+: main ended with exit code 3\.$/,
  );
});

test("the next run has the Job done and one pod of the workload that people reach, and kwok keeps all others", async () => {
  await client.send("DELETE", `${JOBS}/migrate`, { query: { propagationPolicy: "Background" } });
  await vi.waitFor(async () => expect(await client.find(`${JOBS}/migrate`)).toBeUndefined(), TIMEOUT);
  await post(JOBS, job("exit 0"));
  tools.run(request);
  await vi.waitFor(() => expect(state()?.phase).toBe("ready"), TIMEOUT);
  await vi.waitFor(async () => {
    expect(await ready()).toEqual(["web here", "web kwok", "worker kwok", "worker kwok"]);
  }, TIMEOUT);
});

test("a pod that is taken away comes back here", async () => {
  const [before] = await listPods(client, `spec.nodeName=${RUNNER_NODE}`, NAMESPACE);
  await client.request("DELETE", `/api/v1/namespaces/${NAMESPACE}/pods/${before?.metadata.name}`, {
    body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 },
  });
  await vi.waitFor(async () => {
    const [now] = kubelet.workers();
    expect(now?.pod.metadata.uid).not.toBe(before?.metadata.uid);
    expect(await ready()).toContain("web here");
  }, TIMEOUT);
});

test("stopped, everything is the cluster's own again, and no pod waits for a scheduler that is gone", async () => {
  expect(await tools.stop(["bi"])).toBe(false);
  expect(kubelet.workers()).toEqual([]);
  await kubelet.stop();
  await node.stop();
  await releaseCluster(client);
  const kwok = ["web kwok", "web kwok", "worker kwok", "worker kwok"];
  await vi.waitFor(async () => expect(await ready()).toEqual(kwok), TIMEOUT);
  expect(await listPods(client, `spec.schedulerName=${RUNNER_SCHEDULER},spec.nodeName=`)).toEqual([]);
  expect(await client.find(`/api/v1/nodes/${RUNNER_NODE}`)).toBeUndefined();
});
