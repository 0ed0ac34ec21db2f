import { type KubernetesClient, KubernetesError, type KubernetesObject } from "../../cluster/client.ts";
import { skipsAwait, waitUntilGone } from "./wait.ts";

/** How long a read waits for an object that is being deleted: an interrupted run left it so, and it is as good as gone. */
const TERMINATING_SECONDS = 30;

/** The object as it lasts: one that is being deleted is waited for, because a moment later it is gone. */
export async function liveObject(client: KubernetesClient, path: string): Promise<KubernetesObject | undefined> {
  const live = await client.find(path);
  if (!live?.metadata?.deletionTimestamp) return live;
  await waitUntilGone(client, path, live.metadata.uid, TERMINATING_SECONDS).catch(() => undefined);
  return client.find(path);
}

/** An apply to an object that is being deleted would change it and lose it with the object. */
export async function passTerminating(client: KubernetesClient, path: string, timeoutSeconds: number): Promise<void> {
  const live = await client.find(path);
  if (live?.metadata?.deletionTimestamp) await waitUntilGone(client, path, live.metadata.uid, timeoutSeconds);
}

/** Deletes with everything that belongs to it, and waits until all of it is gone. */
export async function deleteObject(client: KubernetesClient, path: string, timeoutSeconds: number): Promise<void> {
  const live = await client.find(path);
  if (!live) return;
  const policy = live.metadata?.annotations?.["pulumi.com/deletionPropagationPolicy"]?.toLowerCase();
  const propagationPolicy = policy === "background" ? "Background" : policy === "orphan" ? "Orphan" : "Foreground";
  try {
    await client.request("DELETE", path, { body: { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy } });
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) return;
    throw error;
  }
  if (!skipsAwait(live)) await waitUntilGone(client, path, live.metadata?.uid, timeoutSeconds);
}
