import { CoreV1Api } from "@kubernetes/client-node";
import { describe, expect, inject, it } from "vitest";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { airflowContract } from "../../components/tools/airflow/contract.ts";
import { mappedRoles } from "../../components/tools/airflow/tests/python.ts";
import { schemaRefusals } from "../../components/tools/openmetadata/tests/schema.ts";
import { toolSettings } from "../../model/index.ts";
import { TestSandbox } from "./harness.ts";
import { kubeConfig } from "./live.ts";

const sandbox = new TestSandbox(inject("sharedSandbox"));
const settings = loadSettings(stackFile("sandbox"));

async function configMap(namespace: string, name: string): Promise<Record<string, string>> {
  const api = kubeConfig(sandbox).makeApiClient(CoreV1Api);
  return (await api.readNamespacedConfigMap({ name, namespace })).data ?? {};
}

describe("the deployed Airflow settings, loaded by real Airflow and Flask-AppBuilder", () => {
  it("give each app role exactly the rights that the contract promises, and nobody else any", async () => {
    const tool = toolSettings(settings, airflowContract);
    if (!tool) throw new Error("The sample company has no Airflow.");
    const mapped = await mappedRoles(
      await configMap("airflow", "airflow-settings"),
      await configMap("airflow", "airflow-config"),
    );
    const people = airflowContract.roles(tool).filter(({ holders = ["User"] }) => holders.includes("User"));
    const promised = people.map(({ value, toolRoles }) => [value, [...toolRoles].sort()]);
    const given = Object.entries(mapped.roles).map(([value, roles]) => [value, [...(roles ?? [])].sort()]);
    expect(Object.fromEntries(given)).toMatchObject(Object.fromEntries(promised));
    expect(mapped.roles.Op).toEqual(["Op"]);
    expect(mapped.unmapped).toBeNull();
  });
});

describe("the deployed OpenMetadata configuration, read by OpenMetadata's own schema", () => {
  it("is taken in every part", async () => {
    const { "openmetadata.json": text = "" } = await configMap("openmetadata", "openmetadata-settings");
    const [refused = {}] = await schemaRefusals([text]);
    expect(Object.keys(refused).length).toBeGreaterThan(5);
    expect(Object.values(refused).flat()).toEqual([]);
  });
});
