import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../model/index.ts";
import { policyConfig } from "../policies/config.ts";
import type { PolicyPack } from "../sandbox/engine/operations.ts";
import type { SandboxLayout } from "../sandbox/layout.ts";
import { projectRoot } from "./project.ts";

/** The pack with the settings that these rules need to know, in a file as `--policy-pack-config` takes it. */
export function policyPack(layout: SandboxLayout, settings: Settings): PolicyPack {
  const configFile = join(layout.run, "policies.json");
  const config = policyConfig({
    environment: settings.environment,
    domains: [settings.domain],
    registries: [settings.registry],
    maxSecretDays: settings.secrets.lifetimeDays,
  });
  writeFileSync(configFile, JSON.stringify(config), { mode: 0o600 });
  return { folder: join(projectRoot, "policies"), configFile };
}
