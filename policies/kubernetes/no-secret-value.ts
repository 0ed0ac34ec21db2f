import { type Finding, resourceRule, type Subject } from "../core/rule.ts";
import { isNamedSecret, secretKind } from "../core/secret-shapes.ts";
import { eachText, elements, formatPath, known, text } from "../core/values.ts";
import { containers, type Part, podSpec } from "./pods.ts";

type Report = (finding: Finding) => void;

/** What the rule looks at per package: all of a Kubernetes object, and the free texts of what has fields made for secrets. */
const freeTexts: Readonly<Record<string, readonly string[]>> = {
  "azure-native": ["tags"],
  azuread: ["description", "notes", "tags"],
};

/** The fields of a Kubernetes Secret that are there to hold one. */
const secretFields = new Set(["data", "stringData"]);

function checkTexts({ type, props }: Subject, report: Report): void {
  const isSecret = type === "kubernetes:core:Secret";
  const roots = freeTexts[type.slice(0, type.indexOf(":"))] ?? elements(props, []).map(({ key }) => key);
  for (const root of roots.filter((key) => !(isSecret && secretFields.has(key)))) {
    eachText(props, [root], (found, path) => {
      const plain = root === "binaryData" ? Buffer.from(found, "base64").toString("latin1") : found;
      const kind = secretKind(plain);
      if (kind) report({ at: formatPath(path), found: `${kind} (not shown)`, wanted: "no secret in plain text" });
    });
  }
}

/** Settings called after a secret, in a ConfigMap's own keys. */
function checkConfigMap({ props }: Subject, report: Report): void {
  for (const { path, key, item } of elements(props, "data")) {
    if (item.kind !== "value" || typeof item.value !== "string" || !isNamedSecret(key, item.value)) continue;
    report({ at: path, found: "a plain value (not shown)", wanted: "a path to a mounted file" });
  }
}

function checkEnvironment(container: Part, allowed: readonly string[], report: Report): void {
  const { path: at, value: spec } = container;
  for (const { path, item } of elements(spec, "env")) {
    if (item.kind !== "value") continue;
    const name = text(item.value, "name") ?? "";
    const plain = text(item.value, "value");
    // A value that looks like a secret has been reported already, with its kind.
    if (plain !== undefined && secretKind(plain) === undefined && isNamedSecret(name, plain)) {
      const found = `a plain value for ${name} (not shown)`;
      report({ at: `${at}.${path}.value`, found, wanted: "a path to a mounted file" });
    }
    const reference = known(item.value, "valueFrom.secretKeyRef");
    if (reference.kind === "absent" || allowed.includes(text(item.value, "valueFrom.secretKeyRef.name") ?? ""))
      continue;
    report({ at: `${at}.${path}.valueFrom`, found: "secretKeyRef", wanted: "a secret mounted as a file" });
  }
  for (const { path, item } of elements(spec, "envFrom")) {
    if (item.kind !== "value" || known(item.value, "secretRef").kind === "absent") continue;
    if (allowed.includes(text(item.value, "secretRef.name") ?? "")) continue;
    report({ at: `${at}.${path}`, found: "secretRef", wanted: "a secret mounted as a file" });
  }
}

/** Secrets are in the vault and in mounted files; nowhere else. Messages name the place, never the value. */
export const noSecretValue = resourceRule<{ allowedEnvSecrets: readonly string[] }>(
  {
    name: "no-secret-value",
    title: "No secret in plain text",
    what: "No secret stands in a ConfigMap, an environment variable, an annotation, a tag or a description, and none is put into the environment.",
    why: "These are readable by everybody who may look at the object, stand in the state, and end up in logs and crash reports.",
    fix: "Put the value into Key Vault and mount it as a file through the Secrets Store CSI driver; if it was real, revoke it.",
    severity: "critical",
    url: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    mappings: [
      { framework: "cis-kubernetes", id: "5.4.1" },
      { framework: "cis-aks", id: "4.5.1" },
      { framework: "nsa", id: "C-0012" },
    ],
  },
  {
    types: ["kubernetes:*", "azure-native:*", "azuread:*"],
    config: {
      allowedEnvSecrets: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description:
          "Names of Kubernetes secrets that may be read into the environment, for images that accept them no other way.",
      },
    },
    check(subject, report, { allowedEnvSecrets }) {
      checkTexts(subject, report);
      if (subject.type === "kubernetes:core:ConfigMap") checkConfigMap(subject, report);
      const pod = podSpec(subject);
      for (const container of pod ? containers(pod) : []) checkEnvironment(container, allowedEnvSecrets, report);
    },
  },
);
