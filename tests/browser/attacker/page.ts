import { ATTACKS } from "./attacks/index.ts";
import { FIRM, PROTECTIONS } from "./protections/index.ts";
import type { Target } from "./targets.ts";

/** The table of docs/attacks.md that says what holds each attack on a tool. */
export function protectionTable(id: Target["id"]): string {
  const rows = ATTACKS.filter(({ targets }) => targets.includes(id)).map(
    ({ name }) => `| ${name} | ${FIRM[id][name] ?? linesOf(id, name).join("; ")} |`,
  );
  return ["| attack | what holds it |", "| --- | --- |", ...rows].join("\n");
}

/** The lines, with those of one place together. */
function linesOf(id: Target["id"], attack: string): string[] {
  const places = new Map<string, string[]>();
  for (const { target, place, line, said = `\`${line.replaceAll("|", "\\|").trim()}\``, holds } of PROTECTIONS) {
    if (target !== id || !holds.includes(attack)) continue;
    const name = place.replace(/^ConfigMap [^,]+, /, "").replace(/^HTTPRoute .*/, "HTTPRoute");
    places.set(name, [...(places.get(name) ?? []), said]);
  }
  return [...places].map(([name, lines]) => `${name}: ${lines.join(", ")}`);
}
