import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KubernetesClient } from "../../cluster/client.ts";
import { type Cluster, startCluster } from "../../cluster/index.ts";
import { readKubeconfig } from "../../cluster/kubeconfig.ts";
import { openAuthority } from "../../network/authority.ts";
import { ensureToolchain } from "../../toolchain/index.ts";
import { PartialFailure } from "../protocol/errors.ts";
import { type PropertyMap, Secret, UNKNOWN } from "../protocol/types.ts";
import { createKubernetesProvider } from "./index.ts";

const options = { preview: false, timeoutSeconds: 60 };
const ref = (type: string, name = "it") => ({
  type: `kubernetes:${type}`,
  urn: `urn:pulumi:test::entrada::kubernetes:${type}::${name}`,
});

let folder: string;
let cluster: Cluster | undefined;
let provider: ReturnType<typeof createKubernetesProvider>;
let client: KubernetesClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "entrada-kubernetes-"));
  const toolchain = await ensureToolchain();
  const authority = await openAuthority(folder);
  cluster = await startCluster({
    folder: join(folder, "cluster"),
    toolchain,
    authority,
    issuer: "https://oidc.contoso.example/test",
  });
  provider = createKubernetesProvider({ kubeconfigFile: cluster.kubeconfigFile });
  await provider.configure({});
  client = new KubernetesClient(readKubeconfig(readFileSync(cluster.kubeconfigFile, "utf8")));
  await create("core/v1:Namespace", {
    metadata: { name: "bi", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  });
});

afterAll(async () => {
  await provider?.close();
  await client?.close();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function create(type: string, inputs: PropertyMap) {
  const { inputs: checked, failures } = await provider.check(ref(type), undefined, inputs);
  expect(failures).toEqual([]);
  return { checked, ...(await provider.create(ref(type), checked, options)) };
}

const securityContext = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

function podSpec(overrides: PropertyMap = {}): PropertyMap {
  return {
    containers: [
      {
        name: "web",
        image: "contoso.example/web:1",
        securityContext,
        resources: { limits: { cpu: "1000m", memory: "1Gi" } },
        ...overrides,
      },
    ],
  };
}

function deployment(name: string, overrides: PropertyMap = {}): PropertyMap {
  const labels = { app: name };
  return {
    metadata: { name, namespace: "bi" },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(overrides) },
    },
  };
}

const job = (image: string): PropertyMap => ({
  metadata: { name: "migrate", namespace: "bi" },
  spec: { template: { spec: { ...podSpec({ image }), restartPolicy: "Never" } } },
});

