import { declaredConditionalAccess } from "../../conditional-access/declare.ts";
import type { DeclaredPolicy } from "../../conditional-access/declared.ts";
import { conditionGrid } from "../../conditional-access/grid.ts";
import { lockOutsIn } from "../../conditional-access/lock-out.ts";
import { type Scene, sceneOf } from "../../conditional-access/scene.ts";
import type { Finding } from "../problem.ts";
import type { CheckContext } from "./check.ts";

/**
 * Enforced policies leave every admin role within somebody's reach, shut no deployer out, and touch no break-glass account.
 * Report-only ones shut nobody out; `entrada what-if` warns of what they would do.
 */
export function checkLockOut({ settings, contracts }: CheckContext): Finding[] {
  // Most settings have nothing enforced, and then there is nothing to work out.
  const { policies: declared } = declaredConditionalAccess(settings, contracts);
  if (!declared.some(({ policy }) => policy.state === "enabled")) return [];
  const scene = sceneOf(settings, contracts);
  return lockOutsIn({ ...scene, asIfEnforced: undefined }, conditionGrid(settings), scene).map(
    ({ message, fix, policies }): Finding => ({
      path: placeOf(scene, policies),
      found: message,
      allowed: "policies that leave a way in for one holder of every admin role and for everybody who deploys",
      fix,
    }),
  );
}

/** Where the policy stands that does it; where several do it together, the whole. */
function placeOf({ declared }: Scene, names: readonly string[]): string[] {
  const guilty = declared.filter(({ policy }) => names.includes(policy.displayName));
  const [first, ...others] = guilty;
  if (first === undefined || others.length > 0) return ["conditionalAccess"];
  return ["conditionalAccess", ...placeIn(first)];
}

function placeIn({ key, part }: DeclaredPolicy): string[] {
  return part === undefined ? ["policies", key.replace(/^own-/, "")] : ["baseline", part];
}
