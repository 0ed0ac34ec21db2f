import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { deployment } from "../examples/kubernetes.ts";
import { messages } from "../testing/harness.ts";
import { accountOwn } from "./account-own.ts";
import { containerBounded } from "./container-bounded.ts";
import { namespaceRestricted } from "./namespace-restricted.ts";
import { noDefaultNamespace } from "./no-default-namespace.ts";
import { rbacLeast } from "./rbac-least.ts";

describe("rbac-least", () => {
  const role = (rule: unknown, kind = "Role") =>
    messages(rbacLeast, { type: `kubernetes:rbac.authorization.k8s.io/v1:${kind}`, props: { rules: [rule] } });

  it.each([
    ["pods by name of verbs", { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list", "create"] }],
    ["named secrets", { resources: ["secrets"], resourceNames: ["tls"], verbs: ["get"] }],
    ["a rule that is not known yet", unknownText],
    ["parts that are not known yet", { resources: unknownText, verbs: [unknownText] }],
  ])("accepts %s", (_, rule) => {
    expect(role(rule)).toEqual([]);
  });

  it.each([
    ["every verb", { resources: ["pods"], verbs: ["*"] }, "rules[0].verbs is"],
    ["every resource, beside an unknown", { resources: [unknownText, "*"], verbs: ["get"] }, "rules[0].resources"],
    ["every group", { apiGroups: ["*"], resources: ["pods"], verbs: ["get"] }, "rules[0].apiGroups"],
    ["all secrets", { resources: ["secrets"], verbs: ["get"] }, '"secrets", all of them'],
    ["listing secrets", { resources: ["secrets"], resourceNames: ["tls"], verbs: ["list"] }, '"secrets", all'],
    ["shells", { resources: ["pods/exec"], verbs: ["create"] }, '"pods/exec"'],
    ["tokens of others", { resources: ["serviceaccounts/token"], verbs: ["create"] }, "serviceaccounts/token"],
    ["taking more rights", { resources: ["roles"], verbs: ["escalate"] }, '"escalate"'],
  ])("refuses %s", (_, rule, wanted) => {
    expect(role(rule, "ClusterRole")).toEqual([expect.stringContaining(wanted)]);
  });

  const binding = (name: unknown, subjects: unknown) =>
    messages(rbacLeast, {
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
      props: { roleRef: { kind: "ClusterRole", name }, subjects },
    });
  const account = { kind: "ServiceAccount", name: "superset", namespace: "superset" };

  it("accepts a binding of one account to its own role", () => {
    expect(binding("superset", [account, unknownText])).toEqual([]);
    expect(binding(unknownText, unknownText)).toEqual([]);
  });

  it.each([
    ["cluster-admin", "cluster-admin", [account], 'roleRef.name is "cluster-admin"'],
    ["everybody", "view", [account, { kind: "Group", name: "system:unauthenticated" }], "subjects[1].name"],
    ["the default account", "view", [{ ...account, name: "default" }], 'subjects[0].name is "default"'],
  ])("refuses %s", (_, name, subjects, wanted) => {
    expect(binding(name, subjects)).toEqual([expect.stringContaining(wanted)]);
  });
});

describe("namespace-restricted", () => {
  const label = "pod-security.kubernetes.io/enforce";
  const run = (metadata: unknown) =>
    messages(namespaceRestricted, { type: "kubernetes:core/v1:Namespace", props: { metadata } });

  it("accepts the label, and what is not known yet", () => {
    expect(run({ labels: { [label]: "restricted" } })).toEqual([]);
    expect(run({ labels: { [label]: unknownText } })).toEqual([]);
    expect(run(unknownText)).toEqual([]);
  });

  it("refuses its absence, and less", () => {
    expect(run({ name: "charts" })).toEqual([expect.stringContaining("is not set; wanted")]);
    expect(run({ labels: { [label]: "baseline" } })).toEqual([expect.stringContaining('is "baseline"')]);
  });
});

describe("no-default-namespace", () => {
  const run = (metadata: unknown, type = "kubernetes:core/v1:ConfigMap") =>
    messages(noDefaultNamespace, { type, props: { metadata } });

  it("accepts a namespace of one's own, and one that is not known yet", () => {
    expect(run({ namespace: "superset" })).toEqual([]);
    expect(run({ namespace: unknownText })).toEqual([]);
    expect(run(unknownText, "kubernetes:apps/v1:Deployment")).toEqual([]);
  });

  it("refuses default, said or not", () => {
    expect(run({ namespace: "default" })).toEqual([expect.stringContaining('metadata.namespace is "default"')]);
    expect(run({ name: "x" }, "kubernetes:batch/v1:Job")).toEqual([expect.stringContaining("not set (default)")]);
  });
});

describe("account-own", () => {
  const run = (pod: Record<string, unknown>) => messages(accountOwn, deployment({}, pod));

  it("accepts an own account without its token, and what is not known yet", () => {
    expect(run({})).toEqual([]);
    expect(run({ serviceAccountName: unknownText, automountServiceAccountToken: unknownText })).toEqual([]);
  });

  it.each([
    ["no account", { serviceAccountName: undefined }, "serviceAccountName is not set (default)"],
    ["the default account", { serviceAccountName: "default" }, 'serviceAccountName is "default"'],
    ["a token by default", { automountServiceAccountToken: undefined }, "automountServiceAccountToken is not set"],
    ["a token on purpose", { automountServiceAccountToken: true }, "automountServiceAccountToken is true"],
  ])("refuses %s", (_, pod, wanted) => {
    expect(run(pod)).toEqual([expect.stringContaining(wanted)]);
  });

  it("looks at accounts as well", () => {
    const account = (props: object) => messages(accountOwn, { type: "kubernetes:core/v1:ServiceAccount", props });
    expect(account({ automountServiceAccountToken: false })).toEqual([]);
    expect(account({})).toEqual([expect.stringContaining('ServiceAccount "sample": automount')]);
  });
});

describe("container-bounded", () => {
  const run = (container: Record<string, unknown>, pod: Record<string, unknown> = {}) =>
    messages(containerBounded, deployment(container, pod));

  it("accepts a bounded container, and what is not known yet", () => {
    expect(run({})).toEqual([]);
    expect(run({ resources: unknownText, securityContext: unknownText })).toEqual([]);
  });

  it.each([
    ["no requests", { resources: { limits: { memory: "1Gi" } } }, ["requests.cpu", "requests.memory"]],
    ["no limit", { resources: { requests: { cpu: "1", memory: "1Gi" } } }, ["limits.memory is not set"]],
    ["a root to write to", { securityContext: {} }, ["readOnlyRootFilesystem is not set (writable)"]],
    ["a root opened on purpose", { securityContext: { readOnlyRootFilesystem: false } }, ["is false"]],
  ])("refuses %s", (_, container, wanted) => {
    expect(run(container)).toEqual(wanted.map((one) => expect.stringContaining(one)));
  });

  it("looks at containers that run first", () => {
    expect(run({}, { initContainers: [unknownText, { name: "init" }] })).toHaveLength(4);
  });
});
