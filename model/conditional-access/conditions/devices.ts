import type { Test } from "../answer.ts";
import { matchesDevice, parseDeviceFilter } from "../device-filter.ts";
import type { PolicyConditions } from "../policy.ts";

/**
 * The filter for devices (https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices):
 * `include` applies the policy to devices that match, `exclude` to those that do not.
 *
 * @returns undefined where the policy has no such condition
 */
export function deviceCondition(devices: PolicyConditions["devices"]): Test | undefined {
  const filter = devices?.deviceFilter ?? null;
  if (filter === null) return undefined;
  const wanted = filter.mode === "include";
  try {
    const parsed = parseDeviceFilter(filter.rule);
    return ({ conditions: { device } }) =>
      device === undefined ? "unknown" : matchesDevice(parsed, device) === wanted;
  } catch {
    return () => "invalid";
  }
}
