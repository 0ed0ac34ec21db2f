import { readFileSync } from "node:fs";
import { KubernetesClient } from "../sandbox/cluster/client.ts";
import { readKubeconfig } from "../sandbox/cluster/kubeconfig.ts";
import { describeKnownImages, knownImage } from "../sandbox/runner/images.ts";
import { controllerOf, type Extent, isReachable, listPods } from "../sandbox/runner/placement.ts";
import type { RunTool } from "../sandbox/runner/request.ts";
import { Refusal } from "./output.ts";

/**
 * Looks whether every tool has pods to run, and this machine knows every image that they need, before anything is started.
 * @throws Refusal naming every tool without pods, such as one that is the platform's, and every image that is not known.
 */
export async function refuseWhatCannotRun(
  kubeconfig: string,
  tools: readonly RunTool[],
  extent: Extent,
): Promise<void> {
  const client = new KubernetesClient(readKubeconfig(readFileSync(kubeconfig, "utf8")));
  try {
    const without: string[] = [];
    const unknown: string[] = [];
    for (const { id, namespace } of tools) {
      const images = await neededImages(client, namespace, extent);
      if (images.size === 0) without.push(id);
      for (const image of images) if (knownImage(image) === undefined) unknown.push(`${id} needs ${image}`);
    }
    const problems = [
      ...(without.length === 0 ? [] : [`${without.join(", ")}: without pods that people connect to in this sandbox.`]),
      ...(unknown.length === 0
        ? []
        : [
            `${unknown.join(", ")}: no program on this machine stands for that image. Known are ${describeKnownImages()}.`,
          ]),
    ];
    if (problems.length > 0) throw new Refusal(problems.join("\n"));
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
