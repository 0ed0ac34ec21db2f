import { checkAccess } from "./access.ts";
import { checkBreakGlass } from "./break-glass.ts";
import type { Check } from "./check.ts";
import { checkConditionalAccess } from "./conditional-access.ts";
import { checkNesting } from "./nesting.ts";
import { checkPartners } from "./partners.ts";
import { checkPeople } from "./people.ts";
import { checkPlatform } from "./platform.ts";
import { checkProxy } from "./proxy.ts";
import { checkTeams } from "./teams.ts";
import { checkTools } from "./tools.ts";
import { checkVault } from "./vault.ts";

/** Every rule that spans several keys. */
export const checks: readonly Check[] = [
  checkPeople,
  checkTeams,
  checkNesting,
  checkAccess,
  checkTools,
  checkProxy,
  checkPartners,
  checkBreakGlass,
  checkConditionalAccess,
  checkVault,
  checkPlatform,
];
