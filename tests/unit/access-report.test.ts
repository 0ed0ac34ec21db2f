import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { writeReport } from "../../cli/commands/access-report.ts";
import { Refusal, WrongUse } from "../../cli/output.ts";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { contracts } from "../../components/tools/registry.ts";
import { accessReport } from "../../model/index.ts";

const now = new Date("2026-11-28T06:00:00Z");
const reportOf = (stack: string) => accessReport(loadSettings(stackFile(stack)), contracts, now);

describe("the sample company's access review", () => {
  const report = reportOf("sandbox");
  const names = (groups: readonly { readonly people: readonly { readonly id: string }[] }[]) =>
    groups.map(({ people }) => people.map(({ id }) => id));

  it("counts its people", () => {
    expect(report.numbers).toEqual({
      people: 16,
      peopleWithAccess: 12,
      privilegedPeople: 2,
      disabled: 2,
      guests: 1,
      guestsWithAccess: 1,
      partnerPeople: 3,
      partnerPeopleWithAccess: 1,
      tools: 6,
      teams: 7,
    });
  });

  it("has every person once, the partner's too", () => {
    const groups = [
      ...report.people,
      ...report.guests,
      ...report.partners.flatMap(({ people }) => people),
      ...report.without,
    ];
    const everybody = names(groups).flat();
    expect(everybody).toHaveLength(16 + 3);
    expect(new Set(everybody).size).toBe(everybody.length);
  });

  it("names the administrators, and who is closed out though others might expect otherwise", () => {
    expect(new Set(report.privileged.map(({ tool }) => tool)).size).toBe(report.privileged.length);
    for (const { holders } of report.privileged)
      expect(holders.map(({ person }) => person.id)).toEqual(["ana.lima", "jon.berg"]);
    expect(names(report.closed)).toEqual([["zoe.martin"], ["mira.holt"]]);
    expect(names(report.guests)).toEqual([["mira.holt"]]);
    expect(names(report.partners.flatMap(({ people }) => people))).toEqual([["kai.larsen@acme"]]);
    expect(report.attention[0]?.text).toContain("Eva Lindqvist (analysts)");
  });

  it("knows the one tool with a secret, and the secrets that partners handed over", () => {
    expect(report.credentials.withSecret).toEqual(["metabase"]);
    expect(report.credentials.secretless).toHaveLength(5);
    expect(report.credentials.partnerSecrets.map(({ name }) => name)).toContain("acme-superset-client-secret");
    expect(report.tools.find(({ id }) => id === "airflow")?.programRoles).toMatchObject([{ value: "trigger-Op" }]);
  });

  it("says of prod that policies only report, and of whom it knows nothing", () => {
    const prod = reportOf("prod");
    expect(prod.conditionalAccess).toMatchObject({ enforced: 0, reportOnly: 10 });
    expect(report.conditionalAccess).toMatchObject({ enforced: 13, reportOnly: 0 });
    expect(prod.unknown.map(({ key }) => key)).toEqual(["analysts", "product", "sales"]);
    expect(prod.knowsPeople).toBe(false);
  });
});

describe("entrada access --html and --csv", () => {
  const folder = mkdtempSync(join(tmpdir(), "entrada-report-"));
  const settings = loadSettings(stackFile("sandbox"));
  const written: string[] = [];
  const write = (files: { html?: string; csv?: string }) => writeReport(settings, stackFile("sandbox"), files, now);

  beforeAll(() => {
    vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterAll(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  it("write the page and the table of the same name, for their owner alone", () => {
    const html = join(folder, "new", "review.html");
    write({ html });
    expect(readdirSync(join(folder, "new")).sort()).toEqual(["review.csv", "review.html"]);
    expect(readFileSync(html, "utf8")).toMatch(/^<!doctype html>[\s\S]*stacks\/Pulumi\.sandbox\.yaml/);
    expect(readFileSync(join(folder, "new", "review.csv"), "utf8")).toContain("ana.lima@contoso.com");
    expect(statSync(html).mode & 0o077).toBe(0);
    expect(written.join("")).toContain(`Wrote ${html}\n`);
  });

  it("write the table alone, or where it is to stand", () => {
    write({ csv: join(folder, "alone.csv") });
    write({ html: join(folder, "page"), csv: join(folder, "elsewhere.csv") });
    expect(readdirSync(folder).sort()).toEqual(["alone.csv", "elsewhere.csv", "new", "page"]);
  });

  it("write the same bytes for the same settings and moment", () => {
    const [one, two] = ["one", "two"].map((name) => join(folder, `${name}.html`));
    write({ html: one });
    write({ html: two });
    expect(readFileSync(one ?? "", "utf8")).toBe(readFileSync(two ?? "", "utf8"));
  });

  it("refuse one file for both, and say where nothing can be written", () => {
    const same = join(folder, "x.csv");
    expect(() => write({ html: same, csv: same })).toThrow(WrongUse);
    writeFileSync(join(folder, "file"), "");
    expect(() => write({ csv: join(folder, "file", "x.csv") })).toThrow(Refusal);
    expect(() => write({ csv: join(folder, "file", "x.csv") })).toThrow("cannot be written");
  });
});
