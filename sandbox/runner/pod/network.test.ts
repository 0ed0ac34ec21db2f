import { expect, test } from "vitest";
import { addresses } from "./network.ts";

test("each host has an address of its own, for all of its ports", () => {
  const found = addresses([
    { names: ["db", "db.bi"], port: 80 },
    { names: ["db", "db.bi"], port: 90 },
    { names: ["web"], port: 80 },
  ]);
  expect(found.map(({ address }) => address)).toEqual(["127.0.1.3", "127.0.1.3", "127.0.1.4"]);
});

test("there are enough for a big cluster, and none is the machine's own loopback", () => {
  const many = addresses(Array.from({ length: 1000 }, (_each, index) => ({ names: [`s-${index}`] })));
  expect(new Set(many.map(({ address }) => address)).size).toBe(1000);
  for (const { address } of many) {
    expect(address).toMatch(/^127\.0\.[1-5]\.\d+$/);
    expect(Number(address.split(".")[3])).toBeLessThan(255);
  }
});
