import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Authority, openAuthority } from "../network/authority.ts";
import { isRunning } from "../processes.ts";
import { ensureToolchain, type Toolchain } from "../toolchain/index.ts";
import { KubernetesClient } from "./client.ts";
import { type Cluster, PROCESS_RECORD, serviceAccountToken, startCluster, stopRecorded } from "./index.ts";
import { readKubeconfig } from "./kubeconfig.ts";

const issuer = "https://oidc.contoso.example/cluster-1";
let root: string;
let folder: string;
let toolchain: Toolchain;
let authority: Authority;
let cluster: Cluster;

const start = (options: { onDeath?: (death: Error) => void } = {}) =>
  startCluster({ folder, toolchain, authority, issuer, ...options });
const connect = () => new KubernetesClient(readKubeconfig(readFileSync(cluster.kubeconfigFile, "utf8")));

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "entrada-cluster-"));
  folder = join(root, "cluster");
  mkdirSync(folder);
  toolchain = await ensureToolchain();
  authority = await openAuthority(root);
  cluster = await start();
});

afterAll(async () => {
  await cluster?.stop();
  await stopRecorded(join(folder, PROCESS_RECORD));
  rmSync(root, { recursive: true, force: true });
});

test("the issuer's documents verify a token that the TokenRequest API gave", async () => {
  const metadata = await cluster.document("/.well-known/openid-configuration");
  expect(metadata).toMatchObject({ status: 200, body: { issuer, jwks_uri: `${issuer}/openid/v1/jwks` } });
  const { body } = await cluster.document("/openid/v1/jwks");
  const token = await serviceAccountToken(
    cluster.kubeconfigFile,
    "default",
    "default",
    "api://AzureADTokenExchange",
    600,
  );
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(body as JSONWebKeySet), {
    issuer,
    audience: "api://AzureADTokenExchange",
  });
  expect(payload.sub).toBe("system:serviceaccount:default:default");
  expect(protectedHeader.alg).toBe("RS256");
});

test("a token made for Entra does not open the cluster, and neither does none", async () => {
  const token = await serviceAccountToken(
    cluster.kubeconfigFile,
    "default",
    "default",
    "api://AzureADTokenExchange",
    600,
  );
  for (const credentials of [{ token }, {}]) {
    const client = new KubernetesClient({ server: cluster.server, caPem: authority.caPem, ...credentials });
    expect((await client.send("GET", "/api/v1/namespaces", {})).status).toBe(401);
    await client.close();
  }
});

test("the definitions, the node and the gateway class are there", async () => {
  const client = connect();
  try {
    const { groups } = await client.request<{ groups: { name: string }[] }>("GET", "/apis");
    expect(groups.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["cilium.io", "gateway.networking.k8s.io", "secrets-store.csi.x-k8s.io"]),
    );
    expect(await client.find("/apis/gateway.networking.k8s.io/v1/gatewayclasses/approuting-istio")).toBeDefined();
    expect(await client.find("/apis/storage.k8s.io/v1/csidrivers/secrets-store.csi.k8s.io")).toMatchObject({
      spec: { volumeLifecycleModes: ["Ephemeral"] },
    });
  } finally {
    await client.close();
  }
});

test("what is secret is readable by its user only", () => {
  for (const name of ["kubeconfig", "service-account.key", "apiserver.key", "etcd.key", "processes.json"]) {
    expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
  }
});

test("state and signing key survive stop and start", async () => {
  const token = await serviceAccountToken(cluster.kubeconfigFile, "default", "default", "x", 600);
  const before = connect();
  await before.request("POST", "/api/v1/namespaces/default/configmaps", {
    body: { metadata: { name: "kept" }, data: { a: "1" } },
  });
  await before.close();
  const { processes } = cluster;
  const started = Date.now();
  await cluster.stop();
  expect(Date.now() - started).toBeLessThan(10_000);
  expect(processes.filter(isRunning)).toEqual([]);

  cluster = await start();
  const after = connect();
  expect(await after.find("/api/v1/namespaces/default/configmaps/kept")).toMatchObject({ data: { a: "1" } });
  await after.close();
  const { body } = await cluster.document("/openid/v1/jwks");
  expect((await jwtVerify(token, createLocalJWKSet(body as JSONWebKeySet))).payload.iss).toBe(issuer);
});

test("a part that dies is reported; a start after a dead supervisor ends what that one left", async () => {
  const deaths: string[] = [];
  await cluster.stop();
  cluster = await start({ onDeath: (death) => deaths.push(death.message) });
  const left = cluster.processes;
  const scheduler = left.find(({ name }) => name === "kube-scheduler");
  if (!scheduler) throw new Error("there is no scheduler");
  process.kill(scheduler.pid, "SIGKILL");
  await expect.poll(() => deaths).toEqual([expect.stringMatching(/^kube-scheduler ended \(SIGKILL\)/)]);

  // As a new supervisor would: it knows nothing but the folder.
  cluster = await start();
  expect(left.filter(isRunning)).toEqual([]);
});

test("an issuer that Entra could not ask is refused", async () => {
  await expect(startCluster({ folder, toolchain, authority, issuer: "http://localhost" })).rejects.toThrow(
    /must be an https address/,
  );
});
