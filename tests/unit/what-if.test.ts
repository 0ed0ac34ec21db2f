import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type WhatIfOptions, whatIfCommand } from "../../cli/commands/what-if.ts";
import { projectRoot, stackFile } from "../../cli/project.ts";
import { gitIn, printedBy, problemsOfUse } from "./checkout.ts";

/** A checkout of its own: `main` with the sample company, and branches that change its sign-ins. */
let root: string;
const git = (...args: string[]) => gitIn(root, ...args);
const sample = readFileSync(stackFile("sandbox"), "utf8");
const stack = () => join(root, "stacks", "Pulumi.sandbox.yaml");

function branch(name: string, change: (text: string) => string): void {
  git("checkout", "-q", "-b", name, "main");
  const text = change(sample);
  if (text === sample) throw new Error(`${name} changes nothing.`);
  writeFileSync(stack(), text);
  git("commit", "-qam", name);
  git("checkout", "-q", "main");
}

const STATE = "    state: enforced\n";
const withBaseline = (part: string) => (text: string) =>
  text.replace(STATE, `${STATE}    baseline: { ${part}: { state: "off", reason: Fabrikam sees to it } }\n`);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-what-if-"));
  mkdirSync(join(root, "stacks"));
  copyFileSync(stackFile("sandbox"), stack());
  execFileSync("git", ["init", "-q", "-b", "main"], { cwd: root });
  git("add", ".");
  git("commit", "-qm", "Start");
  branch("no-mfa-for-guests", withBaseline("guests"));
  branch("keyless", (text) => text.replaceAll("methods: [fido2, authenticator]", "methods: [authenticator]"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

const run = (options: Partial<WhatIfOptions>) => printedBy(() => whatIfCommand({ stack: "sandbox", ...options }, root));
const problemsOf = (options: Partial<WhatIfOptions>) =>
  problemsOfUse(() => whatIfCommand({ stack: "sandbox", ...options }, root));

describe("a branch that removes MFA for guests", () => {
  const GUESTS = "Contoso sandbox - Multifactor authentication and short sessions for guests";

  it("is told as a table that names exactly the people and tools that change", () => {
    const { text, code } = run({ compare: "main..no-mfa-for-guests" });
    const [head, ...rest] = text.split("\n");
    expect(head).toMatch(/^From main \([0-9a-f]{8}\) to no-mfa-for-guests \([0-9a-f]{8}\):$/);
    expect(rest.join("\n")).toBe(`1 person newly let through.
- mira.holt no longer needs multifactor authentication for superset without sign-in risk, by "Contoso sandbox -
  Multifactor authentication and short sessions for guests".

CHANGE             PEOPLE     TOOLS     CONDITIONS            BEFORE → NOW
newly let through  mira.holt  superset  without sign-in risk  asked for multifactor authentication → let in
`);
    expect(code).toBe(0);
  });

  it("is told as JSON with the conditions one by one", () => {
    const { text } = run({ compare: "main", to: "no-mfa-for-guests", json: true });
    const { conditions, ...rest } = JSON.parse(text);
    const nobody = {
      "newly-blocked": [],
      "newly-challenged": [],
      "newly-let-through": [],
      "other-demands": [],
      "other-session": [],
    };
    expect(rest).toEqual({
      from: expect.stringMatching(/^main \([0-9a-f]{8}\)$/),
      to: expect.stringMatching(/^no-mfa-for-guests \([0-9a-f]{8}\)$/),
      summary: { enforced: { ...nobody, "newly-let-through": ["mira.holt"] }, reportOnly: nobody },
      changes: [
        {
          kind: "newly-let-through",
          people: ["mira.holt"],
          tools: ["superset"],
          conditions: [
            "at home (DE)",
            "at home (DE), compliant device",
            "office lisbon",
            "office lisbon, compliant device",
            "hybrid joined device",
            "registered device",
            "user risk medium",
            "insider risk elevated",
            "desktop or mobile app",
            "macOS",
            "Linux",
            "iOS",
            "Android",
          ],
          before: { outcome: "challenge", demands: ["mfa"] },
          after: { outcome: "allow", demands: [] },
          because: [GUESTS],
        },
      ],
      reportOnlyChanges: [],
      access: { gained: [], lost: [] },
      lockOuts: [],
    });
    expect(conditions).toContainEqual({
      name: "office lisbon, compliant device",
      place: "office lisbon",
      conditions: { country: "DE", ip: "198.51.100.0", device: "compliant" },
    });
  });

  it("is told under given conditions, and of nobody else", () => {
    const proven = run({
      compare: "main",
      to: "no-mfa-for-guests",
      from: ["device=compliant,mfa=authenticator"],
      json: true,
    });
    expect(JSON.parse(proven.text).changes).toMatchObject([{ kind: "other-session", people: ["mira.holt"] }]);
    const other = run({ compare: "main", to: "no-mfa-for-guests", as: "mei.tanaka" });
    expect(other.text).toContain("No sign-in is answered otherwise.");
  });
});

describe("what is compared", () => {
  it("is the stack's file as it is, where nothing else is named, or another file", () => {
    expect(run({ compare: "no-mfa-for-guests" }).text).toContain("1 person newly challenged");
    expect(run({ compare: "main" }).text).toContain("No sign-in is answered otherwise.");
    const file = join(root, "other.yaml");
    writeFileSync(file, withBaseline("countries")(sample));
    expect(run({ compare: "main", to: "other.yaml" }).text).toContain("no longer blocked from every tool abroad (US)");
  });

  it("is refused with a sentence for each side that is not there", () => {
    expect(problemsOf({ compare: "nowhere..main" })).toEqual([
      '"nowhere" is neither a stack file nor a git revision of this checkout.',
    ]);
    expect(problemsOf({ compare: "--output=/tmp/x", to: "main" })).toHaveLength(1);
    expect(problemsOf({ compare: "main", stack: "moon" })).toEqual([
      'The revision "main" has no stacks/Pulumi.moon.yaml.',
      '"stacks/Pulumi.moon.yaml" is neither a stack file nor a git revision of this checkout.',
    ]);
    expect(problemsOf({ compare: "main..keyless", to: "main" })).toEqual([
      "--compare main..keyless names both sides; --to would be a third.",
    ]);
    expect(problemsOf({ to: "main" })).toEqual(["--to says what to compare with, and needs --compare."]);
  });
});

describe("a lock-out", () => {
  it("is an error beside the answer, with the policy and the fix", () => {
    const { text, code } = run({ compare: "main..keyless" });
    expect(code).toBe(1);
    expect(text).toContain("Lock-out: Nobody can reach Superset as Admin under any condition: ");
    expect(text).toContain("Phishing-resistant sign-in for administrators");
    expect(text).toContain("  Fix: Give one of them a method that the policy takes: fido2");
  });
});

describe("one person and tool", () => {
  it("get the policies one by one", () => {
    const { text, code } = run({ as: "mei.tanaka@contoso.com", tool: "superset", country: "US" });
    expect(text.replace(/\s+/g, " ")).toContain(
      'mei.tanaka in Superset, country=US: blocked (AADSTS53003), by "Contoso sandbox - Blocked outside the countries where people work".',
    );
    expect(text).toContain("enforced  yes      Contoso sandbox - Blocked outside the countries where people work");
    expect(text).toContain(
      "enforced  -        Contoso sandbox - Multifactor authentication and short sessions for guests (users)",
    );
    expect(code).toBe(0);
  });

  it("have the promised shape as JSON, with the grid where no condition is given", () => {
    const given = JSON.parse(run({ as: "ana.lima", tool: "superset", from: ["mfa=fido2"], json: true }).text);
    expect(Object.keys(given)).toEqual(["verdict", "policies", "assigned", "reportOnly", "lockOuts"]);
    expect(given.verdict).toEqual({ outcome: "allow", demands: [], because: [], session: expect.any(Object) });
    expect(Object.keys(given.policies[0])).toEqual(["displayName", "state", "applies", "reason"]);
    const all = JSON.parse(run({ as: "ana.lima", tool: "superset", json: true }).text);
    expect(all.verdict.outcome).toBe("challenge");
    expect(all.answers.length).toBe(all.conditions.length);
    expect(all.answers.length).toBeGreaterThanOrEqual(24);
  });

  it("are told when there is no role", () => {
    expect(run({ as: "pavel.orlov", tool: "superset", from: ["mfa=none"] }).text).toContain(
      "holds no role in Superset",
    );
  });
});

describe("everybody", () => {
  it("stand in a table by what is said to them, and partners' people below", () => {
    const { text } = run({});
    expect(text.split("\n")[0]?.split(/\s{2,}/)).toEqual(["PEOPLE", "TOOLS", "CONDITIONS", "ANSWER"]);
    expect(text).toContain("bi-admins (2 people)");
    expect(text).toContain("kai.larsen@acme, lena.roth@acme, ivo.brandt@acme: not reached by these policies");
    for (const row of text.split("\n")) expect(row.length).toBeLessThanOrEqual(120);
  });

  it("stand in JSON without access too", () => {
    const { people, conditions, notReached } = JSON.parse(run({ json: true }).text);
    expect(people).toHaveLength(16);
    const leaver = people.find(({ id }: { id: string }) => id === "eva.lindqvist");
    expect(leaver.tools.map(({ assigned }: { assigned: boolean }) => assigned)).toEqual(Array(6).fill(false));
    expect(leaver.tools[0].answers).toHaveLength(conditions.length);
    expect(notReached).toHaveLength(3);
  });
});

describe("wrong use", () => {
  it("hears of everything at once", () => {
    const wrong = {
      as: "ana.lim",
      tool: "supersett",
      country: "Portugal",
      from: ["risk=huge", "fog=thick", "country=US"],
    };
    expect(problemsOf(wrong)).toEqual([
      'country is "Portugal"; allowed: a two-letter country code in capitals, or unknown.',
      'risk is "huge"; allowed: none, low, medium, high.',
      expect.stringMatching(/^There is no condition "fog"; conditions are /),
      'There is nobody called "ana.lim". Did you mean "ana.lima"?',
      'There is no tool "supersett". Did you mean "superset"?',
    ]);
    expect(problemsOf({ country: "US", from: ["country=DE"] })).toEqual(["The condition country stands there twice."]);
  });

  it("ends with 2 and points to the help", () => {
    const args = ["cli/entrada.js", "what-if", "--as", "nobody"];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: projectRoot, encoding: "utf8" });
    expect([status, stderr]).toEqual([2, expect.stringContaining("(entrada what-if --help shows the options)")]);
  });
});
