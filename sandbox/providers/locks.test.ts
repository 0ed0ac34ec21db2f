import { expect, test } from "vitest";
import { createLocks } from "./locks.ts";

const later = () => new Promise((resolve) => setTimeout(resolve, 5));

test("tasks of one key run one after the other, also after a failure; other keys do not wait", async () => {
  const locks = createLocks();
  const seen: string[] = [];
  const task = (name: string) => async () => {
    seen.push(`${name} begins`);
    await later();
    seen.push(`${name} ends`);
  };
  const failing = locks("a", async () => {
    await task("first")();
    throw new Error("no");
  });
  await Promise.all([expect(failing).rejects.toThrow("no"), locks("a", task("second")), locks("b", task("other"))]);
  expect(seen.indexOf("other begins")).toBeLessThan(seen.indexOf("first ends"));
  expect(seen.indexOf("second begins")).toBeGreaterThan(seen.indexOf("first ends"));
});
