import { describe, expect, it } from "vitest";
import { startControlServer } from "../supervisor/control-server.ts";
import { recoverInterrupted } from "./recover.ts";
import type { StackState } from "./state.ts";

const urn = (name: string) => `urn:pulumi:sandbox::entrada::azuread:index/group:Group::${name}`;
const group = (name: string, more: object = {}) => ({
  urn: urn(name),
  type: "azuread:index/group:Group",
  custom: true,
  inputs: {
    displayName: name,
    hidden: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" },
  },
  ...more,
});

interface Imported {
  deployment: { resources: Record<string, unknown>[]; pending_operations: unknown[] };
}

/** A stack that remembers what is imported into it, and a cloud in which some groups exist. */
async function recover(resources: object[], pending: object[], cloud: Record<string, string>) {
  const asked: unknown[] = [];
  let imported: Imported | undefined;
  let refreshed = false;
  const state: StackState = {
    export: async () => ({ version: 3, deployment: { resources, pending_operations: pending } }),
    import: async (edited) => {
      imported = edited as unknown as Imported;
    },
  };
  const refresh = async () => {
    refreshed = true;
  };
  const control = await startControlServer({
    "POST /find": (body) => {
      asked.push(body);
      return { id: cloud[(body as { inputs: { displayName: string } }).inputs.displayName] };
    },
  });
  try {
    const { steps: recovered, complete } = await recoverInterrupted(state, refresh, { control });
    return { recovered, complete, imported: imported?.deployment, refreshed, asked };
  } finally {
    await control.close();
  }
}

describe("recoverInterrupted", () => {
  it("does nothing after a run that ended well", async () => {
    expect(await recover([group("a", { id: "1" })], [], {})).toEqual({
      recovered: [],
      complete: false,
      imported: undefined,
      refreshed: false,
      asked: [],
    });
  });

  it("knows a run that got to the stack's outputs from one that was killed before", async () => {
    const root = (outputs?: object) => ({ urn: "urn:root", type: "pulumi:pulumi:Stack", outputs });
    expect((await recover([root({ tools: {} })], [], {})).complete).toBe(true);
    expect((await recover([root({})], [], {})).complete).toBe(false);
    expect((await recover([root()], [], {})).complete).toBe(false);
    expect((await recover([], [], {})).complete).toBe(false);
  });

  it("takes what was created but not recorded into the state, and says so", async () => {
    const { recovered, imported, refreshed } = await recover([], [{ type: "creating", resource: group("a") }], {
      a: "/groups/1",
    });
    expect(recovered).toEqual([{ urn: urn("a"), outcome: "adopted", id: "/groups/1" }]);
    expect(imported).toEqual({ resources: [group("a", { id: "/groups/1" })], pending_operations: [] });
    expect(refreshed).toBe(true);
  });

  it("forgets what had not been created", async () => {
    const { recovered, imported } = await recover([], [{ type: "creating", resource: group("a") }], {});
    expect(recovered).toEqual([{ urn: urn("a"), outcome: "not-created" }]);
    expect(imported).toEqual({ resources: [], pending_operations: [] });
  });

  it("keeps the new half of a replacement and leaves the old one to be deleted", async () => {
    const { imported } = await recover([group("a", { id: "old" })], [{ type: "creating", resource: group("a") }], {
      a: "new",
    });
    expect(imported?.resources).toEqual([group("a", { id: "old", delete: true }), group("a", { id: "new" })]);
  });

  it("does not count a resource twice when its record was written after all", async () => {
    const { recovered, imported } = await recover(
      [group("a", { id: "1" })],
      [{ type: "creating", resource: group("a") }],
      { a: "1" },
    );
    expect(recovered).toEqual([{ urn: urn("a"), outcome: "checked" }]);
    expect(imported?.resources).toEqual([group("a", { id: "1" })]);
  });

  it("reads interrupted updates and deletions anew", async () => {
    const { recovered, refreshed } = await recover(
      [group("a", { id: "1" })],
      [{ type: "deleting", resource: group("a", { id: "1" }) }],
      {},
    );
    expect(recovered).toEqual([{ urn: urn("a"), outcome: "checked" }]);
    expect(refreshed).toBe(true);
  });

  it("asks without ciphertext: it says nothing about a name", async () => {
    const { asked } = await recover([], [{ type: "creating", resource: group("a") }], {});
    expect(asked).toEqual([{ type: "azuread:index/group:Group", urn: urn("a"), inputs: { displayName: "a" } }]);
  });
});
