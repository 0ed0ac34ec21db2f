import { CoreV1Api } from "@kubernetes/client-node";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { loadSettings, stackFile } from "../../cli/project.ts";
import type { MappedRoles } from "../../components/tools/fab/tests/mapped-roles.ts";
import { contracts } from "../../components/tools/registry.ts";
import { supersetContract } from "../../components/tools/superset/contract.ts";
import { mappedRoles } from "../../components/tools/superset/tests/python.ts";
import { accessMatrix, toolSettings } from "../../model/index.ts";
import { TestSandbox } from "./harness.ts";
import { kubeConfig } from "./live.ts";

const sandbox = new TestSandbox(inject("sharedSandbox"));
const settings = loadSettings(stackFile("sandbox"));

describe("the deployed Superset settings, loaded by real Superset and Flask-AppBuilder", () => {
  let mapped: MappedRoles;
  beforeAll(async () => {
    const api = kubeConfig(sandbox).makeApiClient(CoreV1Api);
    const read = async (name: string) =>
      (await api.readNamespacedConfigMap({ name, namespace: "superset" })).data ?? {};
    mapped = await mappedRoles(await read("superset-settings"), await read("superset-config"));
  });

  it("give each app role exactly the rights that the contract promises", () => {
    const tool = toolSettings(settings, supersetContract);
    if (!tool) throw new Error("The sample company has no Superset.");
    const promised = supersetContract.roles(tool).map(({ value, toolRoles }) => [value, [...toolRoles].sort()]);
    const given = Object.entries(mapped.roles).map(([value, roles]) => [value, [...(roles ?? [])].sort()]);
    expect(Object.fromEntries(given)).toEqual(Object.fromEntries(promised));
  });

  it("know every role that somebody holds in the access matrix", () => {
    const held = accessMatrix(settings, contracts)
      .people.filter(({ partner }) => partner === undefined)
      .flatMap(({ access }) => access.filter(({ tool }) => tool === "superset").map(({ role }) => role));
    expect(held.length).toBeGreaterThan(5);
    for (const role of held) expect(mapped.roles).toHaveProperty([role]);
  });

  it("let nobody in who has no mapped role", () => expect(mapped.unmapped).toBeNull());
});
