import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { contracts } from "../../components/tools/registry.ts";
import {
  configText,
  declaredTools,
  type Problem,
  parseSettings,
  settingsFromConfig,
  settingsSchema,
  type ToolRole,
} from "../../model/index.ts";
import { descriptionOf, schemaAt, unwrapped } from "../../model/settings/described.ts";
import { pathText } from "../../model/settings/problem.ts";
import { repaired } from "../../model/settings/repair.ts";
import { completed } from "../../model/settings/schema.ts";
import { valueAt } from "../../model/settings/structure.ts";

const schema = settingsSchema(contracts);

/** Where a setting stands, outermost key first. */
export type Path = readonly string[];

/** Settings on their way to a stack file: what was answered or copied so far. */
export class Draft {
  /** Paths, as text, that somebody gave for this environment; whatever else is there was copied. */
  readonly given = new Set<string>();

  constructor(readonly raw: Record<string, unknown>) {}

  at(path: Path): unknown {
    return valueAt(this.raw, path);
  }

  /** Puts a value in its place; maps on the way are made. */
  put(path: Path, value: unknown): void {
    let parent = this.raw;
    for (const key of path.slice(0, -1)) {
      const next = Object.hasOwn(parent, key) ? parent[key] : undefined;
      if (typeof next !== "object" || next === null || Array.isArray(next)) parent[key] = {};
      parent = parent[key] as Record<string, unknown>;
    }
    const last = path.at(-1);
    if (last !== undefined) parent[last] = value;
    this.given.add(pathText(path));
  }

  copy(): Draft {
    return new Draft(structuredClone(this.raw));
  }

  /** Everything that is wrong at a place or below it; without a place, everywhere. */
  problems(path: Path = []): Problem[] {
    const parsed = parseSettings(asRead(this.raw), contracts);
    if (parsed.ok) return [];
    const place = pathText(path);
    return parsed.problems.filter(
      (problem) =>
        path.length === 0 ||
        problem.path === place ||
        problem.path.startsWith(`${place}.`) ||
        problem.path.startsWith(`${place}[`),
    );
  }

  /** What the settings say against a value in this place, before it is put there. */
  objections(path: Path, value: unknown): Problem[] {
    const trial = this.copy();
    trial.put(path, value);
    return trial.problems(path);
  }

  /** The roles that a tool offers under what is known of it so far. */
  roles(tool: Path): readonly ToolRole[] {
    const mended = repaired(schema, this.raw);
    if (mended === undefined) return [];
    const declared = declaredTools(completed(mended, contracts), contracts);
    const found = declared.find(({ path }) => pathText(path) === pathText(tool));
    return found === undefined ? [] : found.contract.roles(found.tool);
  }
}

/** Settings as a program reads them from the stack file: there a text such as `{}` is a map, whatever the quotes around it. */
function asRead(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const config = Object.entries(raw).filter(([, value]) => value !== undefined);
  return settingsFromConfig(configText(Object.fromEntries(config.map(([key, value]) => [`entrada:${key}`, value]))));
}

/** What the schema says of a place, to show beside a question. */
export function textsAt(path: Path) {
  return descriptionOf(schemaAt(schema, path));
}

/** Whether a place is a map with keys of its own, and not one that people fill with names. */
export function isMapAt(path: Path): boolean {
  const place = schemaAt(schema, path);
  return place !== undefined && unwrapped(place) instanceof z.ZodObject;
}

/**
 * The value that a text means in a place: the text itself where the schema wants text, the items between commas where it
 * wants a list, and YAML elsewhere. What cannot be read stays text, which the schema then refuses with its message.
 */
export function answerOf(path: Path, text: string): unknown {
  const place = schemaAt(schema, path);
  const plain = place === undefined ? undefined : unwrapped(place);
  if (plain instanceof z.ZodString || plain instanceof z.ZodEnum) return text;
  if (plain instanceof z.ZodArray && !text.trim().startsWith("[")) return items(text);
  try {
    return (parseYaml(text, { logLevel: "error" }) as unknown) ?? text;
  } catch {
    return text;
  }
}

/** The items of a list that somebody typed: `ana.lima, jon.berg`. */
export function items(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** The keys of a path as problems write it: `cluster.gateway.name`, `people["ana.lima"].mail`. Undefined where it is none. */
export function pathOf(text: string): string[] | undefined {
  const keys: string[] = [];
  let rest = text;
  while (rest !== "") {
    const [whole, plain, index, quoted] = /^\.?(?:([\w-]+)|\[(\d+)\]|\["([^"\\]+)"\])/.exec(rest) ?? [];
    const key = plain ?? index ?? quoted;
    if (whole === undefined || key === undefined || key === "__proto__") return undefined;
    keys.push(key);
    rest = rest.slice(whole.length);
  }
  return keys.length === 0 ? undefined : keys;
}
