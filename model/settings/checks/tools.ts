import { type DeclaredTool, declaredTools } from "../../declared-tools.ts";
import { type Finding, shown } from "../problem.ts";
import type { Settings } from "../schema.ts";
import { durationSeconds } from "../tool.ts";
import type { CheckContext } from "./check.ts";
import { imageFindings } from "./images.ts";

/** Tools stand apart from each other, inside the domain, on images of the one registry; then each contract's own rules. */
export function checkTools(context: CheckContext): Finding[] {
  const { settings, contracts, sound } = context;
  return declaredTools(settings, contracts).flatMap((declared) => [
    ...(sound("domain") ? hosts(settings, declared) : []),
    ...shared(settings, declared, "host"),
    ...shared(settings, declared, "namespace"),
    ...imageFindings(context, declared.tool, declared.path),
    ...session(context, declared),
    ...(declared.contract.check?.(declared.tool) ?? []).map((problem) => ({
      ...problem,
      path: [...declared.path, ...problem.path],
    })),
  ]);
}

/** A tool that has a session lifetime of its own stays within the bound of all. */
function session({ settings, sound }: CheckContext, { tool, path }: DeclaredTool): Finding[] {
  const lifetime = (tool as { session?: { lifetime?: unknown } }).session?.lifetime;
  const { maximum } = settings.sessions;
  if (typeof lifetime !== "string" || !sound("sessions") || durationSeconds(lifetime) <= durationSeconds(maximum))
    return [];
  return [
    {
      path: [...path, "session", "lifetime"],
      found: shown(lifetime),
      allowed: `at most ${maximum}, as sessions.maximum says`,
      fix: `Write "${maximum}" or less, or raise sessions.maximum.`,
    },
  ];
}

function hosts(settings: Settings, { id, tool: { host }, path }: DeclaredTool): Finding[] {
  if (host.endsWith(`.${settings.domain}`)) return [];
  return [
    {
      path: [...path, "host"],
      found: shown(host),
      allowed: `a host inside ${settings.domain}`,
      fix: `Write ${id}.${settings.domain}, or remove host.`,
    },
  ];
}

function shared(settings: Settings, { id, tool, path }: DeclaredTool, key: "host" | "namespace"): Finding[] {
  const value = tool[key];
  const earlier = Object.keys(settings.tools).slice(0, Object.keys(settings.tools).indexOf(id));
  const other = earlier.find((name) => settings.tools[name]?.[key] === value);
  if (other === undefined) return [];
  return [
    {
      path: [...path, key],
      found: `${shown(value)}, which ${other} has`,
      allowed: `a ${key} of its own for every tool`,
      fix: `Change ${key} here or of ${other}.`,
    },
  ];
}
