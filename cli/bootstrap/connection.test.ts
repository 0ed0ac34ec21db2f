import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../../sandbox/emulator/clients/run-program.ts";
import { type SeededCloud, seededCloud } from "../../sandbox/emulator/clients/seeded-cloud.ts";

let cloud: SeededCloud;
let steps: Awaited<ReturnType<typeof runProgram>>;
beforeAll(async () => {
  cloud = await seededCloud();
  steps = await runProgram(cloud, new URL("./connection.program.ts", import.meta.url).href);
}, 120_000);
afterAll(() => cloud.close());

describe("entrada bootstrap over the network", () => {
  it("reaches Azure's own hosts through HTTPS_PROXY, signed in by the environment's variables", () => {
    expect(steps.first).toMatchObject({ environment: "uat", changed: 8, login: expect.stringMatching(/^azblob:/) });
  });

  it("changes nothing the second time", () => {
    expect(steps.second).toMatchObject({ changed: 0, secretsProvider: steps.first.secretsProvider });
  });

  it("says what to do when nobody is signed in to the tenant", () => {
    expect(steps.elsewhere.failed).toMatch(/^Nobody is signed in to Azure: run `az login --tenant 0{8}-/);
  });
});
