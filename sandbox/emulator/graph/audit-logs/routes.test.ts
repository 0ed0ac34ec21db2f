import { describe, expect, it } from "vitest";
import { recordSignIn, type SignInEntry } from "../../entra/sign-in-log.ts";
import { type Answer, seededWorld, send, type World } from "../../testing.ts";
import { createGraphApp } from "../app.ts";

const CORRELATION = "c0000000-0000-4000-8000-00000000c0de";
const [PERSON, PROGRAM] = ["11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"];

function entry(id: string, type: "interactiveUser" | "servicePrincipal"): SignInEntry {
  return {
    id,
    createdDateTime: "2026-03-02T09:00:00.000Z",
    correlationId: CORRELATION,
    isInteractive: type === "interactiveUser",
    signInEventTypes: [type],
    status: { errorCode: 53003, failureReason: "Blocked.", additionalDetails: null },
    conditionalAccessStatus: "failure",
    appliedConditionalAccessPolicies: [
      {
        id: "p",
        displayName: "The policy",
        result: "failure",
        conditionsNotSatisfied: "none",
        enforcedGrantControls: ["block"],
        enforcedSessionControls: [],
      },
    ],
  };
}

function loggedWorld(): { world: World; get: (path: string, as?: string) => Promise<Answer> } {
  const world = seededWorld();
  recordSignIn(world.context, entry(PERSON, "interactiveUser"));
  recordSignIn(world.context, entry(PROGRAM, "servicePrincipal"));
  world.callers.auditor = { ...world.deployer, roles: ["AuditLog.Read.All"] };
  world.callers.reader = { ...world.deployer, roles: ["Policy.Read.All"] };
  const app = createGraphApp(world.context);
  return { world, get: (path, as) => send(app, "GET", `https://graph.microsoft.com/${path}`, undefined, as) };
}

const ids = ({ body }: Answer) => (body.value as { id: string }[]).map(({ id }) => id);

describe("the sign-in log in Graph", () => {
  it("is found by correlation id, people's sign-ins alone", async () => {
    const { get } = loggedWorld();
    const filter = (id: string) => encodeURIComponent(`correlationId eq '${id}'`);
    const found = await get(`beta/auditLogs/signIns?$filter=${filter(CORRELATION)}`);
    expect(found.status).toBe(200);
    expect(ids(found)).toEqual([PERSON]);
    expect(found.body["@odata.context"]).toBe("https://graph.microsoft.com/beta/$metadata#auditLogs/signIns");
    expect(found.body.value[0]).toMatchObject({
      status: { errorCode: 53003 },
      appliedConditionalAccessPolicies: [{ displayName: "The policy", conditionsNotSatisfied: "none" }],
    });
    expect(ids(await get(`beta/auditLogs/signIns?$filter=${filter("c0000000-0000-4000-8000-000000000000")}`))).toEqual(
      [],
    );
  });

  it("has programs' sign-ins in beta, for who asks for them", async () => {
    const { get } = loggedWorld();
    const programs = encodeURIComponent("signInEventTypes/any(t: t eq 'servicePrincipal')");
    expect(ids(await get(`beta/auditLogs/signIns?$filter=${programs}`))).toEqual([PROGRAM]);
    expect((await get(`v1.0/auditLogs/signIns?$filter=${programs}`)).status).toBe(400);
    expect(ids(await get("v1.0/auditLogs/signIns"))).toEqual([PERSON]);
  });

  it("gives one entry by its id", async () => {
    const { get } = loggedWorld();
    const { body } = await get(`v1.0/auditLogs/signIns/${PROGRAM}`);
    expect(body).toMatchObject({ id: PROGRAM, correlationId: CORRELATION });
    expect(body).not.toHaveProperty("signInEventTypes");
    expect(body.appliedConditionalAccessPolicies[0]).not.toHaveProperty("conditionsNotSatisfied");
    expect((await get("v1.0/auditLogs/signIns/nothing")).status).toBe(404);
  });

  it("is closed without its permission, and hides the policies from who may not read them", async () => {
    const { get } = loggedWorld();
    expect((await get("beta/auditLogs/signIns", "reader")).status).toBe(403);
    const { body } = await get("beta/auditLogs/signIns", "auditor");
    expect(body.value[0].appliedConditionalAccessPolicies).toBeNull();
  });
});
