import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { noSecretValue } from "./no-secret-value.ts";

const planted = "postgresql://superset:hunter2@db.contoso.com/superset";
const run = (type: string, props: object, config?: object) =>
  messages(noSecretValue, { type, name: "superset", props }, config);
const workload = (container: object) => ({ spec: { template: { spec: { containers: [container] } } } });
const deployment = "kubernetes:apps/v1:Deployment";
const configMap = "kubernetes:core/v1:ConfigMap";

it.each([
  ["ConfigMap data", configMap, { data: { late: unknownText, "a.py": `url = "${planted}"` } }, 'data["a.py"]'],
  ["ConfigMap binary data", configMap, { binaryData: { a: Buffer.from(planted).toString("base64") } }, "binaryData.a"],
  ["a ConfigMap key named so", configMap, { data: { DB_PASSWORD: "hunter2" } }, "data.DB_PASSWORD"],
  [
    "an annotation",
    "kubernetes:core/v1:Service",
    { metadata: { annotations: { "x/y": planted } } },
    'annotations["x/y"]',
  ],
  [
    "an environment variable",
    deployment,
    workload({ env: [unknownText, { name: "URL", value: planted }] }),
    "containers[0].env[1].value",
  ],
  [
    "an environment variable named so",
    deployment,
    workload({ env: [{ name: "DB_PASSWORD", value: "hunter2" }] }),
    "containers[0].env[0].value",
  ],
  ["a command line", deployment, workload({ args: ["--url", planted] }), "containers[0].args[1]"],
  [
    "a custom resource",
    "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass",
    { spec: { parameters: { objects: planted } } },
    "parameters.objects",
  ],
  [
    "a secret's annotation",
    "kubernetes:core/v1:Secret",
    { metadata: { annotations: { a: planted } } },
    "annotations.a",
  ],
  ["a tag", "azure-native:keyvault/v20241101:Vault", { tags: { note: planted } }, "tags.note"],
  ["an application's notes", "azuread:index/application:Application", { notes: planted }, "notes"],
])("finds a secret in %s, names the place and shows no value", (_, type, props, place) => {
  const found = run(type, props);
  expect(found).toEqual([expect.stringContaining(place)]);
  expect(found[0]).not.toContain("hunter2");
});

it("finds references that put a secret into the environment, but for the named ones", () => {
  const container = {
    env: [{ name: "A", valueFrom: { secretKeyRef: { name: "legacy", key: "a" } } }],
    envFrom: [{ configMapRef: { name: "settings" } }, { secretRef: { name: unknownText } }],
  };
  const found = run(deployment, workload(container));
  expect(found).toEqual([expect.stringContaining("env[0].valueFrom"), expect.stringContaining("envFrom[1]")]);
  expect(run(deployment, workload(container), { allowedEnvSecrets: ["legacy"] })).toHaveLength(1);
});

it.each([
  [
    "references to files and fields",
    deployment,
    workload({
      env: [
        { name: "TOKEN", value: "/var/run/secrets/token" },
        { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      ],
    }),
  ],
  ["what is not known yet", deployment, workload({ env: unknownText, envFrom: unknownText })],
  ["a value that is not known yet", deployment, workload({ env: [{ name: "DB_PASSWORD", value: unknownText }] })],
  [
    "settings without secrets",
    configMap,
    { data: { "settings.json": '{"tenantId":"11111111-2222-4333-8444-555555555555"}' } },
  ],
  ["the data of a Secret", "kubernetes:core/v1:Secret", { stringData: { url: planted }, data: { url: planted } }],
  ["the value of a vault secret", "azure-native:keyvault:Secret", { properties: { value: planted } }],
  ["the password of a password", "azuread:index/applicationPassword:ApplicationPassword", { displayName: "blue" }],
])("accepts %s", (_, type, props) => {
  expect(run(type, props)).toEqual([]);
});
