import type { SupervisorRecord } from "../supervisor/record.ts";
import type { OfficialPlugin } from "./official.ts";

/**
 * The value of PULUMI_DEBUG_PROVIDERS: the engine attaches to these instead of starting plugins.
 * @param official plugins that the engine starts itself, in place of ours
 */
export function attachedProviders(
  { providers }: Pick<SupervisorRecord, "providers">,
  official: readonly OfficialPlugin[],
): string {
  const started = new Set<string>(official.map(({ name }) => name));
  return Object.entries(providers)
    .filter(([name]) => !started.has(name))
    .map(([name, port]) => `${name}:${port}`)
    .join(",");
}