describe("workloads", () => {
  test("a Deployment is rolled out, its Service answers, an update rolls out again, and both end", async () => {
    const { id, checked, outputs } = await create("apps/v1:Deployment", deployment("web"));
    expect(id).toBe("bi/web");
    expect(outputs.status).toMatchObject({ availableReplicas: 2, updatedReplicas: 2 });
    const service = await create("core/v1:Service", {
      metadata: { name: "web", namespace: "bi" },
      spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
    });

    const changed = deployment("web", { image: "contoso.example/web:2" });
    const { inputs: news } = await provider.check(ref("apps/v1:Deployment"), checked, changed);
    expect(await provider.diff(ref("apps/v1:Deployment"), id, { inputs: checked, outputs }, news)).toMatchObject({
      changes: { "spec.template.spec.containers[0].image": "update" },
    });
    const updated = await provider.update(ref("apps/v1:Deployment"), id, { inputs: checked, outputs }, news, options);
    expect(updated.status).toMatchObject({ updatedReplicas: 2, availableReplicas: 2, observedGeneration: 2 });

    await provider.delete(ref("core/v1:Service"), service.id, service.outputs, options);
    await provider.delete(ref("apps/v1:Deployment"), id, updated, options);
    expect(await provider.read(ref("apps/v1:Deployment"), id, { inputs: news, outputs: updated })).toBeUndefined();
    const { items } = await client.request<{ items: unknown[] }>("GET", "/api/v1/namespaces/bi/pods");
    expect(items).toEqual([]);
  });

  test("pods that pod security forbids fail the roll-out with its reason, and the object stays in the state", async () => {
    const rooted = deployment("rooted", { securityContext: { privileged: true } });
    const attempt = await create("apps/v1:Deployment", rooted).catch((error: unknown) => error);
    expect(attempt).toBeInstanceOf(PartialFailure);
    expect(attempt).toMatchObject({
      id: "bi/rooted",
      message: expect.stringMatching(/violates PodSecurity "restricted/),
    });
    await provider.delete(ref("apps/v1:Deployment"), "bi/rooted", {}, options);
  });

  test("a Job completes; another image means another Job, the old one deleted first", async () => {
    const { id, checked, outputs } = await create("batch/v1:Job", job("contoso.example/web:1"));
    expect(outputs.status).toMatchObject({ succeeded: 1 });
    const { inputs: news } = await provider.check(ref("batch/v1:Job"), checked, job("contoso.example/web:2"));
    expect(await provider.diff(ref("batch/v1:Job"), id, { inputs: checked, outputs }, news)).toEqual({
      changes: { "spec.template.spec.containers[0].image": "update-replace" },
      deleteBeforeReplace: true,
    });
    // The preview of the replacement meets the old Job, whose template cannot change.
    expect((await provider.create(ref("batch/v1:Job"), news, { ...options, preview: true })).outputs.status).toBe(
      UNKNOWN,
    );
    await provider.delete(ref("batch/v1:Job"), id, outputs, options);
    expect((await provider.create(ref("batch/v1:Job"), news, options)).outputs.status).toMatchObject({ succeeded: 1 });
  });
});

describe("state", () => {
  test("what was created but not recorded is found by its name", async () => {
    const type = "core/v1:ConfigMap";
    const inputs = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "found", namespace: "bi" },
      data: { a: "1" },
    };
    expect(await provider.find(ref(type), inputs)).toBeUndefined();
    await provider.create(ref(type), inputs, options);
    expect(await provider.find(ref(type), inputs)).toBe("bi/found");
    // Creating it again takes it over.
    expect((await provider.create(ref(type), inputs, options)).id).toBe("bi/found");
  });

  test("a refresh shows what somebody changed and nothing else", async () => {
    const type = "apps/v1:Deployment";
    const { id, checked, outputs } = await create(type, deployment("drift"));
    const same = await provider.read(ref(type), id, { inputs: checked, outputs });
    expect(same?.inputs).toEqual(checked);
    await client.request("PATCH", "/apis/apps/v1/namespaces/bi/deployments/drift", {
      contentType: "application/merge-patch+json",
      query: { fieldManager: "kubectl-edit" },
      body: { metadata: { labels: { added: "by-hand" } }, spec: { replicas: 3 } },
    });
    const live = await provider.read(ref(type), id, { inputs: checked, outputs });
    if (!live) throw new Error("the Deployment is gone");
    expect((await provider.diff(ref(type), id, live, checked)).changes).toEqual({ "spec.replicas": "update" });
    await expect(provider.update(ref(type), id, live, checked, options)).rejects.toThrow(
      /\.spec\.replicas \(owned by "kubectl-edit"\)/,
    );
  });

  test("an import reads what a person could have written", async () => {
    const type = "core/v1:Secret";
    await create(type, { metadata: { name: "imported", namespace: "bi" }, stringData: { password: "planted" } });
    const imported = await provider.read(ref(type), "bi/imported");
    expect(imported?.inputs).toMatchObject({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "imported", namespace: "bi" },
    });
    expect(imported?.inputs.data).toBeInstanceOf(Secret);
    expect(imported?.outputs.data).toEqual(new Secret({ password: Buffer.from("planted").toString("base64") }));
    expect(await provider.read(ref(type), "bi/not-there")).toBeUndefined();
  });
});

