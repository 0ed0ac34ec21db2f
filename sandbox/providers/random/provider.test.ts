import { expect, test } from "vitest";
import { type PropertyMap, Secret, UNKNOWN } from "../protocol/types.ts";
import { deploy, refTo } from "../testing.ts";
import { randomProvider } from "./provider.ts";

const random = randomProvider();
const type = (name: string) => refTo(`random:index/random${name}:Random${name}`);

test("a password is secret, of the length and the classes asked for, and drawn anew each time", async () => {
  const args = { length: 40, special: false, minNumeric: 5, minUpper: 20 };
  const password = await deploy(random, type("Password"), args);
  expect(password.marked.result).toBeInstanceOf(Secret);
  expect(password.outputs.result).toMatch(/^[A-Za-z0-9]{40}$/);
  const count = (pattern: RegExp) => String(password.outputs.result).match(pattern)?.length ?? 0;
  expect(count(/[0-9]/g)).toBeGreaterThanOrEqual(5);
  expect(count(/[A-Z]/g)).toBeGreaterThanOrEqual(20);
  expect((await deploy(random, type("Password"), args)).outputs.result).not.toBe(password.outputs.result);
});

test("special characters can be chosen", async () => {
  const { outputs } = await deploy(random, type("Password"), {
    length: 8,
    lower: false,
    upper: false,
    numeric: false,
    overrideSpecial: "_",
  });
  expect(outputs.result).toBe("________");
});

test("texts, bytes and UUIDs", async () => {
  const text = await deploy(random, type("String"), { length: 6 });
  expect([text.id, text.marked.result]).toEqual([text.outputs.result, text.outputs.result]);
  const bytes = await deploy(random, type("Bytes"), { length: 32 });
  expect([bytes.marked.base64, bytes.marked.hex]).toEqual([expect.any(Secret), expect.any(Secret)]);
  expect(Buffer.from(String(bytes.outputs.base64), "base64").toString("hex")).toBe(bytes.outputs.hex);
  expect(String(bytes.outputs.hex)).toHaveLength(64);
  const uuid = await deploy(random, type("Uuid"), { keepers: { for: "x" } });
  expect(uuid.outputs.result).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
});

test("a value stays until a keeper or the length changes", async () => {
  const old = await deploy(random, type("Password"), { length: 10, keepers: { window: "1" } });
  const diff = async (news: PropertyMap) =>
    (await random.diff(type("Password"), old.id, old, (await random.check(type("Password"), old.inputs, news)).inputs))
      .changes;
  expect(await diff({ length: 10, keepers: { window: "1" } })).toEqual({});
  expect(await diff({ length: 10, keepers: { window: "2" } })).toEqual({ "keepers.window": "update-replace" });
  expect(await diff({ length: 12, keepers: { window: "1" } })).toEqual({ length: "update-replace" });
  const refreshed = await random.read(type("Password"), old.id, old);
  expect(refreshed?.inputs).toEqual(old.inputs);
  expect(refreshed?.outputs.result).toEqual(new Secret(String(old.outputs.result)));
});

test.each([
  [{ length: 0 }, "length"],
  [{ length: 3, minLower: 2, minUpper: 2 }, "length"],
  [{ length: 3, lower: false, upper: false, numeric: false, special: false }, "lower"],
  [{}, "length"],
])("%j is refused", async (args, property) => {
  const { failures } = await random.check(type("Password"), undefined, args);
  expect(failures.map((failure) => failure.property)).toEqual([property]);
});

test("a preview draws nothing", async () => {
  const planned = await random.create(type("Password"), { length: 10 }, { preview: true, timeoutSeconds: 1 });
  expect(planned.outputs.result).toEqual(new Secret(UNKNOWN));
});
