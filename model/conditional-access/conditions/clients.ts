import type { Answer, Test } from "../answer.ts";
import type { ClientAppType } from "../policy.ts";
import type { SignInConditions } from "../sign-in.ts";

/** Platforms on which Exchange ActiveSync counts as supported (the section "Client apps" of Microsoft's page on conditions). */
const EAS_PLATFORMS: ReadonlySet<string> = new Set(["android", "iOS", "windows"]);

/**
 * The kind of client app (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions#client-apps).
 * `exchangeActiveSync` takes every client of that protocol, `easSupported` those on platforms that support policies
 * (https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset).
 *
 * @returns undefined where the policy takes every client
 */
export function clientCondition(types: readonly ClientAppType[]): Test | undefined {
  if (types.length === 0 || types.includes("all")) return undefined;
  const wanted: ReadonlySet<string> = new Set(types);
  return ({ conditions }) => {
    const { clientAppType } = conditions;
    if (clientAppType === undefined) return "unknown";
    if (wanted.has(clientAppType)) return true;
    if (clientAppType === "easSupported") return wanted.has("exchangeActiveSync");
    return clientAppType === "exchangeActiveSync" && wanted.has("easSupported") && onSupportedPlatform(conditions);
  };
}

function onSupportedPlatform({ devicePlatform }: SignInConditions): Answer {
  if (devicePlatform === undefined) return "unknown";
  return devicePlatform !== null && EAS_PLATFORMS.has(devicePlatform);
}
