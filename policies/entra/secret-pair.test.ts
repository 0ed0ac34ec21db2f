import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { type Sample, stackMessages } from "../testing/harness.ts";
import { secretPair } from "./secret-pair.ts";

const app: Sample = {
  type: "azuread:index/application:Application",
  name: "charts-app",
  props: { displayName: "Charts" },
};
const password = (slot: string, start: string, end: string, changes: Partial<Sample> = {}): Sample => ({
  type: "azuread:index/applicationPassword:ApplicationPassword",
  name: `secret-${slot}`,
  props: {
    applicationId: unknownText,
    startDate: `${start}T00:00:00Z`,
    endDate: `${end}T00:00:00Z`,
    value: unknownText,
  },
  refs: { applicationId: "charts-app" },
  ...changes,
});
const kept = (slot: string, changes: Partial<Sample> = {}): Sample => ({
  type: "azure-native:keyvault/v20241101:Secret",
  name: `vault-${slot}`,
  props: { secretName: `secret-${slot}`, properties: unknownText },
  refs: { properties: `secret-${slot}` },
  ...changes,
});
const a = password("a", "2026-01-01", "2026-04-01");
const b = password("b", "2026-02-15", "2026-05-16");
const run = (...samples: Sample[]) => stackMessages(secretPair, samples);

it("accepts two secrets that overlap, both in the vault; and clients without secrets", () => {
  expect(run(app, a, b, kept("a"), kept("b"))).toEqual([]);
  expect(run(app)).toEqual([]);
});

it("waits for dates that are not known", () => {
  const late = password("b", "", "", {
    props: { applicationId: unknownText, startDate: unknownText, endDate: unknownText },
  });
  expect(run(app, a, late, kept("a"), kept("b"))).toEqual([]);
});

it("finds application and value by what is written, as in state", () => {
  const made: Sample = { ...app, props: { objectId: "0b5e" } };
  const written = (slot: string, from: Sample): Sample => ({
    ...from,
    props: { ...from.props, applicationId: "/applications/0b5e", value: `value-${slot}` },
    refs: {},
  });
  const held = (slot: string) => kept(slot, { props: { properties: { value: `value-${slot}` } }, refs: {} });
  expect(run(made, written("a", a), written("b", b), held("a"), held("b"))).toEqual([]);
  expect(run(made, written("a", a), written("b", b), held("a"))).toEqual([
    expect.stringContaining("in no vault secret"),
  ]);
});

it("refuses one secret and three", () => {
  expect(run(app, a, kept("a"))).toEqual([expect.stringContaining("used by 1 client secret;")]);
  const c = password("c", "2026-02-20", "2026-05-20");
  expect(run(app, a, b, c, kept("a"), kept("b"), kept("c"))).toEqual([expect.stringContaining("3 client secrets")]);
});

it("refuses windows that do not overlap, and two that are one", () => {
  const later = password("b", "2026-04-01", "2026-06-30");
  expect(run(app, a, later, kept("a"), kept("b"))).toEqual([
    expect.stringContaining('startDate is 2026-04-01, while "secret-a" ends on 2026-04-01'),
  ]);
  const same = password("b", "2026-01-01", "2026-04-01");
  expect(run(app, a, same, kept("a"), kept("b"))).toEqual([expect.stringContaining("2026-01-01 for both secrets")]);
});

it("refuses a secret that no vault holds, and never shows its value", () => {
  const shown = password("b", "2026-02-15", "2026-05-16", {
    props: { ...b.props, value: "hunter2" },
  });
  const messages = run(app, a, shown, kept("a"), kept("other", { refs: {} }));
  expect(messages).toEqual([expect.stringContaining('"secret-b": value is in no vault secret')]);
  expect(messages.join()).not.toContain("hunter2");
});
