import * as pulumi from "@pulumi/pulumi";
import { contracts } from "../components/tools/registry.ts";
import { formatProblems, parseSettings, type Settings, settingsFromConfig } from "../model/index.ts";

/**
 * The stack's settings.
 * @throws pulumi.RunError with every problem, each with its path and fix, so that no resource is registered
 */
export function readSettings(): Settings {
  const parsed = parseSettings(settingsFromConfig(pulumi.runtime.allConfig()), contracts);
  if (parsed.ok) return parsed.settings;
  throw new pulumi.RunError(formatProblems(parsed.problems));
}
