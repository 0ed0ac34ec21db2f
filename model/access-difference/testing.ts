import type { AccessDifference } from "./difference.ts";

/** What two sides with the same access differ in. */
export const NO_DIFFERENCE: AccessDifference = {
  gained: [],
  lost: [],
  groups: { gained: [], lost: [] },
  via: [],
  owners: { gained: [], lost: [] },
  tools: { added: [], removed: [], renamed: [] },
  teams: { added: [], removed: [], renamed: [] },
  people: { added: [], removed: [], enabled: [], disabled: [] },
};
