import {
  type Exception,
  type ExceptionFile,
  endOf,
  latestDay,
  MAX_DAYS,
  MIN_REASON,
  type RuleName,
  stackOf,
} from "./exception.ts";

const keys = ["rule", "resource", "owner", "reason", "expires"] as const;
const fileKeys = ["production", "exceptions"];
const urn = /^urn:pulumi:[^:\s*]+::[^:\s*]+::[^\s*]+::[^\s*]+$/;
const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** What a file says as far as it is right, and everything that is wrong with it, as sentences. */
export interface ParsedExceptions extends ExceptionFile {
  readonly problems: readonly string[];
}

type Say = (place: string, found: string, wanted: string, fix: string) => void;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? "not set" : (JSON.stringify(value) ?? String(value));
}

/** The names that are closest to a misspelt one. */
function nearest(name: string, names: readonly string[]): string {
  const part = name.split("-")[0] ?? "";
  const close = names.filter((one) => one.startsWith(part));
  return (close.length > 0 ? close : names).slice(0, 8).join(", ");
}

function checkRule(place: string, entry: Exception, file: ExceptionFile, rules: readonly RuleName[], say: Say): void {
  const rule = rules.find(({ name }) => name === entry.rule);
  if (rule === undefined) {
    const names = rules.map(({ name }) => name);
    say(
      `${place}.rule`,
      show(entry.rule),
      "a rule of the pack",
      `Rules like it: ${nearest(String(entry.rule), names)}.`,
    );
    return;
  }
  const stack = stackOf(String(entry.resource));
  if (rule.severity !== "critical" || stack === undefined || !file.production.includes(stack)) return;
  const fix = "Repair the resource; a critical rule may be broken for a while in other stacks only.";
  say(`${place}.rule`, `${show(entry.rule)}, a critical rule, in the stack ${show(stack)}`, "none in production", fix);
}

function checkExpiry(place: string, value: unknown, now: Date, say: Say): void {
  const latest = latestDay(now);
  const wanted = `a day such as ${latest}, at most ${MAX_DAYS} days ahead`;
  const end = typeof value === "string" ? endOf(value) : undefined;
  if (end === undefined) {
    say(`${place}.expires`, show(value), wanted, "Write the last day as year-month-day.");
  } else if (end > (endOf(latest) ?? 0)) {
    say(`${place}.expires`, show(value), wanted, "Shorten it; whoever needs it longer asks again then.");
  }
}

function checkEntry(place: string, raw: unknown, say: Say): Exception | undefined {
  if (!isObject(raw)) {
    say(place, show(raw), `an entry with ${keys.join(", ")}`, "Write each of them, one a line.");
    return undefined;
  }
  for (const key of Object.keys(raw).filter((one) => !keys.includes(one as (typeof keys)[number]))) {
    say(`${place}.${key}`, "there", `only ${keys.join(", ")}`, `Take out \`${key}\`.`);
  }
  const entry = raw as unknown as Exception;
  if (typeof entry.resource !== "string" || !urn.test(entry.resource)) {
    const fix = "Copy the whole URN from `pulumi stack --show-urns`, or from the violation; patterns are not taken.";
    say(`${place}.resource`, show(entry.resource), "the URN of one resource", fix);
  }
  if (typeof entry.owner !== "string" || !email.test(entry.owner)) {
    say(`${place}.owner`, show(entry.owner), "an e-mail address", "Name the person who answers for it.");
  }
  if (typeof entry.reason !== "string" || entry.reason.trim().length < MIN_REASON) {
    const fix = "Say what stands in the way, and what will end it.";
    say(`${place}.reason`, show(entry.reason), `a sentence of ${MIN_REASON} characters or more`, fix);
  }
  return entry;
}

/**
 * Reads the content of an exceptions file. Every problem comes at once, with its place, what was found, what is allowed and
 * the fix. An expired exception is no problem of the file: it fails in its own stack, and not in the others.
 *
 * @param content what the YAML holds; undefined and null are an empty file
 * @param now the day from which the longest life counts
 */
export function parseExceptions(content: unknown, rules: readonly RuleName[], now: Date): ParsedExceptions {
  const problems: string[] = [];
  const say: Say = (place, found, wanted, fix) => problems.push(`${place} is ${found}; wanted: ${wanted}. Fix: ${fix}`);
  const file = content ?? {};
  if (!isObject(file)) {
    say("the file", show(content), "the keys production and exceptions", "Write `exceptions: []`.");
    return { production: [], exceptions: [], problems };
  }
  for (const key of Object.keys(file).filter((one) => !fileKeys.includes(one))) {
    say(key, "there", `only ${fileKeys.join(" and ")}`, `Take out \`${key}\`.`);
  }
  const production = file.production ?? ["prod"];
  const named =
    Array.isArray(production) && production.every((one) => typeof one === "string") ? production : undefined;
  if (named === undefined) say("production", show(production), "a list of stacks", "Write `production: [prod]`.");
  const entries = file.exceptions ?? [];
  if (!Array.isArray(entries)) say("exceptions", show(entries), "a list", "Write `exceptions: []`.");

  const seen = new Map<string, number>();
  const exceptions = (Array.isArray(entries) ? entries : []).flatMap((raw: unknown, at) => {
    const place = `exceptions[${at}]`;
    const before = problems.length;
    const entry = checkEntry(place, raw, say);
    if (entry === undefined) return [];
    checkRule(place, entry, { production: named ?? [], exceptions: [] }, rules, say);
    checkExpiry(place, entry.expires, now, say);
    const key = `${entry.rule} ${entry.resource}`;
    const first = seen.get(key);
    if (first !== undefined) {
      say(
        place,
        `the same rule and resource as exceptions[${first}]`,
        "one exception for both",
        "Keep one of the two.",
      );
    }
    seen.set(key, first ?? at);
    return problems.length === before ? [entry] : [];
  });
  return { production: named ?? [], exceptions, problems };
}
