import type { Subject } from "../core/rule.ts";
import { elements, type Known, known } from "../core/values.ts";
import { containers, podSpec, workloadTypes } from "../kubernetes/pods.ts";

export const configMap = "kubernetes:core:ConfigMap";

/** Where tools' settings stand: files in ConfigMaps, and the environment and commands of their containers. */
export const settingTypes: readonly string[] = [configMap, ...workloadTypes];

/** One file of a ConfigMap, as far as it is known. */
export interface ConfigFile {
  /** @example "settings.json" */
  readonly name: string;
  /** Path of the property. */
  readonly path: string;
  readonly text: string;
}

/** One container's process. */
export interface Process {
  /** Path of the container. */
  readonly path: string;
  /** Names of its variables, each with its path and what is known of its value. */
  readonly env: ReadonlyMap<string, { readonly path: string; readonly value: Known }>;
  /** Command and arguments that are known. */
  readonly words: readonly { readonly path: string; readonly text: string }[];
}

/** The files of a ConfigMap; none of another resource. */
export function configFiles({ type, props }: Subject): readonly ConfigFile[] {
  if (type !== configMap) return [];
  return elements(props, "data").flatMap(({ path, key, item }) =>
    item.kind === "value" && typeof item.value === "string" ? [{ name: key, path, text: item.value }] : [],
  );
}

/** The processes of a workload's pods; none of another resource. */
export function processes(subject: Subject): readonly Process[] {
  const pod = podSpec(subject);
  return pod === undefined ? [] : containers(pod).map(({ path, value }) => processOf(path, value));
}

function processOf(path: string, container: unknown): Process {
  const env = elements(container, "env").flatMap(({ path: at, item }) => {
    const name = item.kind === "value" ? known(item.value, "name") : item;
    if (item.kind !== "value" || name.kind !== "value") return [];
    return [[String(name.value), { path: `${path}.${at}.value`, value: givenValue(item.value) }] as const];
  });
  const words = ["command", "args"].flatMap((list) =>
    elements(container, list).flatMap(({ path: at, item }) =>
      item.kind === "value" && typeof item.value === "string" ? [{ path: `${path}.${at}`, text: item.value }] : [],
    ),
  );
  return { path, env: new Map(env), words };
}

/** A variable that comes from somewhere else (`valueFrom`) is there, with a value that nobody knows here. */
function givenValue(variable: unknown): Known {
  const written = known(variable, "value");
  return written.kind === "absent" && known(variable, "valueFrom").kind !== "absent" ? { kind: "unknown" } : written;
}

/** A variable's text, where it is known. */
export function variable({ env }: Process, name: string): string | undefined {
  const value = env.get(name)?.value;
  return value?.kind === "value" ? String(value.value) : undefined;
}
