import { createRequire } from "node:module";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, it } from "vitest";

createRequire(import.meta.url)("./unpack-once.cjs");

it("unpacks each message once, and each by itself", () => {
  const [one, other] = [Struct.fromJavaScript({ a: [1, { b: "c" }] }), Struct.fromJavaScript({ a: "another" })];
  expect(one.toJavaScript()).toEqual({ a: [1, { b: "c" }] });
  expect(one.toJavaScript()).toBe(one.toJavaScript());
  expect(other.toJavaScript()).toEqual({ a: "another" });
});
