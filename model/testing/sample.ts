import { z } from "zod";
import { image } from "../settings/image.ts";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/schema.ts";
import { toolShape } from "../settings/tool.ts";
import type { ToolContract, ToolSettings } from "../tool-contract.ts";

interface SampleTool extends ToolSettings {
  readonly image: string;
}

/** A made-up tool, so that the model's tests depend on no real one. */
export function sampleContract(id = "charts"): ToolContract<SampleTool> {
  const versions = ["2.0.0", "1.5.0"] as const;
  return {
    id,
    displayName: id === "charts" ? "Charts" : id,
    versions,
    settings: z.strictObject({ ...toolShape(id, versions), image }),
    callbacks: ({ version }) =>
      version === "2.0.0"
        ? [
            { path: "/auth/callback", platform: "web", credential: "federated" },
            { path: "/silent", platform: "spa", credential: "public" },
          ]
        : [{ path: "/callback/", platform: "web", credential: "secret" }],
    logoutPath: "/bye",
    roles: () => [
      { value: "Owner", displayName: "Charts owner", description: "Runs it.", admin: true, toolRoles: ["owner"] },
      { value: "Viewer", displayName: "Charts viewer", description: "Looks.", admin: false, toolRoles: ["viewer"] },
    ],
  };
}

/** Settings of a sandbox that parse; each test changes what it is about. */
export function sampleRaw(): Record<string, unknown> {
  return {
    environment: "sandbox",
    organization: "Contoso",
    domain: "data.contoso.com",
    userDomain: "contoso.com",
    tenantId: "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10",
    subscriptionId: "41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17",
    location: "westeurope",
    registry: "contoso.azurecr.io",
    cluster: { oidcIssuer: "https://oidc.contoso.com/cluster-1", gateway: { name: "public", namespace: "gateway" } },
    people: { "ana.lima": { displayName: "Ana Lima" }, "jon.berg": { displayName: "Jon Berg" } },
    teams: { admins: { privileged: true, owners: ["ana.lima"], members: ["ana.lima"] } },
    tools: { charts: { image: "contoso.azurecr.io/charts:2.0.0", access: { Owner: ["admins"] } } },
  };
}

/** The sample's settings with some top-level keys replaced; `undefined` takes one away. */
export function sampleSettings(changes: Record<string, unknown> = {}, contracts = [sampleContract()]): Settings {
  const parsed = parseSettings(withChanges(changes), contracts);
  if (!parsed.ok) throw new Error(`The sample's settings do not parse: ${JSON.stringify(parsed.problems)}`);
  return parsed.settings;
}

/** The sample's raw settings with some top-level keys replaced; `undefined` takes one away. */
export function withChanges(changes: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries({ ...sampleRaw(), ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}
