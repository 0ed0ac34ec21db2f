import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { clock } from "../core/clock.ts";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { appSecretLifetime } from "./app-secret-lifetime.ts";

const type = "azuread:index/applicationPassword:ApplicationPassword";
const run = (props: object, config?: object) => messages(appSecretLifetime, { type, name: "blue", props }, config);

beforeEach(() => {
  vi.spyOn(clock, "now").mockReturnValue(new Date("2026-01-01T00:00:00Z"));
});
afterEach(() => {
  vi.restoreAllMocks();
});

it.each([
  ["ninety days to the second", { startDate: "2026-02-01T00:00:00Z", endDate: "2026-05-02T00:00:00Z" }],
  ["ninety days from now", { endDate: "2026-04-01T00:00:00Z" }],
  ["an end that is not known yet", { endDate: unknownText }],
  ["a start that is not known yet", { startDate: unknownText, endDate: "2030-01-01T00:00:00Z" }],
])("accepts %s", (_, props) => {
  expect(run(props)).toEqual([]);
});

it.each([
  ["a second more than ninety days", { startDate: "2026-02-01T00:00:00Z", endDate: "2026-05-02T00:00:01Z" }, "91 days"],
  ["more than ninety days from now", { endDate: "2026-04-02T00:00:00Z" }, "91 days"],
  ["no end", { startDate: "2026-01-01T00:00:00Z" }, "endDate is not set"],
  ["a relative end", { endDate: "2026-02-01T00:00:00Z", endDateRelative: "720h" }, "an absolute endDate"],
  [
    "a relative end that is not known yet",
    { endDate: unknownText, endDateRelative: unknownText },
    "an absolute endDate",
  ],
  ["an end that is no date", { endDate: "in spring" }, "endDate is no date"],
  ["a start that is no date", { startDate: "today", endDate: "2026-02-01T00:00:00Z" }, "startDate is no date"],
])("refuses %s", (_, props, wanted) => {
  expect(run(props).join()).toContain(wanted);
});

it("takes the limit from the configuration", () => {
  expect(run({ endDate: "2026-02-15T00:00:00Z" }, { maxDays: 30 })[0]).toContain("at most 30 days");
});

it("holds service principals to the same", () => {
  const sample = { type: "azuread:index/servicePrincipalPassword:ServicePrincipalPassword", props: {} };
  expect(messages(appSecretLifetime, sample)).toHaveLength(1);
});

it("refuses a secret inside the application, and never shows it", () => {
  const application = "azuread:index/application:Application";
  const props = { password: { displayName: "x", value: "hunter2", endDate: "2026-02-01T00:00:00Z" } };
  const found = messages(appSecretLifetime, { type: application, props });
  expect(found).toHaveLength(1);
  expect(found[0]).not.toContain("hunter2");
  expect(messages(appSecretLifetime, { type: application, props: {} })).toEqual([]);
});
