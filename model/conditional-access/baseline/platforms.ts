import { BLOCK } from "../grant-controls.ts";
import { EVERYBODY } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/**
 * Scripts rarely say an operating system. The client says it and may lie, so this stops the careless alone, and no other part
 * relies on it (https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-device-unknown-unsupported).
 */
export const platforms: Part = () => [
  {
    title: "Unknown operating systems blocked",
    conditions: {
      users: EVERYBODY,
      platforms: { includePlatforms: ["all"], excludePlatforms: ["android", "iOS", "windows", "macOS", "linux"] },
    },
    grant: BLOCK,
  },
];
