import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import type { KubernetesClient, KubernetesObject } from "./client.ts";
import { KWOK_NODE_LABEL } from "./commands.ts";

const FIELD_MANAGER = "entrada-sandbox";

/** Node that kwok plays: room for everything, in a zone of its own. */
const NODE: KubernetesObject = {
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: "sandbox-node-1",
    labels: {
      [KWOK_NODE_LABEL]: "kwok",
      "kubernetes.io/hostname": "sandbox-node-1",
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      "topology.kubernetes.io/region": "sandbox",
      "topology.kubernetes.io/zone": "sandbox-1",
    },
  },
};

/** The class that AKS's application routing offers; no controller stands behind it here. */
const GATEWAY_CLASS: KubernetesObject = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "GatewayClass",
  metadata: { name: "approuting-istio" },
  spec: { controllerName: "istio.io/gateway-controller" },
};

const CRD_PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const PATHS: Readonly<Record<string, string>> = {
  CustomResourceDefinition: CRD_PATH,
  CSIDriver: "/apis/storage.k8s.io/v1/csidrivers",
  GatewayClass: "/apis/gateway.networking.k8s.io/v1/gatewayclasses",
  Node: "/api/v1/nodes",
};

/** Brings in the node and the definitions, and waits until each is served. Doing it again changes nothing. */
export async function furnish(
  client: KubernetesClient,
  crdFiles: readonly string[],
  timeoutMs = 60_000,
): Promise<void> {
  const until = Date.now() + timeoutMs;
  await apply(client, NODE);
  const manifests = await Promise.all(
    crdFiles.map(async (file) => parse(await readFile(file, "utf8")) as KubernetesObject),
  );
  await Promise.all(manifests.map((manifest) => apply(client, manifest)));
  const definitions = manifests.filter(({ kind }) => kind === "CustomResourceDefinition");
  await Promise.all(definitions.map((definition) => established(client, definition.metadata?.name ?? "", until)));
  await applyOnceServed(client, GATEWAY_CLASS, until);
}

/** The API server answers for a new kind a moment after its definition is established. */
async function applyOnceServed(client: KubernetesClient, manifest: KubernetesObject, until: number): Promise<void> {
  for (;;) {
    try {
      await apply(client, manifest);
      return;
    } catch (error) {
      if ((error as { status?: number }).status !== 404 || Date.now() > until) throw error;
      await delay(100);
    }
  }
}

async function apply(client: KubernetesClient, manifest: KubernetesObject): Promise<void> {
  const path = PATHS[manifest.kind ?? ""];
  const name = manifest.metadata?.name;
  if (!path || !name)
    throw new Error(
      `The toolchain holds a ${manifest.kind ?? "file"} that the cluster does not expect: run with an empty cache.`,
    );
  await client.request("PATCH", `${path}/${name}`, {
    query: { fieldManager: FIELD_MANAGER, force: "true" },
    contentType: "application/apply-patch+yaml",
    body: manifest,
  });
}

async function established(client: KubernetesClient, name: string, until: number): Promise<void> {
  for (;;) {
    const definition = await client.find<
      KubernetesObject & { status?: { conditions?: { type: string; status: string }[] } }
    >(`${CRD_PATH}/${name}`);
    if (definition?.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True")) return;
    if (Date.now() > until)
      throw new Error(
        `The definition ${name} was not accepted by the API server in time: look into its status conditions.`,
      );
    await delay(100);
  }
}
