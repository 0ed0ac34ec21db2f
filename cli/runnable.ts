import { readFileSync } from "node:fs";
import { KubernetesClient } from "../sandbox/cluster/client.ts";
import { readKubeconfig } from "../sandbox/cluster/kubeconfig.ts";
import { describeKnownImages, knownImage } from "../sandbox/runner/images.ts";
import { controllerOf, type Extent, isReachable, listPods } from "../sandbox/runner/placement.ts";
import type { RunTool } from "../sandbox/runner/request.ts";
import { Refusal } from "./output.ts";

/**
 * Looks whether every image that the tools' pods would need is one that this machine knows, before anything is started.
 * @throws Refusal naming every image that is not, and those that are.
 */
export async function refuseUnknownImages(
  kubeconfig: string,
  tools: readonly RunTool[],
  extent: Extent,
): Promise<void> {
  const client = new KubernetesClient(readKubeconfig(readFileSync(kubeconfig, "utf8")));
  try {
    const problems: string[] = [];
    for (const { id, namespace } of tools) {
      for (const image of await neededImages(client, namespace, extent)) {
        if (knownImage(image) === undefined) problems.push(`${id} needs ${image}`);
      }
    }
    if (problems.length === 0) return;
    throw new Refusal(
      `${problems.join(", ")}: no program on this machine stands for that image. Known are ${describeKnownImages()}.`,
    );
  } finally {
    await client.close();
  }
}

async function neededImages(client: KubernetesClient, namespace: string, extent: Extent): Promise<Set<string>> {
  const images = new Set<string>();
  for (const pod of await listPods(client, "", namespace)) {
    const needed = controllerOf(pod)?.kind === "Job" || extent === "all" || (await isReachable(client, pod));
    if (!needed) continue;
    for (const { image = "" } of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) images.add(image);
  }
  return images;
}
