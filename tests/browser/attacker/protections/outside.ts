import type { Target } from "../targets.ts";
import type { Protection } from "./protection.ts";

/** Lines of the route, and of the registration in Entra: alike for all tools. */
export function outside(target: Target["id"], route: string): Protection[] {
  const place = `HTTPRoute ${route}`;
  const identity =
    target === "reports"
      ? ["identity headers without a sign-in", "identity headers beside one's own session"]
      : ["forged X-Forwarded-Prefix"];
  return [
    { target, place, line: "requestHeaderModifier.set: X-Forwarded-Host", holds: ["forged X-Forwarded-Host"] },
    {
      target,
      place,
      line: "requestHeaderModifier.set: X-Forwarded-Proto",
      holds: ["forged X-Forwarded-Proto", "http behind the gateway"],
    },
    { target, place, line: "requestHeaderModifier.remove", holds: identity },
    {
      target,
      place,
      line: "responseHeaderModifier.set: Strict-Transport-Security",
      holds: ["http before the gateway (no HSTS)"],
    },
    { target, place: "registration", line: "web.redirectUris", holds: ["redirect URI of the attacker's"] },
    { target, place: "registration", line: "federatedIdentityCredentials[].subject", holds: ["another pod's token"] },
  ];
}
