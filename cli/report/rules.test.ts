import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { rules } from "../../policies/rules.ts";
import { loadSettings, stackFile } from "../project.ts";
import { exceptionsOf, levelOf, ruleStandings } from "./rules.ts";

describe("the rules' standing", () => {
  it("has every rule of the pack, at the level that the settings give it", () => {
    const standings = ruleStandings(loadSettings(stackFile("prod")));
    expect(standings.map(({ name }) => name)).toEqual(rules.map(({ text }) => text.name));
    expect(standings.every(({ level }) => level === "mandatory")).toBe(true);
    expect(standings.flatMap(({ controls }) => controls)).toContain("SOC 2: CC6.1");
  });

  it("has the stack's exceptions with their rules", () => {
    const folder = mkdtempSync(join(tmpdir(), "entrada-exceptions-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "exceptions.yaml");
    const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const entry = (stack: string) => ({
      rule: "redis-closed",
      resource: `urn:pulumi:${stack}::entrada::azure-native:redisenterprise:Database::cache-database`,
      owner: "ana.lima@contoso.com",
      reason: "Celery's broker knows keys only.",
      expires,
    });
    writeFileSync(file, stringify({ production: ["prod"], exceptions: [entry("staging"), entry("dev")] }));
    const standings = ruleStandings(loadSettings(stackFile("staging")), exceptionsOf("staging", file));
    const excepted = standings.filter(({ exceptions = [] }) => exceptions.length > 0);
    expect(excepted.map(({ name, exceptions }) => [name, exceptions])).toEqual([["redis-closed", [entry("staging")]]]);
    writeFileSync(file, stringify({ production: ["prod"], exceptions: [{ ...entry("staging"), owner: "" }] }));
    expect(() => exceptionsOf("staging", file)).toThrow(/is not right:\n {2}- .*owner/);
  });

  it("reads a rule's own level, then that of all, then the pack's", () => {
    const rule = { text: { name: "one" }, policy: { enforcementLevel: "mandatory" } } as Parameters<typeof levelOf>[0];
    expect(levelOf(rule, {})).toBe("mandatory");
    expect(levelOf(rule, { all: "advisory" })).toBe("advisory");
    expect(levelOf(rule, { all: "advisory", one: "disabled" })).toBe("disabled");
    expect(levelOf(rule, { all: "advisory", one: { enforcementLevel: "remediate" } })).toBe("remediate");
    expect(levelOf(rule, { all: "advisory", one: { maxDays: 3 } })).toBe("advisory");
  });
});
