import { describe, expect, it } from "vitest";
import { locationOf } from "./target.ts";

describe("the place that a redirect leads to", () => {
  const to = (redirect: object, path = "/a/b", match = "/") =>
    locationOf(
      { statusCode: 302, ...redirect },
      { type: "PathPrefix", value: match },
      { host: "old.example", path, query: "?q=1" },
    );

  it.each([
    [{}, "https://old.example/a/b?q=1"],
    [{ hostname: "new.example" }, "https://new.example/a/b?q=1"],
    [{ scheme: "http" }, "http://old.example/a/b?q=1"],
    [{ scheme: "http", port: 80 }, "http://old.example/a/b?q=1"],
    [{ port: 443 }, "https://old.example/a/b?q=1"],
    [{ port: 8443 }, "https://old.example:8443/a/b?q=1"],
    [{ path: { full: "/new" } }, "https://old.example/new?q=1"],
  ] as const)("%j: %s", (redirect, location) => {
    expect(to(redirect)).toBe(location);
  });

  // The table of HTTPPathModifier.replacePrefixMatch in the Gateway API.
  it.each([
    ["/foo/bar", "/foo", "/xyz", "/xyz/bar"],
    ["/foo/bar", "/foo", "/xyz/", "/xyz/bar"],
    ["/foo/bar", "/foo/", "/xyz", "/xyz/bar"],
    ["/foo/bar", "/foo/", "/xyz/", "/xyz/bar"],
    ["/foo", "/foo", "/xyz", "/xyz"],
    ["/foo/", "/foo", "/xyz", "/xyz/"],
    ["/foo/bar", "/foo", "", "/bar"],
    ["/foo/", "/foo", "", "/"],
    ["/foo", "/foo", "", "/"],
    ["/foo/", "/foo", "/", "/"],
    ["/foo", "/foo", "/", "/"],
  ])("%s under %s with the prefix %j is %s", (path, match, prefix, expected) => {
    expect(to({ path: { prefix } }, path, match)).toBe(`https://old.example${expected}?q=1`);
  });
});
