import { describe, expect, it } from "vitest";
import { formatProblems, namesSecret, pathText, shown } from "./problem.ts";

describe("pathText", () => {
  it.each([
    [["teams", "bi-admins", "owners", 0], "teams.bi-admins.owners[0]"],
    [["people", "ana.lima", "upn"], 'people["ana.lima"].upn'],
    [[], "(the settings)"],
    [["tools", `ghp_${"a".repeat(36)}`], "tools[hidden]"],
  ])("writes %j as %s", (path, expected) => {
    expect(pathText(path)).toBe(expected);
  });
});

describe("shown", () => {
  it.each([
    [undefined, "nothing"],
    ["text", '"text"'],
    [5, "5"],
    [{ min: 1 }, '{"min":1}'],
    [{ deep: [{ password: "x" }] }, "a value that looks like a secret (not shown)"],
    ["Server=db;Password=x", "a value that looks like a secret (not shown)"],
  ])("writes %j as %s", (value, expected) => {
    expect(shown(value)).toBe(expected);
  });

  it("cuts what is long", () => {
    expect(shown("x".repeat(200))).toHaveLength(78);
  });
});

describe("namesSecret", () => {
  it.each(["password", "dbPasswd", "clientSecret", "secretKey", "api_key", "accessToken", "connectionString"])(
    "%s does",
    (key) => {
      expect(namesSecret(key)).toBe(true);
    },
  );

  it.each(["secrets", "name", "keyVault", "passive"])("%s does not", (key) => {
    expect(namesSecret(key)).toBe(false);
  });
});

describe("formatProblems", () => {
  it("gives each problem four lines", () => {
    const problem = { path: "domain", found: "nothing", allowed: "a host name", fix: "Add it." };
    expect(formatProblems([problem])).toBe(
      "1 problem in the settings; nothing was changed.\n\n  domain\n    found:   nothing\n    allowed: a host name\n    fix:     Add it.",
    );
    expect(formatProblems([problem, problem])).toMatch(
      /^2 problems in the settings; nothing was changed\.\n\n {2}domain\n/,
    );
  });
});
