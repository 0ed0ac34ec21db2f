import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { imagePinned } from "./image-pinned.ts";
import { parseImage } from "./image-reference.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const prod = { registries: ["contoso.azurecr.io"], requireDigest: true };
const dev = { registries: ["contoso.azurecr.io", "docker.io/apache"], requireDigest: false };

const run = (image: unknown, config: object) =>
  messages(
    imagePinned,
    {
      type: "kubernetes:apps/v1:Deployment",
      name: "superset",
      props: { spec: { template: { spec: { containers: [{ name: "web", image }] } } } },
    },
    config,
  );

describe("references", () => {
  it.each([
    ["redis", "docker.io/library/redis", undefined, undefined],
    ["apache/superset:6.1.0", "docker.io/apache/superset", "6.1.0", undefined],
    ["localhost:5000/a/b:c", "localhost:5000/a/b", "c", undefined],
    [`contoso.azurecr.io/a:1@${digest}`, "contoso.azurecr.io/a", "1", digest],
    [`contoso.azurecr.io/a@${digest}`, "contoso.azurecr.io/a", undefined, digest],
  ])("reads %s", (image, repository, tag, found) => {
    expect(parseImage(image)).toEqual({ repository, tag, digest: found });
  });

  it.each(["", "a b", "contoso.azurecr.io/a@sha256:short"])("refuses %j", (image) => {
    expect(parseImage(image)).toBeUndefined();
  });
});

it.each([
  [`contoso.azurecr.io/superset:6.1.0@${digest}`, prod],
  [`contoso.azurecr.io/superset@${digest}`, prod],
  ["contoso.azurecr.io/superset:6.1.0", dev],
  ["apache/superset:6.1.0-py311", dev],
  [unknownText, prod],
])("accepts %s", (image, config) => {
  expect(run(image, config)).toEqual([]);
});

it.each([
  ["contoso.azurecr.io/superset:6.1.0", prod, "a digest"],
  [`contoso.azurecr.io/superset:latest@${digest}`, prod, 'moving tag "latest"'],
  ["contoso.azurecr.io/superset:latest", dev, 'moving tag "latest"'],
  ["contoso.azurecr.io/superset:6.1", dev, 'moving tag "6.1"'],
  ["contoso.azurecr.io/superset", dev, "an exact tag or a digest"],
  [`contoso.azurecr.io.example/superset@${digest}`, prod, "an image from contoso.azurecr.io"],
  ["apachefoundation/superset:6.1.0", dev, "an image from contoso.azurecr.io or docker.io/apache"],
  [`superset@${digest}`, { registries: [], requireDigest: true }, "the setting `registries`"],
  ["not an image", dev, "a reference such as"],
])("refuses %s", (image, config, wanted) => {
  expect(run(image, config)).toEqual([expect.stringContaining(wanted)]);
});

it("looks at every container of every kind of workload, past an unknown one", () => {
  const spec = {
    containers: [{ image: unknownText }, { image: "a" }],
    initContainers: [{ image: "b" }],
    ephemeralContainers: [{ image: "c" }],
  };
  const template = { template: { spec } };
  for (const [type, props] of [
    ["core/v1:Pod", { spec }],
    ["core/v1:PodTemplate", template],
    ["core/v1:ReplicationController", { spec: template }],
    ["apps/v1:Deployment", { spec: template }],
    ["apps/v1beta2:StatefulSet", { spec: template }],
    ["apps/v1:DaemonSet", { spec: template }],
    ["apps/v1:ReplicaSet", { spec: template }],
    ["batch/v1:Job", { spec: template }],
    ["batch/v1:CronJob", { spec: { jobTemplate: { spec: template } } }],
  ] as const) {
    const found = messages(
      imagePinned,
      { type: `kubernetes:${type}`, props },
      { registries: ["docker.io"], requireDigest: false },
    );
    expect(found.map((one) => /(\w+)\[\d\]\.image/.exec(one)?.[1])).toEqual([
      "containers",
      "initContainers",
      "ephemeralContainers",
    ]);
  }
});
