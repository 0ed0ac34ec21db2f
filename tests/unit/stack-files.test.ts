import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { contracts } from "../../components/tools/registry.ts";
import {
  type AccessMatrix,
  accessMatrix,
  parseSettings,
  type Settings,
  settingsFromConfig,
} from "../../model/index.ts";

const folder = join(import.meta.dirname, "../../stacks");
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

/** A stack file's settings, read the way the program gets them: as text, objects as JSON. */
function read(file: string): Settings {
  const { config } = parse(readFileSync(join(folder, file), "utf8")) as { config: Record<string, unknown> };
  const text = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const parsed = parseSettings(settingsFromConfig(Object.fromEntries(text) as Record<string, string>), contracts);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, undefined, 2));
  return parsed.settings;
}

describe("the stack files", () => {
  it("are there for every environment", () => {
    expect(files.toSorted()).toEqual([
      "Pulumi.dev.yaml",
      "Pulumi.prod.yaml",
      "Pulumi.sandbox.yaml",
      "Pulumi.staging.yaml",
    ]);
  });

  it.each(files)("%s parses, and names its environment", (file) => {
    expect(`Pulumi.${read(file).environment}.yaml`).toBe(file);
  });

  it.each(files)("%s names the schema for editors in its first line and forbids default providers", (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./settings.schema.json");
    expect((parse(text) as { config: Record<string, unknown> }).config["pulumi:disable-default-providers"]).toEqual([
      "*",
    ]);
  });

  it("keep people in the sandbox, and pin prod's images by digest", () => {
    for (const file of files) expect(Object.keys(read(file).people).length > 0).toBe(file === "Pulumi.sandbox.yaml");
    expect(read("Pulumi.prod.yaml").tools.superset).toMatchObject({ image: expect.stringContaining("@sha256:") });
  });
});

describe("the sandbox's company", () => {
  const settings = read("Pulumi.sandbox.yaml");
  const matrix = accessMatrix(settings, contracts);
  const roles = (id: string, tool = "superset") =>
    person(matrix, id)
      .access.filter((entry) => entry.tool === tool)
      .map(({ role, via }) => `${role} via ${via.join(", ")}`);
  const reasons = (id: string, tool = "superset") =>
    person(matrix, id)
      .denied.filter((entry) => entry.tool === tool)
      .map(({ reason }) => reason);

  it("has at least twelve people in at least six teams", () => {
    expect(matrix.people.length).toBeGreaterThanOrEqual(12);
    expect(Object.keys(settings.teams).length).toBeGreaterThanOrEqual(6);
  });

  it("gives each kind of person the roles that their teams hold", () => {
    expect(roles("ana.lima")).toEqual(["Admin via bi-admins"]);
    expect(roles("jon.berg")).toEqual(["Admin via bi-admins", "Alpha via analysts"]);
    expect(roles("mei.tanaka")).toEqual(["Alpha via analysts"]);
    expect(roles("sofia.rossi")).toEqual(["sales-reader via sales"]);
    expect(roles("tomas.novak")).toEqual(["operations-reader via operators"]);
    expect(roles("noah.fischer")).toEqual(["Gamma via product"]);
  });

  it("lets the partner's guest in, with a guest's user principal name", () => {
    expect(roles("mira.holt")).toEqual(["partner-reader via partners"]);
    expect(person(matrix, "mira.holt")).toMatchObject({
      guest: true,
      upn: "mira.holt_fabrikam.com#EXT#@contoso.onmicrosoft.com",
    });
  });

  it("keeps out whom Entra keeps out, and says why", () => {
    expect(reasons("zoe.martin")).toEqual([
      "member of interns, which is nested in analysts: Entra assigns app roles to direct members only",
    ]);
    expect(reasons("eva.lindqvist")).toEqual(["account is disabled"]);
    expect(reasons("pavel.orlov")).toEqual(["not in any team with a role in Superset"]);
    expect(reasons("breakglass-1")).toEqual(["break-glass account: holds no role in any tool"]);
    expect(reasons("breakglass-2")).toEqual(["break-glass account: holds no role in any tool"]);
    for (const id of ["eva.lindqvist", "pavel.orlov", "breakglass-1"]) expect(person(matrix, id).access).toEqual([]);
  });

  it("opens every tool to somebody and no tool to everybody", () => {
    const ids = matrix.tools.map(({ id }) => id);
    expect(ids).toEqual(["airflow", "reports", "databricks", "metabase", "openmetadata", "superset"]);
    for (const id of ids) {
      const inside = matrix.people.filter(({ access }) => access.some(({ tool }) => tool === id));
      expect([id, inside.length > 2, inside.length < matrix.people.length]).toEqual([id, true, true]);
    }
  });

  it("never lets an operator administer Airflow, and counts nested teams in Databricks alone", () => {
    expect(roles("priya.nair", "airflow")).toEqual(["Op via operators"]);
    expect(roles("zoe.martin", "databricks")).toEqual(["analyst via analysts"]);
    expect(person(matrix, "zoe.martin").access).toHaveLength(1);
  });

  it("knows the partner's people apart from its own", () => {
    expect(roles("kai.larsen@acme")).toEqual(["partner-reader via contoso-dashboards"]);
    expect(roles("kai.larsen@acme", "reports")).toEqual(["Reader via contoso-reports"]);
    expect(person(matrix, "lena.roth@acme").access).toEqual([]);
    expect(person(matrix, "ivo.brandt@acme")).toMatchObject({ enabled: false, access: [], partner: "acme" });
  });
});

describe("prod's access", () => {
  it("lists whom the teams name, and says where only Entra knows the members", () => {
    const matrix = accessMatrix(read("Pulumi.prod.yaml"), contracts);
    expect(person(matrix, "ana.lima")).toMatchObject({
      upn: "ana.lima@contoso.com",
      access: [{ tool: "superset", role: "Admin", via: ["bi-admins"] }],
      denied: [],
    });
    expect(person(matrix, "clara.dubois").denied).toEqual([
      {
        tool: "superset",
        reason: "not in any team with a role in Superset by name; only Entra knows who is in analysts, product, sales",
      },
    ]);
  });
});

function person(matrix: AccessMatrix, id: string) {
  const found = matrix.people.find((known) => known.id === id);
  if (found === undefined) throw new Error(`nobody called ${id}`);
  return found;
}
