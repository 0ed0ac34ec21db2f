import { expect, test, vi } from "vitest";
import { endInOrder } from "./parts.ts";

test("parts are ended in the other order, each once, and also after one that does not end", async () => {
  const ended: string[] = [];
  const stops = [
    async () => void ended.push("client"),
    async () => {
      throw new Error("connect ECONNREFUSED");
    },
    () => void ended.push("kubelet"),
  ];
  const log = vi.fn<(line: string) => void>();
  await endInOrder(stops, log);
  await endInOrder(stops, log);
  expect(ended).toEqual(["kubelet", "client"]);
  expect(log).toHaveBeenCalledExactlyOnceWith("while stopping: connect ECONNREFUSED");
});
