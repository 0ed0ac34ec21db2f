import type { SupervisorRecord } from "../supervisor/record.ts";

/**
 * The value of PULUMI_DEBUG_PROVIDERS: the engine attaches to these instead of starting plugins.
 * @param official packages whose own plugins the engine starts
 */
export function attachedProviders(
  { providers }: Pick<SupervisorRecord, "providers">,
  official: readonly string[] = [],
): string {
  return Object.entries(providers)
    .filter(([name]) => !official.includes(name))
    .map(([name, port]) => `${name}:${port}`)
    .join(",");
}
