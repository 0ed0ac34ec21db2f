import { readFileSync } from "node:fs";
import { resourceName, resourceType } from "./resource-names.ts";

/** What happens to a resource. The engine tells a replacement in up to three steps; here it is one. */
export type Operation = "create" | "update" | "replace" | "delete" | "import" | "forget";

/** One resource that `up` would touch. */
export interface PreviewedChange {
  readonly operation: Operation;
  /** @example "azuread:index/group:Group" */
  readonly type: string;
  readonly name: string;
  /** Paths of the properties that change; of a replacement those that force it. No values. */
  readonly properties: readonly string[];
  /** Whether the resource is under Pulumi's protection in the state. */
  readonly protect: boolean;
}

/** What `pulumi preview --json` said. */
export interface Preview {
  readonly changes: readonly PreviewedChange[];
  /** How long the preview took; undefined where it was cut short. */
  readonly seconds?: number;
  /** Messages of what went wrong. A preview with one of them changes nothing and says too little. */
  readonly errors: readonly string[];
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: { readonly protect?: boolean };
  readonly diffReasons?: readonly string[] | null;
  readonly replaceReasons?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

interface Digest {
  readonly steps?: readonly Step[];
  readonly diagnostics?: readonly { readonly message?: string; readonly severity?: string }[];
  /** Nanoseconds. */
  readonly duration?: number;
}

/** The engine's steps by what they mean; what is missing here (same, read, refresh) changes nothing. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  delete: "delete",
  import: "import",
  "import-replacement": "replace",
  discard: "forget",
  "discard-replaced": "replace",
  "remove-pending-replace": "replace",
};

/** Reads a file that `pulumi preview --json` wrote. A file that is something else is a preview that failed. */
export function readPreview(file: string): Preview {
  const content = readFileSync(file, "utf8");
  try {
    return previewOf(JSON.parse(content) as Digest);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      changes: [],
      errors: ["The preview ended before it could say what would change; its log has the reason."],
    };
  }
}

/** The changes of a preview's JSON. The program's own structure (stacks, components, providers) is left out. */
export function previewOf({ steps = [], diagnostics = [], duration }: Digest): Preview {
  const changes = new Map<string, PreviewedChange>();
  for (const step of steps) {
    const operation = OPERATIONS[step.op];
    const type = resourceType(step.urn);
    if (operation === undefined || /^(pulumi|entrada):/.test(type)) continue;
    const before = changes.get(step.urn);
    changes.set(step.urn, {
      operation,
      type,
      name: resourceName(step.urn),
      properties: [...new Set([...(before?.properties ?? []), ...propertiesOf(step, operation)])],
      protect: before?.protect === true || step.oldState?.protect === true,
    });
  }
  return {
    changes: [...changes.values()],
    ...(duration === undefined ? {} : { seconds: duration / 1e9 }),
    errors: diagnostics.filter(({ severity }) => severity === "error").map(({ message = "" }) => message.trim()),
  };
}

function propertiesOf({ replaceReasons, diffReasons, detailedDiff }: Step, operation: Operation): readonly string[] {
  if (operation === "replace" && (replaceReasons ?? []).length > 0) return replaceReasons ?? [];
  if (operation !== "replace" && operation !== "update") return [];
  return Object.keys(detailedDiff ?? {}).length > 0 ? Object.keys(detailedDiff ?? {}) : (diffReasons ?? []);
}
