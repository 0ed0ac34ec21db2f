import { parseImage } from "../image.ts";
import { type Finding, shown } from "../problem.ts";
import type { Settings } from "../schema.ts";
import type { CheckContext } from "./check.ts";

/** Tools stand apart from each other, inside the domain, on images of the one registry; then each contract's own rules. */
export function checkTools(context: CheckContext): Finding[] {
  const { settings, contracts, sound } = context;
  return Object.entries(settings.tools).flatMap(([id, tool]) => [
    ...(sound("domain") ? hosts(settings, id) : []),
    ...shared(settings, id, "host"),
    ...shared(settings, id, "namespace"),
    ...images(context, id),
    ...(contracts.find((contract) => contract.id === id)?.check?.(tool) ?? []).map((problem) => ({
      ...problem,
      path: ["tools", id, ...problem.path],
    })),
  ]);
}

function hosts(settings: Settings, id: string): Finding[] {
  const host = settings.tools[id]?.host ?? "";
  if (host.endsWith(`.${settings.domain}`)) return [];
  return [
    {
      path: ["tools", id, "host"],
      found: shown(host),
      allowed: `a host inside ${settings.domain}`,
      fix: `Write ${id}.${settings.domain}, or remove host.`,
    },
  ];
}

function shared(settings: Settings, id: string, key: "host" | "namespace"): Finding[] {
  const value = settings.tools[id]?.[key];
  const earlier = Object.keys(settings.tools).slice(0, Object.keys(settings.tools).indexOf(id));
  const other = earlier.find((name) => settings.tools[name]?.[key] === value);
  if (other === undefined) return [];
  return [
    {
      path: ["tools", id, key],
      found: `${shown(value)}, which ${other} has`,
      allowed: `a ${key} of its own for every tool`,
      fix: `Change ${key} here or of ${other}.`,
    },
  ];
}

function images({ settings, sound }: CheckContext, id: string): Finding[] {
  const tool = settings.tools[id];
  const text = tool !== undefined && "image" in tool && typeof tool.image === "string" ? tool.image : "";
  const image = parseImage(text);
  if (image === undefined) return [];
  const path = ["tools", id, "image"];
  const findings: Finding[] = [];
  if (image.registry !== settings.registry && sound("registry")) {
    findings.push({
      path,
      found: `an image from ${image.registry}`,
      allowed: `images from ${settings.registry}`,
      fix: `Copy the image to ${settings.registry} and write its address there, or change registry.`,
    });
  }
  if (image.digest === undefined && settings.environment === "prod" && sound("environment")) {
    findings.push({
      path,
      found: `${shown(text)}, pinned by its tag only`,
      allowed: "in prod: an image pinned by its digest",
      fix: "Add the digest: …@sha256:<64 hexadecimal digits>.",
    });
  }
  return findings;
}
