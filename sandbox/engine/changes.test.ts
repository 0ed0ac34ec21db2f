import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it } from "vitest";
import { ChangeCollector } from "./changes.ts";

const stack = "urn:pulumi:sandbox::entrada::pulumi:pulumi:Stack::entrada-sandbox";
const tool = "urn:pulumi:sandbox::entrada::entrada:a:Tool::a";
const client = "urn:pulumi:sandbox::entrada::entrada:a:Tool$entrada:entra:OidcClient::a";
const application = "urn:pulumi:sandbox::entrada::entrada:a:Tool$entrada:entra:OidcClient$azuread:x:Application::a-app";

const step = (op: string, urn: string, parent: string, side: "old" | "new" = "new") =>
  ({ resourcePreEvent: { metadata: { op, urn, [side]: { parent } } } }) as unknown as EngineEvent;

function collect(...events: EngineEvent[]) {
  const collector = new ChangeCollector();
  for (const event of events) collector.onEvent(event);
  return collector;
}

describe("ChangeCollector", () => {
  it("keeps what changes, once for each operation, and not what stays", () => {
    const { changes, counts } = collect(
      step("same", tool, stack),
      step("update", application, client),
      step("update", application, client),
      step("delete", client, tool, "old"),
    );
    expect(changes.map(({ op, urn }) => [op, urn])).toEqual([
      ["update", application],
      ["delete", client],
    ]);
    expect(counts).toEqual({ update: 1, delete: 1 });
  });

  it("knows below which resource of the stack everything stands, deleted things too", () => {
    const collected = collect(
      step("same", tool, stack),
      step("delete", application, client, "old"),
      step("same", client, tool),
    );
    expect([application, client, tool].map((urn) => collected.ownerOf(urn))).toEqual(["a", "a", "a"]);
    expect(collected.ownerOf("urn:pulumi:sandbox::entrada::pulumi:providers:azuread::entra")).toBe("entra");
  });
});
