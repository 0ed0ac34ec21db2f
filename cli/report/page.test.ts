import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { accessReport } from "../../model/index.ts";
import { sampleContract, sampleSettings } from "../../model/testing/sample.ts";
import type { ToolContract } from "../../model/tool-contract.ts";
import { type PageContent, reportPage } from "./page.ts";

const now = new Date("2026-11-28T06:00:00Z");
const planted = `"><script>alert(1)</script><img src=x onerror='y'></style>`;

const charts = sampleContract();
const contracts: ToolContract[] = [
  { ...(charts as unknown as ToolContract), displayName: `Charts ${planted}`, remarks: () => [`A remark ${planted}`] },
];

const provenance: PageContent["provenance"] = {
  file: "stacks/Pulumi.sandbox.yaml",
  digest: "ab".repeat(32),
  commit: { hash: "0123456789abcdef0123456789abcdef01234567", date: "2026-11-27T12:00:00Z", changed: false },
};
const rules: PageContent["rules"] = [
  { name: "one", title: planted, what: planted, severity: "high", level: "mandatory", controls: [planted] },
  {
    name: "two",
    title: "Second",
    what: "What.",
    severity: "low",
    level: "advisory",
    controls: [],
    exceptions: [{ resource: planted, owner: "ana.lima@contoso.com", reason: planted, expires: "2027-03-31" }],
  },
];

function pageOf(changes: Record<string, unknown> = {}): string {
  const settings = sampleSettings(
    {
      organization: `Contoso ${planted}`,
      people: {
        "ana.lima": { displayName: `Ana ${planted}` },
        "jon.berg": { displayName: `Jon ${planted}`, enabled: false },
        gil: { displayName: `Gil ${planted}`, guest: true, mail: `gil<script>@fabrikam.com` },
      },
      teams: {
        admins: {
          displayName: `Admins ${planted}`,
          description: planted,
          privileged: true,
          owners: ["ana.lima"],
          members: ["ana.lima", "jon.berg"],
        },
        invited: { owners: ["ana.lima"], members: ["gil"] },
      },
      tools: {
        charts: { image: "contoso.azurecr.io/charts:2.0.0", access: { Owner: ["admins"], Viewer: ["invited"] } },
      },
      ...changes,
    },
    contracts as never,
  );
  return reportPage({ report: accessReport(settings, contracts, now), provenance, rules });
}

describe("the report's page", () => {
  it("runs nothing that stands in names, teams, remarks or rules, and loses none of it", () => {
    const page = pageOf();
    expect(/<script|<img/i.exec(page)).toBeNull();
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    const shown = page.match(/&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;/g) ?? [];
    expect(shown.length).toBeGreaterThan(10);
    for (const name of ["Ana", "Jon", "Gil", "Admins", "A remark"])
      expect(page).toContain(`${name} &quot;&gt;&lt;script`);
  });

  it("lets a browser load nothing but its own style", () => {
    const page = pageOf();
    const [, css = ""] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
    const digest = createHash("sha256").update(css).digest("base64");
    expect(page).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    // No address that a browser would ask, no handler, no style of an element's own.
    expect(/<[a-z][^<>]*\s(on\w+|style|src|srcset|action)=/.exec(page)).toBeNull();
    expect(
      [...page.matchAll(/href="([^"]*)"/g)].map(([, href = ""]) => href).filter((href) => !href.startsWith("#")),
    ).toEqual(["data:,"]);
    expect(css).not.toMatch(/url\(|@import/);
  });

  it("leads every link to a place that is there, once", () => {
    const page = pageOf();
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  it("has one first heading, and no level is left out", () => {
    const levels = [...pageOf().matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, index) => {
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
  });

  it("says of what and of when it is", () => {
    const page = pageOf();
    expect(page).toContain('<time datetime="2026-11-28T06:00:00Z">2026-11-28 06:00 UTC</time>');
    expect(page).toContain("<code>0123456789ab</code> of 2026-11-27 12:00 UTC</dd>");
    expect(page).toContain("ab".repeat(32));
    const { commit, ...unknown } = provenance;
    const settings = sampleSettings({});
    const report = accessReport(settings, [charts as unknown as ToolContract], now);
    expect(reportPage({ report, provenance: unknown, rules })).toContain("the file stands in no git checkout");
    const changed = { ...unknown, commit: { ...(commit as NonNullable<typeof commit>), changed: true } };
    expect(reportPage({ report, provenance: changed, rules })).toContain(
      "with changes to the file that are not committed",
    );
  });

  it("shows rules that stop nothing before it folds the others", () => {
    const page = pageOf();
    expect(page.indexOf("Rules that stop nothing")).toBeLessThan(page.indexOf("1 mandatory rule"));
    expect(page).toContain("1 of 2 rules are mandatory in this environment");
  });

  it("says who may break which rule until when", () => {
    expect(pageOf()).toMatch(/<caption>Exceptions<\/caption>[\s\S]*ana\.lima@contoso\.com[\s\S]*2027-03-31/);
    const settings = sampleSettings({});
    const report = accessReport(settings, [charts as unknown as ToolContract], now);
    expect(reportPage({ report, provenance, rules: rules.slice(0, 1) })).not.toContain("Exceptions");
  });

  it("lists the tools of a row where there are too many for columns", () => {
    const many = Array.from({ length: 9 }, (_, index) => sampleContract(`tool-${index}`));
    const tools = Object.fromEntries(
      many.map(({ id }) => [id, { image: `contoso.azurecr.io/${id}:2.0.0`, access: { Owner: ["admins"] } }]),
    );
    const settings = sampleSettings({ tools }, many);
    const report = accessReport(settings, many as never, now);
    const page = reportPage({ report, provenance, rules });
    expect(page).toContain('<th scope="col">Access</th>');
    expect(page).not.toContain('<th scope="col">tool-3</th>');
    expect(page.match(/<div class="tool"><span>tool-\d<\/span>/g)).toHaveLength(9);
  });

  it("is the same for the same settings and moment", () => {
    expect(pageOf()).toBe(pageOf());
  });
});
