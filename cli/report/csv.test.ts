import { describe, expect, it } from "vitest";
import { accessMatrix, accessReport } from "../../model/index.ts";
import { sampleContract, sampleSettings } from "../../model/testing/sample.ts";
import { accessCsv, cell } from "./csv.ts";

const contracts = [sampleContract()];
const now = new Date("2026-11-28T06:00:00Z");

function csvOf(changes: Record<string, unknown>): string {
  const settings = sampleSettings(changes, contracts);
  return accessCsv(accessMatrix(settings, contracts), accessReport(settings, contracts, now));
}

/** A reader of RFC 4180, as strict as the text of it. */
function parse(csv: string): string[][] {
  const rows: string[][] = [];
  const token = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let row: string[] = [];
  while (token.lastIndex < csv.length) {
    const found = token.exec(csv);
    if (found === null) throw new Error("No CSV.");
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] === "\r\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe("the table beside the page", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\tx"],
    ["＝1", "'＝1"],
    ['=HYPERLINK("https://evil.example","x")', `"'=HYPERLINK(""https://evil.example"",""x"")"`],
    ['say "a", b', '"say ""a"", b"'],
    ["two\r\nlines", '"two\r\nlines"'],
    ["a=b", "a=b"],
    ["", ""],
  ])("makes text of %j", (text, written) => {
    expect(cell(text)).toBe(written);
  });

  it("has a row for each role and for each closed tool, with its mark for UTF-8 and with CRLF", () => {
    const csv = csvOf({
      people: {
        "ana.lima": { displayName: "Ana Lima" },
        "zoe.martin": { displayName: '=cmd|"x"!A1, Zoé' },
        "eva.lindqvist": { displayName: "Eva", enabled: false },
      },
      teams: { admins: { privileged: true, owners: ["ana.lima"], members: ["ana.lima"] } },
    });
    expect(csv.startsWith("\uFEFFperson,name,")).toBe(true);
    expect(csv.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    const [headings, ...rows] = parse(csv.slice(1));
    expect(headings).toHaveLength(10);
    expect(rows).toEqual([
      ["ana.lima", "Ana Lima", "ana.lima@contoso.com", "member", "enabled", "charts", "Owner", "yes", "admins", ""],
      [
        "zoe.martin",
        `'=cmd|"x"!A1, Zoé`,
        "zoe.martin@contoso.com",
        "member",
        "enabled",
        "charts",
        "",
        "",
        "",
        "not in any team with a role in Charts",
      ],
      [
        "eva.lindqvist",
        "Eva",
        "eva.lindqvist@contoso.com",
        "member",
        "disabled",
        "charts",
        "",
        "",
        "",
        "account is disabled",
      ],
    ]);
  });

  it("has a row for each role that goes to people whom only Entra knows", () => {
    const image = `contoso.azurecr.io/charts:2.0.0@sha256:${"a".repeat(64)}`;
    const csv = csvOf({
      environment: "prod",
      people: undefined,
      teams: { sales: { existing: "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55" } },
      tools: { charts: { image, access: { Viewer: ["sales"] } } },
    });
    expect(parse(csv.slice(1)).slice(1)).toEqual([
      ["", "whoever is in sales", "", "members not known", "not known", "charts", "Viewer", "no", "sales", ""],
    ]);
  });
});
