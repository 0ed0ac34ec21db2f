import { expect, test } from "vitest";
import { type PropertyMap, UNKNOWN } from "../protocol/types.ts";
import { checkInputs } from "./check.ts";
import { diffInputs } from "./diff.ts";
import { inputsFromLive } from "./refresh.ts";
import type { PropertySchemas } from "./types.ts";

const schemas: PropertySchemas = {
  name: { type: "string", required: true, replace: true },
  note: { type: "string" },
  audience: { type: "string", default: "Mine" },
  nickname: { type: "string", computed: true, replace: true },
  owners: { type: "set", items: { type: "string", format: "uuid" } },
  roles: {
    type: "set",
    key: "id",
    items: {
      type: "object",
      properties: {
        id: { type: "string", required: true },
        text: { type: "string" },
        enabled: { type: "boolean", default: true },
      },
    },
  },
  audiences: { type: "list", items: { type: "string" } },
  web: {
    type: "object",
    properties: { uris: { type: "set", items: { type: "string" } }, implicit: { type: "boolean" } },
  },
  keepers: { type: "map", items: { type: "string" }, replace: true },
  place: { type: "object", replace: "presence", properties: { city: { type: "string" } } },
};
const terraform = { zeroIsUnset: true };
const diff = (olds: PropertyMap, news: PropertyMap) => diffInputs(schemas, olds, news, terraform);

test.each<[string, PropertyMap, PropertyMap, Record<string, string>]>([
  ["nothing", { name: "a" }, { name: "a" }, {}],
  ["a replacing property", { name: "a" }, { name: "b" }, { name: "update-replace" }],
  ["unset against empty", { note: "" }, { owners: [], web: { implicit: false } }, {}],
  ["added and removed", { note: "x" }, { owners: ["o"] }, { note: "delete", owners: "add" }],
  ["a default written out", { audience: "Mine" }, {}, {}],
  ["against the default", {}, { audience: "Theirs" }, { audience: "add" }],
  ["left to the cloud", { nickname: "x" }, {}, {}],
  ["chosen over the cloud's", { nickname: "x" }, { nickname: "y" }, { nickname: "update-replace" }],
  ["a set in another order", { owners: ["a", "b"] }, { owners: ["b", "a"] }, {}],
  ["a set with one more", { owners: ["a"] }, { owners: ["b", "a"] }, { "owners[0]": "update" }],
  ["a set at the end", { owners: ["a"] }, { owners: ["a", "b"] }, { "owners[1]": "add" }],
  [
    "a list in another order",
    { audiences: ["a", "b"] },
    { audiences: ["b", "a"] },
    { "audiences[0]": "update", "audiences[1]": "update" },
  ],
  [
    "inside a set's object",
    { roles: [{ id: "1", text: "x" }] },
    { roles: [{ id: "1", text: "y", enabled: true }] },
    { "roles[0].text": "update" },
  ],
  ["nested", { web: { uris: ["a"] } }, { web: { uris: ["a", "b"] } }, { "web.uris[1]": "add" }],
  ["a whole object", {}, { web: { uris: ["a"] } }, { web: "add" }],
  [
    "a map, with an empty text",
    { keepers: { a: "1" } },
    { keepers: { a: "2", "b.c": "" } },
    { "keepers.a": "update-replace", 'keepers["b.c"]': "add-replace" },
  ],
  ["a replacing presence that comes", {}, { place: { city: "a" } }, { place: "add-replace" }],
  ["a replacing presence that goes", { place: { city: "a" } }, {}, { place: "delete-replace" }],
  ["inside a replacing presence", { place: { city: "a" } }, { place: { city: "b" } }, { "place.city": "update" }],
  [
    "an unknown",
    { note: "x", owners: ["a"] },
    { note: UNKNOWN, owners: ["a", UNKNOWN] },
    { note: "update", "owners[1]": "add" },
  ],
])("diff: %s", (_name, olds, news, expected) => {
  expect(diff(olds, news)).toEqual(expected);
});

test("a provider that sees zero values tells them from absent ones", () => {
  expect(diffInputs(schemas, { note: "" }, {}, { zeroIsUnset: false })).toEqual({ note: "delete" });
});

test("check finds everything at once, with paths, and fills defaults in", () => {
  const { inputs, failures } = checkInputs(schemas, {
    nam: "x",
    owners: ["nobody"],
    web: { implicit: "yes", uris: [UNKNOWN] },
    roles: [{}],
  });
  expect(failures.map(({ property }) => property).sort()).toEqual([
    "nam",
    "name",
    "owners[0]",
    "roles[0].id",
    "web.implicit",
  ]);
  expect(failures.find(({ property }) => property === "name")?.reason).toBe("Missing required property 'name'.");
  expect(failures.find(({ property }) => property === "owners[0]")?.reason).toBe(
    "Expected a valid UUID, got 'nobody'.",
  );
  expect(inputs).toMatchObject({ audience: "Mine", roles: [{ enabled: true }] });
});

test("refresh keeps the program's own form and tells drift only", () => {
  const olds = { name: "a", owners: ["2", "1"], web: { uris: ["x"], implicit: false }, note: "" };
  const live = {
    name: "a",
    owners: ["1", "2"],
    web: { uris: ["y", "x"], implicit: false },
    nickname: "n",
    audience: "Mine",
    audiences: ["by-hand"],
    note: null,
  };
  expect(inputsFromLive(schemas, live, olds, terraform)).toEqual({
    ...olds,
    web: { uris: ["x", "y"], implicit: false },
    audiences: ["by-hand"],
  });
});

test("import tells all that is not a default", () => {
  const live = {
    name: "a",
    nickname: "n",
    audience: "Mine",
    owners: [],
    roles: [{ id: "1", text: "t", enabled: true }],
  };
  expect(inputsFromLive(schemas, live, undefined, terraform)).toEqual({
    name: "a",
    nickname: "n",
    roles: [{ id: "1", text: "t", enabled: true }],
  });
});
