import fc from "fast-check";
import { expect, it } from "vitest";
import type { Settings } from "../settings/schema.ts";
import { sampleContract, sampleSettings } from "../testing/sample.ts";
import { type AccessDifference, accessDifference } from "./difference.ts";
import { heldRoles } from "./held.ts";
import { type AccessState, accessState, type GroupRole } from "./state.ts";

const RUNS = { numRuns: 500 };
const PEOPLE = ["ana", "jon", "mei", "omar"];
const TEAMS = ["admins", "viewers", "sales", "product"];
const contracts = [sampleContract(), { ...sampleContract("flow"), membership: "transitive" as const }];
const image = "contoso.azurecr.io/charts:2.0.0";
const base = sampleSettings(
  { tools: { charts: { image }, flow: { image: "contoso.azurecr.io/flow:2.0.0" } } },
  contracts,
);
const blankTeam = base.teams.admins;
const blankPerson = base.people["ana.lima"];
if (blankTeam === undefined || blankPerson === undefined) throw new Error("The sample has lost its people.");

const person = fc.record({ enabled: fc.boolean(), department: fc.constantFrom("Sales", "Legal") });
const team = fc
  .record({
    members: fc.subarray(PEOPLE),
    owners: fc.subarray(PEOPLE),
    teams: fc.subarray(["viewers", "sales"]),
    kind: fc.constantFrom("members", "members", "existing", "rule"),
    number: fc.constantFrom("1", "2"),
    displayName: fc.constantFrom("One", "Two"),
  })
  .map(({ members, kind, number, ...more }) => ({
    ...blankTeam,
    ...more,
    members: kind === "members" ? members : [],
    ...(kind === "existing" ? { existing: `3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c5${number}` } : {}),
    ...(kind === "rule" ? { rule: `user.department -eq "${number === "1" ? "Sales" : "Legal"}"` } : {}),
  }));
const access = fc.record({ Owner: fc.subarray(TEAMS), Viewer: fc.subarray(TEAMS) });

/** Settings that need not make sense to Entra: the difference has to hold for whatever parses. */
const state = fc
  .record({
    people: fc.option(fc.dictionary(fc.constantFrom(...PEOPLE), person), { nil: {} }),
    teams: fc.dictionary(fc.constantFrom(...TEAMS), team),
    tools: fc.dictionary(fc.constantFrom("charts", "flow"), access),
  })
  .map(({ people, teams, tools }): AccessState => {
    const settings: Settings = {
      ...base,
      people: Object.fromEntries(
        Object.entries(people).map(([key, more]) => [key, { ...blankPerson, ...more, displayName: key }]),
      ),
      teams,
      tools: Object.fromEntries(
        Object.entries(tools).flatMap(([id, given]) => {
          const tool = base.tools[id];
          return tool === undefined ? [] : [[id, { ...tool, access: given }]];
        }),
      ),
    };
    return accessState(settings, contracts);
  });
const states = fc.tuple(state, state);

/** Roles of people as sorted texts. */
function roles(held: Iterable<{ person: string; tool: string; role: string; admin: boolean }>): string[] {
  return [...held].map(({ person: who, tool, role, admin }) => [who, tool, role, admin].join(" ")).sort();
}

function groupRoles(groups: readonly GroupRole[]): string[] {
  return groups.map(({ members, tool, role, admin }) => JSON.stringify([members, tool, role, admin]));
}

function applied(before: readonly string[], lost: readonly string[], gained: readonly string[]): string[] {
  for (const one of lost) expect(before).toContain(one);
  for (const one of gained) expect(before).not.toContain(one);
  return [...new Set([...before.filter((one) => !lost.includes(one)), ...gained])].sort();
}

it("is nothing from settings to themselves", () => {
  fc.assert(
    fc.property(state, (one) => {
      expect(Object.values(accessDifference(one, one)).flatMap((part) => Object.values(part).flat())).toEqual([]);
    }),
    RUNS,
  );
});

it("swaps gains and losses with its sides", () => {
  /** The difference without its order, read forwards or backwards. */
  const read = (
    { gained, lost, groups, owners, tools, teams, people, via }: AccessDifference,
    [on, off, from, to]: ["gained" | "lost", "gained" | "lost", "from" | "to", "from" | "to"],
  ) => {
    const forwards = on === "gained";
    const turned = <T>(one: T, other: T): [T, T] => (forwards ? [one, other] : [other, one]);
    return {
      roles: turned(roles(gained), roles(lost)),
      groups: [groups[on], groups[off]].map((list) => groupRoles(list).sort()),
      owners: [owners[on].length, owners[off].length],
      tools: turned(tools.added, tools.removed),
      renamedTools: tools.renamed.map((pair) => `${pair[from]} ${pair[to]}`),
      teams: turned([...teams.added].sort(), [...teams.removed].sort()),
      renamedTeams: teams.renamed.map((pair) => `${pair[from].key} ${pair[to].key}`).sort(),
      people: turned([...people.added].sort(), [...people.removed].sort()),
      accounts: turned([...people.enabled].sort(), [...people.disabled].sort()),
      via: via.map(({ person: who, before, after }) => JSON.stringify([who, ...turned(before, after)])).sort(),
    };
  };
  fc.assert(
    fc.property(states, ([one, other]) => {
      expect(read(accessDifference(other, one), ["lost", "gained", "to", "from"])).toEqual(
        read(accessDifference(one, other), ["gained", "lost", "from", "to"]),
      );
    }),
    RUNS,
  );
});

it("turns the old roles into the new ones, of people and of groups", () => {
  fc.assert(
    fc.property(states, ([one, other]) => {
      const { gained, lost, groups, via } = accessDifference(one, other);
      const [old, young] = [heldRoles(one), heldRoles(other)];
      expect(applied(roles(old.values()), roles(lost), roles(gained))).toEqual(roles(young.values()));
      expect(applied(groupRoles(one.groups), groupRoles(groups.lost), groupRoles(groups.gained))).toEqual(
        [...new Set(groupRoles(other.groups))].sort(),
      );
      for (const [key, { via: now }] of young) {
        const then = old.get(key);
        const moved = via.find(
          ({ person: who, tool, role }) => key.includes(`"${who}@`) && key.includes(`"${tool}","${role}"`),
        );
        if (then !== undefined) expect((moved?.after ?? then.via).toSorted()).toEqual(now.toSorted());
      }
    }),
    RUNS,
  );
});

it("gives each gain and loss a reason, and admin roles first", () => {
  fc.assert(
    fc.property(states, ([one, other]) => {
      const { gained, lost } = accessDifference(one, other);
      for (const changes of [gained, lost]) {
        expect(changes.filter(({ because }) => because.length === 0)).toEqual([]);
        expect(changes.map(({ admin }) => admin)).toEqual(
          changes
            .map(({ admin }) => admin)
            .sort()
            .reverse(),
        );
      }
    }),
    RUNS,
  );
});
