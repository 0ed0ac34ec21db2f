import { describe, expect, it } from "vitest";
import { liesWithin } from "./address-ranges.ts";
import { goDurationSeconds, showSeconds } from "./durations.ts";
import { readFlatToml } from "./flat-toml.ts";
import { readIni } from "./ini.ts";
import { isLiteralText, readPythonSettings } from "./python-settings.ts";

describe("readFlatToml", () => {
  it("reads texts, numbers, switches and lists", () => {
    const text = '# Sign-in\nprovider = "entra-id"\n\ncookie_secure = true\nlimit=8\ngroups = ["Admin", "b=c"]\n';
    const { settings, unread } = readFlatToml(text);
    expect(Object.fromEntries(settings)).toEqual({
      provider: "entra-id",
      cookie_secure: true,
      limit: 8,
      groups: ["Admin", "b=c"],
    });
    expect(unread).toEqual([]);
  });

  it("says which lines it cannot read, instead of leaving them out", () => {
    const text = "[table]\na = 'single'\nb = [\n  1,\n]\nc = 1 # why\nd = 1\nd = 2\ne = null";
    expect(readFlatToml(text).unread).toEqual([1, 2, 3, 4, 5, 6, 8, 9]);
  });
});

it("readIni reads sections, comments and values on several lines", () => {
  const text = "[core]\n# none\nAuth_Manager = a.B\nlist: x\n  y\n\n[fab]\nkey=1\n;off=2\n";
  expect(Object.fromEntries(readIni(text))).toEqual({
    "core.auth_manager": "a.B",
    "core.list": "x\ny",
    "fab.key": "1",
  });
});

it("readPythonSettings reads assignments at the start of lines, the last one counting", () => {
  const text = [
    "AUTH_TYPE = AUTH_DB",
    "AUTH_TYPE = AUTH_OAUTH  # Entra",
    'COLOUR: str = "#fff" # white',
    "if X == 1:",
    "    SECRET_KEY = 'inner'",
    "SAME == 2",
    'SECRET_KEY = environment.secret("secret-key")',
  ].join("\n");
  expect(Object.fromEntries(readPythonSettings(text))).toEqual({
    AUTH_TYPE: "AUTH_OAUTH",
    COLOUR: '"#fff"',
    SECRET_KEY: 'environment.secret("secret-key")',
  });
  expect(['"x"', "b'x'", 'f"x{y}"'].every(isLiteralText)).toBe(true);
  expect(["os.environ['X']", "environment.secret('x')", "None"].some(isLiteralText)).toBe(false);
});

it("goDurationSeconds reads what Go writes, and nothing else", () => {
  expect(["1h30m", "900s", "0", "1.5h", "250ms"].map(goDurationSeconds)).toEqual([5400, 900, 0, 5400, 0.25]);
  expect(["", "8", "1d", "-1h", "1h 30m"].map(goDurationSeconds)).toEqual(Array(5).fill(undefined));
  expect([5400, 45, 0, 28_800].map(showSeconds)).toEqual(["1h 30m", "45s", "0s", "8h"]);
});

it("liesWithin compares addresses and ranges", () => {
  expect(liesWithin("203.0.113.10", "203.0.113.0/24")).toBe(true);
  expect(liesWithin("203.0.113.10", "203.0.113.10")).toBe(true);
  expect(liesWithin("203.0.113.0/28", "203.0.113.0/24")).toBe(true);
  expect(liesWithin("203.0.113.0/24", "203.0.113.0/28")).toBe(false);
  expect(liesWithin("203.0.114.10", "203.0.113.0/24")).toBe(false);
  expect(liesWithin("nothing", "0.0.0.0/0")).toBe(false);
  expect(liesWithin("203.0.113.10", "0.0.0.0/0")).toBe(true);
});
