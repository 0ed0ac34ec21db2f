import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contracts } from "../../components/tools/registry.ts";
import { parseSettings } from "../../model/index.ts";
import { settingsIn } from "../project.ts";
import { Draft, pathOf } from "./draft.ts";
import { applyLicence, applyOptions, privilege } from "./options.ts";
import { stackText } from "./stack-text.ts";
import { COMPLETE } from "./testing.ts";

/** Texts that YAML likes to take for something else, beside plain ones. */
const text = fc.oneof(
  fc.constantFrom(
    "on",
    "no",
    "null",
    "~",
    "0x1f",
    "1e3",
    "2026-01-01",
    "12:30",
    "# no",
    "a: b",
    "- a",
    "*a",
    "&a",
    "!!x",
    "'",
    '"',
    "{}",
    "%",
  ),
  fc.string({ minLength: 1, maxLength: 20 }),
);
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const person = fc.oneof(
  fc.stringMatching(/^[a-z]{1,6}(\.[a-z]{1,6})?$/),
  fc.constantFrom("on", "null", "1e3", "007"),
  text,
);
const people = fc.array(person, { minLength: 1, maxLength: 3 }).map((list) => list.join(","));
const set = fc.oneof(
  fc.tuple(
    fc.constantFrom("organization", "cluster.context", "registry", "teams.x.displayName", "sessions.maximum"),
    text,
  ),
  fc.tuple(fc.constantFrom("tools.superset.replicas", "secrets.lifetimeDays", "keyVault", "conditionalAccess"), text),
  fc.tuple(text, text),
);
const options = fc.record({
  organization: fc.oneof(fc.constant("Contoso"), text),
  domain: fc.oneof(
    fc.constant("data.contoso.com"),
    name.map((label) => `${label}.contoso.com`),
  ),
  teams: fc.array(fc.tuple(name, people), { maxLength: 3 }),
  role: fc.constantFrom("Admin", "Alpha", "Gamma", "Nothing"),
  sets: fc.array(set, { maxLength: 3 }),
});

describe("whatever init takes", () => {
  let taken = 0;
  it("the settings take, read back from the file's text, and mean the same", () => {
    fc.assert(
      fc.property(options, ({ organization, domain, teams, role, sets }) => {
        const draft = new Draft({ environment: "qa" });
        const unreadable = applyOptions(draft, {
          ...COMPLETE,
          organization,
          domain,
          team: [...(COMPLETE.team ?? []), ...teams.map(([team, members]) => `${team}=${members}`)],
          tool: [...(COMPLETE.tool ?? []), ...teams.map(([team]) => `superset=${role}:${team}`)],
          set: [...(COMPLETE.set ?? []), ...sets.map(([path, value]) => `${path}=${value}`)],
        });
        applyLicence(draft);
        privilege(draft);
        if (unreadable.length > 0 || draft.problems().length > 0) return;
        taken += 1;
        const parsed = parseSettings(draft.raw, contracts);
        expect(parsed).toEqual({ ok: true, settings: settingsIn(stackText(draft.raw), "qa") });
      }),
      { numRuns: 150 },
    );
    // Or the property says nothing.
    expect(taken).toBeGreaterThan(10);
  });

  it("is refused where the stack file would not give it back: text that reads as a map or a list", () => {
    for (const organization of ["{}", "[1]"]) {
      const draft = new Draft({ environment: "qa" });
      applyOptions(draft, { ...COMPLETE, organization });
      expect(draft.problems(["organization"]).map(({ path }) => path)).toEqual(["organization"]);
    }
  });

  it("and a path that a problem names is the path that an option takes", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[\w.-]{1,12}$/), { minLength: 1, maxLength: 4 }), (keys) => {
        fc.pre(!keys.includes("__proto__"));
        const written = keys
          .map((key, index) => (/^[\w-]+$/.test(key) ? `${index === 0 ? "" : "."}${key}` : `["${key}"]`))
          .join("");
        expect(pathOf(written)).toEqual(keys);
      }),
    );
    expect(["", "a..b", "__proto__.x", "a[b]", "a b"].map(pathOf)).toEqual(Array(5).fill(undefined));
  });
});
