import { declaredTools } from "../../declared-tools.ts";
import type { Finding } from "../problem.ts";
import { durationSeconds } from "../tool.ts";
import type { CheckContext } from "./check.ts";
import { imageFindings } from "./images.ts";

/** The proxy is there when a tool stands behind it, on an image of the one registry, and asks Entra again in time. */
export function checkProxy(context: CheckContext): Finding[] {
  const { settings, contracts, sound } = context;
  const behind = declaredTools(settings, contracts).filter(({ contract, tool }) => contract.proxied?.(tool) === true);
  const findings: Finding[] = [];
  if (behind.length > 0 && settings.proxy === undefined && sound("proxy")) {
    findings.push({
      path: ["proxy"],
      found: "nothing",
      allowed: `the settings of the identity-aware proxy, behind which ${behind.map(({ id }) => id).join(", ")} stands`,
      fix: "Add proxy with its image and its Redis server.",
    });
  }
  const { maximum, revocation } = settings.sessions;
  if (durationSeconds(revocation) > durationSeconds(maximum) && sound("sessions")) {
    findings.push({
      path: ["sessions", "revocation"],
      found: `"${revocation}"`,
      allowed: `at most ${maximum}, as sessions.maximum says`,
      fix: "Lower revocation, or raise maximum.",
    });
  }
  return [...findings, ...(settings.proxy === undefined ? [] : imageFindings(context, settings.proxy, ["proxy"]))];
}
