import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { contracts } from "../../components/tools/registry.ts";
import {
  BREAK_GLASS,
  BUILT_IN_STRENGTHS,
  type ConditionalAccessPolicy,
  declaredConditionalAccess,
  declaredTools,
  directoryPeople,
  parseSettings,
  readReference,
  type Settings,
  settingsFromConfig,
} from "../../model/index.ts";

/** A stack's settings. */
function read(stack: string): Settings {
  const file = join(import.meta.dirname, `../../stacks/Pulumi.${stack}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  const text = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const parsed = parseSettings(settingsFromConfig(Object.fromEntries(text)), contracts);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, undefined, 2));
  return parsed.settings;
}

/** Every id and word by which a policy names something. */
function names({ conditions, grantControls }: ConditionalAccessPolicy): string[] {
  const { users, applications, locations } = conditions;
  return [
    ...(users?.includeUsers ?? []),
    ...(users?.excludeUsers ?? []),
    ...(users?.includeGroups ?? []),
    ...(users?.excludeGroups ?? []),
    ...(users?.includeRoles ?? []),
    ...(users?.excludeRoles ?? []),
    ...applications.includeApplications,
    ...applications.excludeApplications,
    ...(locations?.includeLocations ?? []),
    ...(locations?.excludeLocations ?? []),
    ...(grantControls?.authenticationStrength ? [grantControls.authenticationStrength.id] : []),
  ];
}

describe.each(["sandbox", "dev", "staging", "prod"])("the policies of the stack %s", (stack) => {
  const settings = read(stack);
  const declared = declaredConditionalAccess(settings, contracts);

  it("all leave the break-glass group out, which holds at least two accounts", () => {
    expect(declared.policies.length).toBeGreaterThan(8);
    for (const { policy } of declared.policies) expect(policy.conditions.users?.excludeGroups).toContain(BREAK_GLASS);
    expect(settings.conditionalAccess.breakGlass.length).toBeGreaterThanOrEqual(2);
  });

  it("name nothing but what the stack makes, Entra's own words and Microsoft's own ids", () => {
    const known = {
      team: [...Object.keys(settings.teams), readReference(BREAK_GLASS)?.key],
      tool: declaredTools(settings, contracts).map(({ id }) => id),
      person: directoryPeople(settings).map(({ id }) => id),
      location: declared.locations.map(({ key }) => key),
      strength: declared.strengths.map(({ key }) => key),
    };
    const literals = [
      "All",
      "AllTrusted",
      "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
      ...Object.values(BUILT_IN_STRENGTHS),
    ];
    for (const name of declared.policies.flatMap(({ policy }) => names(policy))) {
      const found = readReference(name);
      if (found === undefined) expect(literals).toContain(name);
      else expect(known[found.kind]).toContain(found.key);
    }
  });

  it("reach every tool of the stack, and no other application", () => {
    const targets = declaredTools(settings, contracts).map(
      ({ id, contract }) => contract.conditionalAccessTarget ?? `tool:${id}`,
    );
    for (const { policy } of declared.policies) {
      expect(policy.conditions.applications.includeApplications).toEqual(targets);
    }
  });
});

describe("the stacks' states", () => {
  const states = (stack: string) => {
    const { policies } = declaredConditionalAccess(read(stack), contracts);
    return new Set(policies.map(({ policy }) => policy.state));
  };

  it("are enforced in the sandbox and in dev, and report-only at prod's first deployment", () => {
    expect(states("sandbox")).toEqual(new Set(["enabled"]));
    expect(states("dev")).toEqual(new Set(["enabled"]));
    expect(states("staging")).toEqual(new Set(["enabled", "enabledForReportingButNotEnforced"]));
    expect(states("prod")).toEqual(new Set(["enabledForReportingButNotEnforced"]));
  });

  it("let everybody of the sandbox's company work from home", () => {
    const settings = read("sandbox");
    const { countries } = settings.conditionalAccess;
    const codes = new Intl.DisplayNames(["en"], { type: "region" });
    const named = countries.map((code) => codes.of(code));
    for (const { country } of Object.values(settings.people))
      if (country !== undefined) expect(named).toContain(country);
  });
});
