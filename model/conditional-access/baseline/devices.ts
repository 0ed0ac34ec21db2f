import { demands, signInFrequency } from "../grant-controls.ts";
import { EMPLOYEES, EVERYBODY, UNMANAGED } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/**
 * A device that nobody manages is not to stay signed in, or not to get in at all. Guests' devices are managed by their own
 * company, if at all: the demand for a managed device leaves guests to their own part
 * (https://learn.microsoft.com/entra/identity/conditional-access/policy-alt-all-users-compliant-hybrid-or-mfa).
 */
export const devices: Part = ({ settings }) =>
  settings.devices === "managed"
    ? [
        {
          title: "Managed devices only",
          conditions: { users: EMPLOYEES },
          grant: demands("OR", ["compliantDevice", "domainJoinedDevice"]),
        },
      ]
    : [
        {
          title: "Short sessions on unmanaged devices",
          conditions: { users: EVERYBODY, devices: { deviceFilter: UNMANAGED } },
          frequency: signInFrequency(settings.frequency.unmanaged),
        },
      ];
