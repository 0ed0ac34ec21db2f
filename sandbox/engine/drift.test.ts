import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it } from "vitest";
import { DriftCollector } from "./drift.ts";

const refreshed = (op: string, old?: object, live?: object) =>
  ({
    resOutputsEvent: { metadata: { op, urn: "urn:a", old: old && { inputs: old }, new: live && { inputs: live } } },
  }) as unknown as EngineEvent;

function collect(...events: EngineEvent[]) {
  const collector = new DriftCollector();
  for (const event of events) collector.onEvent(event);
  return collector.found;
}

describe("DriftCollector", () => {
  it("is silent about what is as it was", () =>
    expect(collect(refreshed("refresh", { name: "a" }, { name: "a" }))).toEqual([]));

  it("names the properties that differ, added and removed ones too", () => {
    expect(collect(refreshed("refresh", { name: "a", gone: 1 }, { name: "b", more: 2 }))).toEqual([
      { urn: "urn:a", kind: "changed", properties: ["gone", "more", "name"] },
    ]);
  });

  it("tells a deletion", () => {
    const deleted = [{ urn: "urn:a", kind: "deleted", properties: [] }];
    expect(collect(refreshed("refresh", { name: "a" }))).toEqual(deleted);
    expect(collect(refreshed("delete", { name: "a" }))).toEqual(deleted);
  });

  it("passes over events that are no results", () => expect(collect({} as EngineEvent)).toEqual([]));
});
