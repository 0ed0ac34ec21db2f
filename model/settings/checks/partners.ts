import { declaredTools } from "../../declared-tools.ts";
import type { Finding } from "../problem.ts";
import { listed, suggestion } from "../suggest.ts";
import type { CheckContext } from "./check.ts";

/** Names of providers and accounts that tools know already; a partner of such a key would be taken for them. */
const RESERVED = ["azure", "application", "entra"];

/** Partners reach declared tools that can take them, in roles that administer nothing; their people stand in sandboxes only. */
export function checkPartners(context: CheckContext): Finding[] {
  const { settings, sound } = context;
  const issuers = new Map<string, string>();
  return Object.entries(settings.partners).flatMap(([key, partner]) => {
    const findings: Finding[] = [];
    const other = issuers.get(partner.issuer);
    if (other === undefined) issuers.set(partner.issuer, key);
    else {
      findings.push({
        path: ["partners", key, "issuer"],
        found: `"${partner.issuer}", which ${other} has`,
        allowed: "an issuer of its own for every partner",
        fix: `Correct it here or of ${other}, or make the two one partner.`,
      });
    }
    if (RESERVED.includes(key)) {
      findings.push({
        path: ["partners", key],
        found: `the key "${key}", which tools use for Entra and for programs`,
        allowed: `a key other than ${RESERVED.join(", ")}`,
        fix: "Name the partner by its company.",
      });
    }
    if (/^https:\/\/(login\.microsoftonline\.com|sts\.windows\.net)(\/|$)/.test(partner.issuer)) {
      findings.push({
        path: ["partners", key, "issuer"],
        found: `"${partner.issuer}", an Entra tenant`,
        allowed: "a provider other than Entra",
        fix: "Invite people of another Entra tenant as guests, and give their team access.",
      });
    }
    if (Object.keys(partner.people).length > 0 && settings.environment !== "sandbox" && sound("environment")) {
      findings.push({
        path: ["partners", key, "people"],
        found: `people in the environment "${settings.environment}"`,
        allowed: "people in the environment sandbox only",
        fix: "Remove people: the partner's people are in the partner's directory.",
      });
    }
    return [...findings, ...toolFindings(context, key)];
  });
}

function toolFindings({ settings, contracts }: CheckContext, key: string): Finding[] {
  const declared = declaredTools(settings, contracts);
  const open = declared.filter(({ contract, tool }) => contract.partners === true || contract.proxied?.(tool) === true);
  return Object.entries(settings.partners[key]?.tools ?? {}).flatMap(([id, { access }]): Finding[] => {
    const path = ["partners", key, "tools", id];
    const found = open.find((entry) => entry.id === id);
    if (found === undefined) {
      const ids = open.map((entry) => entry.id);
      const why = declared.some((entry) => entry.id === id)
        ? `${id}, which knows no identity provider but Entra`
        : `the tool "${id}", which this environment does not have`;
      const fix = suggestion(id, ids, "Remove it here.");
      return [{ path, found: why, allowed: `the tools ${listed(ids)}`, fix }];
    }
    const roles = found.contract.roles(found.tool).filter(({ holders = ["User"] }) => holders.includes("User"));
    const allowed = roles.filter(({ admin }) => !admin).map(({ value }) => value);
    return Object.keys(access).flatMap((value): Finding[] => {
      const role = roles.find((offered) => offered.value === value);
      if (role !== undefined && !role.admin) return [];
      const what = role === undefined ? `the role "${value}"` : `the admin role ${value}`;
      const fix =
        role === undefined
          ? suggestion(value, allowed, "Use one of these roles, or remove it.")
          : "Give the partner another role: who administers a tool belongs to this company's directory.";
      return [{ path: [...path, "access", value], found: what, allowed: `the roles ${listed(allowed)}`, fix }];
    });
  });
}
