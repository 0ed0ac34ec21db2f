import { describe, expect, test } from "vitest";
import { type PropertyMap, Secret, UNKNOWN } from "../protocol/types.ts";
import { compareInputs } from "./compare.ts";
import { inputsForImport, inputsFromLive } from "./drift.ts";
import { formatId, kindOfType, parseId } from "./identity.ts";
import { concealSecretKind, holdsUnknown, toObject, toOutputs } from "./json.ts";
import { sameQuantity } from "./quantity.ts";
import { needsReplacement } from "./replacement.ts";

test.each([
  ["kubernetes:core/v1:Namespace", { apiVersion: "v1", kind: "Namespace" }],
  ["kubernetes:apps/v1:Deployment", { apiVersion: "apps/v1", kind: "Deployment" }],
  [
    "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
    { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" },
  ],
  ["kubernetes:helm.sh/v3:Release", undefined],
  ["kubernetes:index:Thing", undefined],
])("%s", (type, expected) => {
  expect(kindOfType(type)).toEqual(expected);
});

test("ids are namespace/name, or the name alone", () => {
  expect(formatId({ namespace: "bi", name: "web" })).toBe("bi/web");
  expect(parseId("bi/web")).toEqual({ namespace: "bi", name: "web" });
  expect(parseId(formatId({ name: "bi" }))).toEqual({ name: "bi" });
});

describe("comparing", () => {
  test("a change is told at its own path; null and absent are the same", () => {
    const olds = {
      metadata: { name: "a", labels: { "app.kubernetes.io/name": "x" } },
      spec: { replicas: 1, paused: null, args: ["a", "b"] },
    };
    const news = {
      metadata: { name: "a", labels: { "app.kubernetes.io/name": "y" } },
      spec: { replicas: 1, args: ["a"] },
    };
    expect(compareInputs(olds, news)).toEqual({
      'metadata.labels["app.kubernetes.io/name"]': "update",
      "spec.args[1]": "delete",
    });
  });

  test("what comes and goes as a whole is told field by field", () => {
    expect(compareInputs({ spec: { selector: { a: "1" } } }, { data: { b: "2" } })).toEqual({
      "spec.selector.a": "delete",
      "data.b": "add",
    });
    expect(compareInputs({}, { spec: { emptyDir: {} } })).toEqual({ "spec.emptyDir": "add" });
  });

  test("what is not known yet counts as changed, also where it was not known before", () => {
    expect(compareInputs({ a: "1" }, { a: UNKNOWN })).toEqual({ a: "update" });
    expect(compareInputs({ a: UNKNOWN }, { a: UNKNOWN })).toEqual({ a: "update" });
  });
});

describe("replacement", () => {
  const fixed = { configMaps: false, secrets: false };
  test.each([
    ["v1", "ConfigMap", "metadata.name", true],
    ["v1", "ConfigMap", "metadata.labels.a", false],
    ["v1", "ConfigMap", "data.a", true],
    ["v1", "Secret", "stringData.a", true],
    ["apps/v1", "Deployment", "spec.selector.matchLabels.app", true],
    ["apps/v1", "Deployment", "spec.template.spec.containers[0].image", false],
    ["batch/v1", "Job", "spec.template.spec.containers[0].image", true],
    ["batch/v1", "Job", "spec.ttlSecondsAfterFinished", false],
    ["v1", "Pod", "spec.containers[0].image", false],
    ["v1", "Pod", "spec.serviceAccountName", true],
    ["v1", "Service", "spec.clusterIP", true],
    ["v1", "Service", "spec.ports[0].port", false],
    ["apps/v1", "StatefulSet", "spec.volumeClaimTemplates[0].spec.storageClassName", true],
    // Another group's kind of the same name has other rules.
    ["serving.knative.dev/v1", "Service", "spec.clusterIP", false],
  ])("%s %s %s: %s", (apiVersion, kind, path, expected) => {
    expect(needsReplacement(apiVersion, kind, path, fixed)).toBe(expected);
  });

  test("the provider's settings let data change in place", () => {
    expect(needsReplacement("v1", "ConfigMap", "data.a", { ...fixed, configMaps: true })).toBe(false);
    expect(needsReplacement("v1", "Secret", "data.a", { ...fixed, secrets: true })).toBe(false);
    expect(needsReplacement("v1", "Secret", "type", { ...fixed, secrets: true })).toBe(true);
  });
});

describe("drift", () => {
  test("defaults, status and what others added stay out", () => {
    const olds = { spec: { replicas: 2, containers: [{ name: "web", image: "a:1" }] } };
    const live = {
      status: { replicas: 2 },
      spec: {
        replicas: 2,
        revisionHistoryLimit: 10,
        containers: [
          { name: "proxy", image: "injected" },
          { name: "web", image: "a:1", imagePullPolicy: "IfNotPresent" },
        ],
      },
    };
    expect(inputsFromLive(olds, live)).toEqual(olds);
  });

  test("what was changed, removed or added to a list shows", () => {
    const olds = {
      metadata: { labels: { a: "1", b: "2" } },
      spec: {
        hostnames: ["a"],
        env: [
          { name: "X", value: "1" },
          { name: "Y", value: "2" },
        ],
      },
    };
    const live = {
      metadata: { labels: { a: "9" } },
      spec: { hostnames: ["a", "evil"], env: [{ name: "X", value: "1" }] },
    };
    expect(inputsFromLive(olds, live)).toEqual({
      metadata: { labels: { a: "9" } },
      spec: { hostnames: ["a", "evil"], env: [{ name: "X", value: "1" }] },
    });
  });

  test("the program's own way of writing is kept where it means the same", () => {
    const olds = { limits: { cpu: "1000m", memory: "1024Mi" }, ingress: [], automount: false, note: "" };
    expect(inputsFromLive(olds, { limits: { cpu: "1", memory: "1Gi" } })).toEqual(olds);
  });

  test("a Secret's texts are compared with its data", () => {
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const olds = { stringData: { user: "superset", password: "planted" } };
    expect(inputsFromLive(olds, { data: { user: base64("superset"), password: base64("planted") } })).toEqual(olds);
    expect(inputsFromLive(olds, { data: { user: base64("other") } })).toEqual({ stringData: { user: "other" } });
  });

  test("an import takes what a person could have written", () => {
    const live = {
      kind: "ConfigMap",
      metadata: { name: "a", uid: "1", labels: { x: "y" } },
      data: { k: "v" },
      status: {},
    };
    expect(inputsForImport(live)).toEqual({
      kind: "ConfigMap",
      metadata: { name: "a", labels: { x: "y" } },
      data: { k: "v" },
    });
  });
});

test.each([
  ["500m", "0.5", true],
  ["1Gi", "1024Mi", true],
  ["1k", 1000, true],
  ["2e3", "2k", true],
  ["1G", "1Gi", false],
  ["1", "one", false],
  ["abc", "abc", true],
])("quantities %s and %s: %s", (a, b, expected) => {
  expect(sameQuantity(a, b)).toBe(expected);
});

test("null and undefined are not sent, empty values are", () => {
  expect(toObject({ spec: { a: null, b: undefined, c: {}, d: [{ e: null }], f: false } })).toEqual({
    spec: { c: {}, d: [{}], f: false },
  });
});

test("unknown values are found wherever they are", () => {
  expect(holdsUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
  expect(holdsUnknown({ a: [{ b: null }] })).toBe(false);
});

test("outputs are the live object without its field managers; only a core Secret's content is secret", () => {
  const outputs: PropertyMap = toOutputs({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "a", managedFields: [] },
    data: { k: "dg==" },
  });
  expect(outputs.metadata).toEqual({ name: "a" });
  expect(concealSecretKind(outputs).data).toEqual(new Secret({ k: "dg==" }));
  expect(concealSecretKind({ ...outputs, kind: "ConfigMap" }).data).toEqual({ k: "dg==" });
});
