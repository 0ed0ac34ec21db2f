import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { afterAll, expect, it } from "vitest";
import { type RuleTimes, timed } from "./timing.ts";

const folder = mkdtempSync(join(tmpdir(), "entrada-times-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("measures each policy, also one that throws, and leaves its answers and its type as they are", () => {
  const file = join(folder, "times.json");
  const common = { description: "A policy.", enforcementLevel: "mandatory" as const };
  const validateResource = Object.assign(
    (_: ResourceValidationArgs, report: (message: string) => void) => {
      report("found");
      throw new Error("not applicable");
    },
    { __pulumiType: "azuread:index/group:Group" },
  );
  const validateStack = (_: StackValidationArgs, report: (message: string) => void) => report("seen");
  const [one, all] = timed(
    [
      { ...common, name: "one", validateResource },
      { ...common, name: "all", validateStack },
    ],
    file,
  );
  if (one === undefined || !("validateResource" in one) || typeof one.validateResource !== "function") {
    throw new Error("The resource policy is gone.");
  }
  if (all === undefined || !("validateStack" in all)) throw new Error("The stack policy is gone.");
  const { validateResource: ofOne } = one;
  const found: string[] = [];
  expect(() => ofOne({} as ResourceValidationArgs, (message) => found.push(String(message)))).toThrow("not applicable");
  void all.validateStack({} as StackValidationArgs, (message) => found.push(String(message)));
  expect(found).toEqual(["found", "seen"]);
  expect(ofOne).toHaveProperty("__pulumiType", "azuread:index/group:Group");

  const times = JSON.parse(readFileSync(file, "utf8")) as RuleTimes;
  expect(Object.keys(times.rules)).toEqual(["one", "all"]);
  for (const time of Object.values(times.rules)) expect(time).toBeGreaterThan(0);
  expect(times.process).toBeGreaterThan(0);
});
