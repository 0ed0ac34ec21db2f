import { medianTime } from "../measure.ts";
import { median } from "../median.ts";
import type { Size } from "./grown.ts";
import { type Growth, growth, isLinear, LINEAR } from "./growth.ts";
import type { Preview } from "./once.ts";

/** The three previews of one size, each some times. */
export interface Sides {
  /** The same resources without components, and without policies. */
  readonly flat: readonly Preview[];
  /** The program without policies. */
  readonly ours: readonly Preview[];
  readonly policies: readonly Preview[];
}

/** A size, measured. */
export interface Row extends Sides {
  readonly size: Size;
}

const SIDES = ["flat", "ours", "policies"] as const;
const seconds = (measures: readonly Preview[]) => median(measures.map((measure) => measure.seconds));
const resources = (row: Row) => row.ours[0]?.resources ?? 0;

/** What stands above the sizes' lines. */
export const HEAD = [
  "                                   elapsed time                                     processor time                                   peak memory, MiB",
  "tools people resources registered     flat     ours policies  ours/flat pol./ours     flat     ours policies  ours/flat pol./ours  program engine  pack",
];

/** The line of one size. */
export function sizeLine(row: Row): string {
  const [flat, ours, policies] = SIDES.map((side) => medianTime(row[side]) / 1000) as [number, number, number];
  const [flatCpu, oursCpu, policiesCpu] = SIDES.map((side) => seconds(row[side])) as [number, number, number];
  const peak = (program: string) => Math.max(...row.policies.map(({ mebibytes }) => mebibytes[program] ?? 0));
  return [
    cell(row.size.tools, 5),
    cell(row.size.people, 6),
    cell(resources(row), 9),
    cell(row.ours[0]?.registered ?? 0, 10),
    ...timeCells(flat, ours, policies),
    ...timeCells(flatCpu, oursCpu, policiesCpu),
    cell(Math.round(peak("program")), 8),
    cell(Math.round(peak("pulumi")), 6),
    cell(Math.round(peak("node")), 5),
  ].join(" ");
}

function timeCells(flat: number, ours: number, policies: number): string[] {
  return [
    cell(`${flat.toFixed(1)} s`, 8),
    cell(`${ours.toFixed(1)} s`, 8),
    cell(`${policies.toFixed(1)} s`, 8),
    cell((ours / flat).toFixed(2), 10),
    cell((policies / ours).toFixed(2), 9),
  ];
}

const cell = (value: string | number, width: number) => String(value).padStart(width);

/** How processor time grows with the tools, and with the people, of each side; and whether that is linear. */
export function growthLines(rows: readonly Row[]): string[] {
  const lines = (["tools", "people"] as const).flatMap((key) => {
    const other = key === "tools" ? "people" : "tools";
    return [...new Set(rows.map(({ size }) => size[other]))].flatMap((fixed) => {
      const group = rows.filter(({ size }) => size[other] === fixed);
      return group.length < 2 ? [] : SIDES.map((side) => growthLine(`more ${key} at ${fixed} ${other}`, side, group));
    });
  });
  if (lines.length === 0) return [];
  return [
    `Growth of processor time per resource, relative to the smallest size (at most ${LINEAR} is linear); in brackets per added`,
    "resource, relative to the first step. The engine's own growth is flat's.",
    ...lines,
  ];
}

function growthLine(title: string, side: (typeof SIDES)[number], rows: readonly Row[]): string {
  const steps = growth(rows.map((row) => ({ resources: resources(row), seconds: seconds(row[side]) })));
  const told = ({ times, perResource, perAdded }: Growth) =>
    `${times.toFixed(1)} times the resources: ${perResource.toFixed(2)}${perAdded === undefined ? "" : ` (${perAdded.toFixed(2)})`}`;
  const verdict = steps.every(isLinear) ? "linear" : "NOT linear";
  return `  ${title}, ${side.padEnd(8)}  ${steps.map(told).join(", ")}: ${verdict}`;
}

/** The time of each rule, the longest first. */
export function ruleLines(times: {
  readonly rules: Readonly<Record<string, number>>;
  readonly process: number;
}): string[] {
  const sorted = Object.entries(times.rules).toSorted(([, a], [, b]) => b - a);
  const sum = sorted.reduce((total, [, milliseconds]) => total + milliseconds, 0);
  return [
    ...sorted.map(([rule, milliseconds]) => `  ${cell(milliseconds.toFixed(1), 9)} ms  ${rule}`),
    `  ${cell(sum.toFixed(1), 9)} ms  all ${sorted.length} rules: ${Math.round((100 * sum) / times.process)} % of the pack's ${Math.round(times.process)} ms of processor time;`,
    "                the rest is loading, and the policy library: it unpacks resources and answers for each rule",
  ];
}
