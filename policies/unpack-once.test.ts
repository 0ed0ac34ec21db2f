import { createRequire } from "node:module";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, it } from "vitest";

const require = createRequire(import.meta.url);
require("./unpack-once.cjs");
const { deserializeProperties } = require("@pulumi/policy/deserialize.js") as {
  deserializeProperties(message: Struct, keepSecrets: boolean): Record<string, unknown>;
};

const [one, other] = [Struct.fromJavaScript({ a: [1, { b: "c" }] }), Struct.fromJavaScript({ a: "another" })];

it("unpacks each message once, and each by itself", () => {
  expect(one.toJavaScript()).toEqual({ a: [1, { b: "c" }] });
  expect(one.toJavaScript()).toBe(one.toJavaScript());
  expect(other.toJavaScript()).toEqual({ a: "another" });
});

it("takes secrets out of their wrapping once for all rules, and anew where they stay marked", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "planted" };
  const message = Struct.fromJavaScript({ key: secret, name: "k" });
  expect(deserializeProperties(message, false)).toEqual({ key: "planted", name: "k" });
  expect(deserializeProperties(message, false)).toBe(deserializeProperties(message, false));
  expect(deserializeProperties(other, false)).toEqual({ a: "another" });
  expect(deserializeProperties(message, true)).not.toBe(deserializeProperties(message, true));
});
