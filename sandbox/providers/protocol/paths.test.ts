import { expect, test } from "vitest";
import { formatPath, liesWithin, parsePath } from "./paths.ts";

test.each([
  ["web.redirectUris[0]", ["web", "redirectUris", 0]],
  ['tags["a.b"].c', ["tags", "a.b", "c"]],
  ["displayName", ["displayName"]],
])("%s is read and written", (text, steps) => {
  expect(parsePath(text)).toEqual(steps);
  expect(formatPath(steps)).toBe(text);
});

test.each([
  ["appRoles[2].description", "appRoles[*].description", true],
  ["appRoles[2].value", "appRoles[*].description", false],
  ["members[0]", "members", true],
  ["members", "members[0]", false],
  ["membersOnly", "members", false],
])("%s within %s: %s", (path, pattern, within) => {
  expect(liesWithin(path, pattern)).toBe(within);
});
