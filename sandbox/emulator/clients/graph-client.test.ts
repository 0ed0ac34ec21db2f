import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./run-program.ts";
import { type SeededCloud, seededCloud } from "./seeded-cloud.ts";

let cloud: SeededCloud;
let steps: Awaited<ReturnType<typeof runProgram>>;
beforeAll(async () => {
  cloud = await seededCloud();
  steps = await runProgram(cloud, "./graph-client.program.ts");
}, 120_000);
afterAll(() => cloud.close());

describe("the Microsoft Graph client", () => {
  it("registers an application with a role and gives it to a group", () => {
    expect(steps.applications).toMatchObject({
      value: [{ principalDisplayName: "bi-admins", principalType: "Group" }],
      after: { statusCode: 404, code: "Request_ResourceNotFound" },
    });
  });

  it("adds and removes members by reference", () => {
    expect(steps.members).toMatchObject({
      again: { statusCode: 400, code: "Request_BadRequest" },
      before: [{ "@odata.type": "#microsoft.graph.user", displayName: "Ana Lima" }],
      after: [],
    });
  });

  it("walks through every page", () => {
    const names = ["ana.lima", "eva.wolf", "jon.berg", "mia.chen", "tom.reis"].map((name) => `${name}@contoso.com`);
    expect(steps.pages).toEqual({ size: 2, names });
  });

  it("filters and counts", () => {
    expect(steps.filters).toEqual({ found: 2, count: 4 });
  });

  it("sends batches", () => {
    expect(steps.batch).toMatchObject({ person: { displayName: "Ana Lima" }, missing: 404 });
  });

  it("reads 501 for what is not emulated, and 403 for what it may not do", () => {
    expect(steps.refusals).toMatchObject({
      unknown: {
        statusCode: 501,
        code: "NotImplemented",
        message: expect.stringContaining("/v1.0/security/alerts_v2"),
      },
      forbidden: { statusCode: 403, code: "Authorization_RequestDenied" },
    });
  });
});
