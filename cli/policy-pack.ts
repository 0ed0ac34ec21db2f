import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { databricksContract } from "../components/tools/databricks/contract.ts";
import { openMetadataContract } from "../components/tools/openmetadata/contract.ts";
import { contracts } from "../components/tools/registry.ts";
import { declaredTools, durationSeconds, roleId, type Settings, toolSettings } from "../model/index.ts";
import type { DeployedConditionalAccess } from "../policies/conditional-access/facts.ts";
import { type AdminFacts, type PolicyFacts, policyConfig } from "../policies/config.ts";
import { clock } from "../policies/core/clock.ts";
import { isExpired, stackOf } from "../policies/exceptions/exception.ts";
import { EXCEPTIONS_FILE, readExceptions } from "../policies/exceptions/read.ts";
import { rules } from "../policies/rules.ts";
import type { PolicyPack } from "../sandbox/engine/operations.ts";
import type { SandboxLayout } from "../sandbox/layout.ts";
import { conditionalAccessFacts, deployedConditionalAccess } from "./conditional-access-facts.ts";
import { Refusal } from "./output.ts";
import { projectRoot } from "./project.ts";

/**
 * What the rules need to know of an environment.
 * @param deployed what of Conditional Access the stack's last state holds; undefined where nobody has looked
 */
export function policyFacts(settings: Settings, deployed?: DeployedConditionalAccess): PolicyFacts {
  const { environment, domain, registry, secrets, tenantId, sessions, cluster } = settings;
  return {
    environment,
    domains: [domain],
    registries: [registry],
    maxSecretDays: secrets.lifetimeDays,
    tenantId,
    admin: adminFacts(settings),
    groups: existingGroups(settings),
    sessions: { maximum: durationSeconds(sessions.maximum), revocation: durationSeconds(sessions.revocation) },
    ...(cluster.egress === "names" ? {} : { addressesReason: cluster.egress.addresses }),
    ...toolFacts(settings),
    vaultLogs: settings.platform !== undefined,
    conditionalAccess: { ...conditionalAccessFacts(settings), ...(deployed === undefined ? {} : { deployed }) },
  };
}

/** The admin roles, as the tools' contracts mark them. */
function adminFacts(settings: Settings): AdminFacts {
  const roleIds: string[] = [];
  const roleNames: Record<string, string[]> = {};
  for (const { id, contract, tool } of declaredTools(settings, contracts)) {
    const roles = contract.roles(tool);
    const admin = roles.filter((role) => role.admin);
    // What another role gives as well, such as the right to open the workspace, makes nobody an administrator.
    const ordinary = new Set(roles.filter((role) => !role.admin).flatMap(({ toolRoles }) => toolRoles));
    const names = admin.flatMap(({ value, toolRoles }) => [value, ...toolRoles.filter((name) => !ordinary.has(name))]);
    roleIds.push(...admin.map(({ value }) => roleId(id, value)));
    roleNames[tool.namespace] = [...new Set(names)];
  }
  return { roleIds, roleNames };
}

function existingGroups({ teams }: Settings): NonNullable<PolicyFacts["groups"]> {
  const existing = Object.values(teams).flatMap(({ existing: id, privileged }) =>
    id === undefined ? [] : [{ id, privileged }],
  );
  return {
    privileged: existing.filter(({ privileged }) => privileged).map(({ id }) => id),
    ordinary: existing.filter(({ privileged }) => !privileged).map(({ id }) => id),
  };
}

/** What single tools' settings say to the rules. */
function toolFacts(settings: Settings): Pick<PolicyFacts, "openMetadataReason" | "deployerAddresses"> {
  const proxy = toolSettings(settings, openMetadataContract)?.proxy;
  return {
    ...(typeof proxy === "object" ? { openMetadataReason: proxy.off } : {}),
    deployerAddresses: toolSettings(settings, databricksContract)?.deployerIps ?? [],
  };
}

/**
 * Refuses to go on with exceptions that the pack would refuse at the end of the run.
 * @param file of the exceptions; by default the project's own
 */
export function checkExceptions(stack: string, file = join(projectRoot, "policies", EXCEPTIONS_FILE)): void {
  const { exceptions, problems } = readExceptions(
    file,
    rules.map(({ text }) => text),
  );
  const expired = exceptions
    .filter((one) => stackOf(one.resource) === stack && isExpired(one, clock.now()))
    .map(
      ({ rule, owner, expires }) =>
        `The exception from ${rule} (${owner}) expired on ${expires}: take it out, or renew it.`,
    );
  if (problems.length + expired.length === 0) return;
  throw new Refusal([`policies/${EXCEPTIONS_FILE} is not right:`, ...problems, ...expired].join("\n  "));
}

/** The pack with the settings that its rules need to know, in a file as `--policy-pack-config` takes it. */
export function policyPack(layout: SandboxLayout, settings: Settings, stack: string): PolicyPack {
  checkExceptions(stack);
  const configFile = join(layout.run, "policies.json");
  const facts = policyFacts(settings, deployedConditionalAccess(layout, stack, settings));
  writeFileSync(configFile, JSON.stringify(policyConfig(facts)), { mode: 0o600 });
  return { folder: join(projectRoot, "policies"), configFile };
}
