import { describe, expect, it } from "vitest";
import { blocksOf, type Cell, groupsBy, widened } from "./blocks.ts";

const cells = (text: string): Cell[] =>
  text.split(" ").map((one) => {
    const [person = "", tool = "", condition = ""] = one.split("/");
    return { person, tool, condition };
  });

describe("blocks", () => {
  it("cover exactly the cells, people with the same tools and conditions together", () => {
    const given = cells("ana/x/1 ana/x/2 ana/y/1 ana/y/2 jon/x/1 jon/x/2 jon/y/1 jon/y/2 mei/x/1");
    const blocks = blocksOf(given);
    expect(blocks).toEqual([
      { people: ["ana", "jon"], tools: ["x", "y"], conditions: ["1", "2"] },
      { people: ["mei"], tools: ["x"], conditions: ["1"] },
    ]);
    const covered = blocks.flatMap(({ people, tools, conditions }) =>
      people.flatMap((person) => tools.flatMap((tool) => conditions.map((condition) => ({ person, tool, condition })))),
    );
    expect(covered.map((cell) => JSON.stringify(cell)).sort()).toEqual(
      given.map((cell) => JSON.stringify(cell)).sort(),
    );
  });

  it("are wider for readers: people with all their tools, whichever these are", () => {
    const access = new Map([
      ["ana", ["x", "y"]],
      ["jon", ["x"]],
      ["mei", ["x", "y"]],
    ]);
    expect(widened(blocksOf(cells("ana/x/1 ana/y/1 jon/x/1 mei/x/1")), access)).toEqual([
      { people: ["ana", "jon"], tools: ["x", "y"], conditions: ["1"], everyTool: true },
      { people: ["mei"], tools: ["x"], conditions: ["1"], everyTool: false },
    ]);
  });

  it("keep the order of what is grouped", () => {
    expect(groupsBy(["b1", "a1", "b2"], (text) => text.charAt(0))).toEqual([["b1", "b2"], ["a1"]]);
  });
});
