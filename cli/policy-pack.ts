import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../model/index.ts";
import { type PolicyFacts, policyConfig } from "../policies/config.ts";
import type { PolicyPack } from "../sandbox/engine/operations.ts";
import type { SandboxLayout } from "../sandbox/layout.ts";
import { projectRoot } from "./project.ts";

/** What the rules need to know of an environment. */
export function policyFacts({ environment, domain, registry, secrets }: Settings): PolicyFacts {
  return { environment, domains: [domain], registries: [registry], maxSecretDays: secrets.lifetimeDays };
}

/** The pack with the settings that its rules need to know, in a file as `--policy-pack-config` takes it. */
export function policyPack(layout: SandboxLayout, settings: Settings): PolicyPack {
  const configFile = join(layout.run, "policies.json");
  writeFileSync(configFile, JSON.stringify(policyConfig(policyFacts(settings))), { mode: 0o600 });
  return { folder: join(projectRoot, "policies"), configFile };
}
