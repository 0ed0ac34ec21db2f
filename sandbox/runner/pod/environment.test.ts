import { expect, test } from "vitest";
import type { KubernetesClient } from "../../cluster/client.ts";
import { containerVariables, expand } from "./environment.ts";
import { testPod } from "./testing.ts";

const node = { proxy: "http://127.0.0.1:3128", caFile: "/etc/ssl/ca.crt", apiHost: "kubernetes.default.svc" };
const maps: Record<string, { data: Record<string, string> }> = {
  "/api/v1/namespaces/bi/configmaps/ids": { data: { CLIENT: "c-1", HOME: "/from-map" } },
};
const client = { find: async (path: string) => maps[path] } as unknown as KubernetesClient;
const variables = (container: object) =>
  containerVariables(
    client,
    testPod(),
    { name: "main", ...container },
    { node, image: { PATH: "/image", LANG: "C" }, ip: "10.0.0.9" },
  );

test("the pod's own variables win over the node's, and those over the image's", async () => {
  const found = await variables({
    env: [
      { name: "NO_PROXY", value: "*" },
      { name: "LANG", value: "de" },
    ],
  });
  expect(found).toMatchObject({ PATH: "/image", LANG: "de", NO_PROXY: "*", HTTPS_PROXY: "http://127.0.0.1:3128" });
  expect(found).toMatchObject({ HOSTNAME: "web-1", KUBERNETES_SERVICE_HOST: "kubernetes.default.svc" });
});

test("variables come from ConfigMaps, fields of the pod and each other", async () => {
  const found = await variables({
    envFrom: [{ configMapRef: { name: "ids" }, prefix: "ID_" }],
    env: [
      { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "APP", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
      { name: "ONE", valueFrom: { configMapKeyRef: { name: "ids", key: "CLIENT" } } },
      { name: "BOTH", value: "$(APP)-$(ONE)" },
    ],
  });
  expect(found).toMatchObject({ ID_CLIENT: "c-1", IP: "10.0.0.9", APP: "web", ONE: "c-1", BOTH: "web-c-1" });
});

test.each([
  ["an unknown ConfigMap", { envFrom: [{ configMapRef: { name: "gone" } }] }, "ConfigMap bi/gone is not there"],
  [
    "an unknown entry",
    { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "ids", key: "B" } } }] },
    "no entry B",
  ],
  ["an unknown field", { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.magic" } } }] }, "spec.magic"],
  ["a Secret", { envFrom: [{ secretRef: { name: "s" } }] }, "secrets come as files"],
  [
    "a key of a Secret",
    { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] },
    "The variable A",
  ],
])("%s is refused", async (_what, container, expected) => {
  await expect(variables(container)).rejects.toThrow(expected);
});

test("an optional ConfigMap may be missing", async () => {
  const found = await variables({ envFrom: [{ configMapRef: { name: "gone", optional: true } }] });
  expect(found.CLIENT).toBeUndefined();
});

test.each([
  ["$(A) and $(A)", "1 and 1"],
  ["$(UNKNOWN)", "$(UNKNOWN)"],
  ["$$(A)", "$(A)"],
  ["$A (A)", "$A (A)"],
])("%s becomes %s", (text, expected) => {
  expect(expand(text, { A: "1" })).toBe(expected);
});