describe("previews", () => {
  const preview = { ...options, preview: true };

  test("the API server checks the object and creates nothing", async () => {
    const wrong = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "wrong", namespace: "bi" },
      dat: { a: "1" },
    };
    await expect(provider.create(ref("core/v1:ConfigMap"), wrong, preview)).rejects.toThrow(/dat/);
    const right = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "right", namespace: "bi" },
      data: { a: "1" },
    };
    const { id, outputs } = await provider.create(ref("core/v1:ConfigMap"), right, preview);
    expect(id).toBe("");
    expect(outputs).toMatchObject({ data: { a: "1" }, metadata: { name: "right", uid: UNKNOWN } });
    expect(await provider.find(ref("core/v1:ConfigMap"), right)).toBeUndefined();
  });

  test("a change keeps the object's identity, whether all of it is known or not", async () => {
    const type = "core/v1:ServiceAccount";
    const { id, checked, outputs } = await create(type, { metadata: { name: "known", namespace: "bi" } });
    const { uid } = outputs.metadata as PropertyMap;
    for (const value of ["client-1", UNKNOWN] as const) {
      const news: PropertyMap = {
        ...checked,
        metadata: { name: "known", namespace: "bi", annotations: { client: value } },
      };
      const foretold = await provider.update(ref(type), id, { inputs: checked, outputs }, news, preview);
      expect(foretold.metadata).toMatchObject({ uid, resourceVersion: UNKNOWN, annotations: { client: value } });
    }
    expect((await provider.read(ref(type), id))?.outputs.metadata).not.toHaveProperty("annotations");
  });

  test("unknown values, a namespace and a kind still to be made are no obstacle", async () => {
    const unknown: PropertyMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "later", namespace: "bi" },
      data: { a: UNKNOWN },
    };
    expect((await provider.create(ref("core/v1:ConfigMap"), unknown, preview)).outputs.data).toEqual({ a: UNKNOWN });
    const elsewhere = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "later", namespace: "not-yet" },
      data: { a: "1" },
    };
    expect((await provider.create(ref("core/v1:ConfigMap"), elsewhere, preview)).outputs.data).toEqual({ a: "1" });
    const kind = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "later" }, spec: { size: 1 } };
    expect((await provider.create(ref("example.com/v1:Thing"), kind, preview)).outputs.spec).toEqual({ size: 1 });
  });
});

test("the stack's custom resources are checked by their definitions", async () => {
  const route = {
    metadata: { name: "web", namespace: "bi" },
    spec: {
      parentRefs: [{ name: "edge", namespace: "bi" }],
      hostnames: ["web.contoso.example"],
      rules: [{ backendRefs: [{ name: "web", port: 80 }] }],
    },
  };
  const { id, checked, outputs } = await create("gateway.networking.k8s.io/v1:HTTPRoute", route);
  expect(id).toBe("bi/web");
  const live = await provider.read(ref("gateway.networking.k8s.io/v1:HTTPRoute"), id, { inputs: checked, outputs });
  expect(live?.inputs).toEqual(checked);
  const provision = {
    metadata: { name: "vault", namespace: "bi" },
    spec: { provider: "azure", parameters: { keyvaultName: "kv" } },
  };
  expect((await create("secrets-store.csi.x-k8s.io/v1:SecretProviderClass", provision)).id).toBe("bi/vault");
  await expect(
    create("gateway.networking.k8s.io/v1:HTTPRoute", { ...route, spec: { hostnames: ["*.*"] } }),
  ).rejects.toThrow(/hostnames/);
});

test("a namespace is gone with everything in it", async () => {
  await create("core/v1:Namespace", { metadata: { name: "short-lived" } });
  await create("core/v1:ConfigMap", { metadata: { name: "inside", namespace: "short-lived" } });
  await provider.delete(ref("core/v1:Namespace"), "short-lived", { apiVersion: "v1", kind: "Namespace" }, options);
  expect(await client.find("/api/v1/namespaces/short-lived")).toBeUndefined();
});
