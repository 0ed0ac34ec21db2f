import { z } from "zod";
import { NAME_PLACEHOLDER, toolShape } from "../settings/tool.ts";
import type { ToolContract, ToolSettings } from "../tool-contract.ts";
import { sampleContract } from "./sample.ts";

/** A made-up key under which several tools stand by name, each behind the proxy. */
export function sampleFamily(): ToolContract<ToolSettings> {
  const one = (id: string, displayName: string): ToolContract<ToolSettings> => ({
    id,
    displayName,
    versions: ["1"],
    settings: z.strictObject(toolShape(NAME_PLACEHOLDER, ["1"])),
    callbacks: () => [{ path: "/oauth2/callback", platform: "web", credential: "federated", by: "proxy" }],
    proxied: () => true,
    roles: sampleContract().roles as ToolContract["roles"],
  });
  return { ...one("apps", "Apps"), named: (name) => one(name, name) };
}
