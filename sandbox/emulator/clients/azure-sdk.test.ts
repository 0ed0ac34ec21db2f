import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./run-program.ts";
import { type SeededCloud, seededCloud } from "./seeded-cloud.ts";

const OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";

let cloud: SeededCloud;
let steps: Awaited<ReturnType<typeof runProgram>>;
beforeAll(async () => {
  cloud = await seededCloud();
  steps = await runProgram(cloud, "./azure-sdk.program.ts");
}, 120_000);
afterAll(() => cloud.close());

describe("the Azure SDK for JavaScript", () => {
  it("manages resource groups, to the end of their deletion", () => {
    expect(steps.groups).toMatchObject({
      exists: true,
      after: { statusCode: 404, code: "ResourceGroupNotFound" },
    });
    expect(steps.groups.names).toEqual(expect.arrayContaining(["rg-entrada", "rg-short"]));
  });

  it("creates a vault and an identity, and waits for them", () => {
    expect(steps.resources.state).toBe("Succeeded");
    expect(steps.resources.types.sort()).toEqual([
      "Microsoft.KeyVault/vaults",
      "Microsoft.ManagedIdentity/userAssignedIdentities",
    ]);
  });

  it("finds roles by name, assigns them once, and lists them", () => {
    expect(steps.roles).toMatchObject({
      found: [OFFICER],
      principalType: "ServicePrincipal",
      again: { statusCode: 409, code: "RoleAssignmentExists" },
      listed: true,
    });
  });

  it("keeps secrets: versions, deletion, recovery, purge", () => {
    expect(steps.secrets).toMatchObject({
      before: { statusCode: 403, code: "Forbidden" },
      values: ["planted-2", "planted-1", "planted-2"],
      expires: "2027-01-01T00:00:00.000Z",
      versions: 2,
      deleted: { statusCode: 404, code: "SecretNotFound" },
      purged: { statusCode: 404 },
    });
  });

  it("reads a secret with workload identity, from a pod's token file or a callback, as its role allows", () => {
    expect(steps.workload).toMatchObject({
      before: { statusCode: 403 },
      values: ["planted", "planted"],
      write: { statusCode: 403 },
      other: { message: expect.stringContaining("AADSTS700213") },
    });
  });

  it("leaves no secret in plain text in the directory", () => {
    expect(JSON.stringify(cloud.store.data)).not.toContain("planted");
  });
});
