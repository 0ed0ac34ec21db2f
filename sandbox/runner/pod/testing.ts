import type { V1PodSpec } from "@kubernetes/client-node";
import type { Pod } from "./types.ts";

/** A pod of tests: `bi/web-1`. */
export function testPod(spec: Partial<V1PodSpec> = {}, metadata: Partial<Pod["metadata"]> = {}): Pod {
  return {
    metadata: { name: "web-1", namespace: "bi", uid: "u-1", labels: { app: "web" }, ...metadata },
    spec: { serviceAccountName: "web", restartPolicy: "Always", containers: [{ name: "main" }], ...spec },
  };
}
