import { describe, expect, it } from "vitest";
import type { AccessDifference, RoleChange } from "./difference.ts";
import { accessRows } from "./rows.ts";
import { NO_DIFFERENCE } from "./testing.ts";
import { accessHeadline, accessNotes, becauseWords, groupWords, listWords } from "./words.ts";

function role(person: string, tool: string, more: Partial<RoleChange> = {}): RoleChange {
  const because = [{ kind: "membership", team: "viewers" }] as const;
  return {
    person,
    displayName: person,
    tool,
    role: "Viewer",
    admin: false,
    via: ["viewers"],
    guest: false,
    because,
    ...more,
  };
}

describe("accessRows", () => {
  it("gives one line to everybody who gains the same for the same reason, admin roles first, losses last", () => {
    const owner = role("ana", "charts", { role: "Owner", admin: true });
    const rows = accessRows({
      ...NO_DIFFERENCE,
      gained: [
        owner,
        role("ana", "charts"),
        role("jon", "charts"),
        role("ana", "other"),
        role("jon", "other"),
        role("mei", "other"),
      ],
      lost: [owner],
    });
    const short = rows.map(({ gained, admin, roles, ...row }) => {
      const people = row.kind === "people" ? row.people.map(({ person }) => person).join(" ") : row.team;
      return [gained ? "+" : "-", admin, people, roles.map((one) => `${one.tool} ${one.role}`).join(" ")].join(" ");
    });
    expect(short).toEqual([
      "+ true ana charts Owner",
      "+ false ana jon charts Viewer other Viewer",
      "+ false mei other Viewer",
      "- true ana charts Owner",
    ]);
  });
});

describe("accessHeadline", () => {
  it.each<[Partial<AccessDifference>, string]>([
    [{}, "Nobody gains or loses a role."],
    [{ gained: [role("ana", "charts")] }, "1 person gains 1 role; nobody loses any."],
    [{ gained: [role("ana", "charts", { admin: true })] }, "1 person gains 1 admin role; nobody loses any."],
    [
      { gained: [role("ana", "charts", { admin: true }), role("jon", "charts")], lost: [role("mei", "charts")] },
      "2 people gain 2 roles, 1 of them an admin role; 1 person loses 1 role.",
    ],
    [
      { lost: [role("mei", "charts", { admin: true }), role("mei", "other", { admin: true })] },
      "Nobody gains a role; 1 person loses 2 admin roles.",
    ],
    [
      {
        groups: {
          gained: [
            {
              team: "sales",
              members: { kind: "existing", objectId: "3f0c" },
              tool: "charts",
              role: "Viewer",
              admin: false,
            },
          ],
          lost: [],
        },
      },
      "1 group of people not known here gains 1 role; nobody loses any.",
    ],
  ])("counts people once and roles one by one: %#", (changes, text) => {
    expect(accessHeadline({ ...NO_DIFFERENCE, ...changes })).toBe(text);
  });
});

describe("words", () => {
  it("say every kind of reason both ways", () => {
    const because = (
      ["tool", "person", "account", "role", "team", "grant", "membership", "unknown", "other"] as const
    ).flatMap((kind) =>
      [true, false].map((gained) => {
        const [row] = accessRows({
          ...NO_DIFFERENCE,
          [gained ? "gained" : "lost"]: [role("ana", "charts", { because: [{ kind, team: "viewers" }] })],
        });
        return row?.kind === "people" ? becauseWords(row) : "";
      }),
    );
    expect(because).toEqual([
      "the tool is new here, open to viewers",
      "the tool is gone",
      "is new, in viewers",
      "is gone from the settings, was in viewers",
      "the account is enabled, in viewers",
      "the account is disabled",
      "the role is no admin role any more",
      "the role is an admin role now",
      "the team viewers is new",
      "the team viewers is gone",
      "viewers is given the role",
      "viewers is not given the role any more",
      "joins viewers",
      "leaves viewers",
      "viewers has members by name now",
      "only Entra knows now who is in viewers",
      "nothing else keeps a member of viewers out",
      "something else keeps a member of viewers out",
    ]);
  });

  it("call groups by what they are", () => {
    expect(groupWords({ team: "sales", members: { kind: "existing", objectId: "3f0c" } })).toBe(
      "everybody in Entra's group 3f0c (sales; members not known here)",
    );
    expect(groupWords({ team: "x", members: { kind: "partner", partner: "acme", group: "x" } })).toBe(
      "everybody in the group x of the partner acme (members not known here)",
    );
  });

  it("count names beyond a sentence's measure", () => {
    expect(listWords(["a", "b", "c", "d"], String, 2)).toBe("a, b and 2 more");
    expect(listWords(["a", "b"], String, 2)).toBe("a and b");
  });

  it("leave out of the notes what a renamed team explains, and owners of new teams without admin roles", () => {
    const name = (key: string) => ({ key, displayName: key });
    const via = { tool: "charts", role: "Viewer", admin: false };
    const notes = accessNotes({
      ...NO_DIFFERENCE,
      teams: { added: ["fresh"], removed: [], renamed: [{ from: name("viewers"), to: name("readers") }] },
      owners: {
        gained: [
          { person: "ana", team: "admins", admin: true },
          { person: "ana", team: "fresh", admin: false },
        ],
        lost: [],
      },
      via: [
        { ...via, person: "jon", before: ["viewers"], after: ["readers"] },
        { ...via, person: "mei", before: ["viewers"], after: ["readers", "fresh"] },
      ],
    });
    expect(notes).toEqual([
      "ana may now change who is in admins, which holds an admin role.",
      "The team viewers is readers now, with the same people: nobody's roles change by that.",
      "New teams: fresh.",
      "mei keeps charts Viewer through readers and fresh, before through viewers.",
    ]);
  });
});
