import { beforeEach, describe, expect, it, test } from "vitest";
import { MULTIFACTOR_COMBINATIONS } from "../../../../model/conditional-access/built-in-strengths.ts";
import { BUILT_IN_STRENGTHS } from "../../../../model/conditional-access/policy.ts";
import { NOWHERE } from "../../testing.ts";
import { POLICIES, type PolicyWorld, policy, policyWorld, STRENGTHS } from "./testing.ts";

let world: PolicyWorld;
beforeEach(() => {
  world = policyWorld();
});

const keys = { displayName: "Security keys", description: "Keys only", allowedCombinations: ["fido2"] };
const own = () => world.made(STRENGTHS, keys);
const get = async (id: string) => (await world.graph("GET", `${STRENGTHS}/${id}`)).body;
const using = (id: string, grant: object = {}) =>
  policy({ grant: { operator: "OR", builtInControls: [], authenticationStrength: { id }, ...grant } });

it("has the built-in ones with their combinations", async () => {
  const { body } = await world.graph("GET", `${STRENGTHS}?$filter=policyType eq 'builtIn'`);
  expect(
    body.value.map(({ id, displayName, allowedCombinations }: Record<string, unknown[]>) => [
      id,
      displayName,
      allowedCombinations?.length,
    ]),
  ).toEqual([
    [BUILT_IN_STRENGTHS.mfa, "Multifactor authentication", 19],
    [BUILT_IN_STRENGTHS.passwordless, "Passwordless MFA", 4],
    [BUILT_IN_STRENGTHS["phishing-resistant"], "Phishing-resistant MFA", 3],
  ]);
  expect(await get(BUILT_IN_STRENGTHS.mfa)).toMatchObject({
    createdDateTime: "2021-12-01T08:00:00Z",
    policyType: "builtIn",
    requirementsSatisfied: "mfa",
    allowedCombinations: MULTIFACTOR_COMBINATIONS,
    combinationConfigurations: [],
  });
});

describe("a strength of the tenant's own", () => {
  it("is made, changed and deleted", async () => {
    const made = await own();
    const dates = { createdDateTime: "2026-03-02T09:00:00.000Z", modifiedDateTime: "2026-03-02T09:00:00.000Z" };
    expect(made).toMatchObject({ ...keys, ...dates, policyType: "custom", requirementsSatisfied: "mfa" });
    world.wait(1000);
    const { status } = await world.graph("PATCH", `${STRENGTHS}/${made.id}`, {
      displayName: "Keys",
      description: null,
    });
    expect(status).toBe(204);
    expect(await get(made.id)).toMatchObject({
      displayName: "Keys",
      description: null,
      createdDateTime: dates.createdDateTime,
      modifiedDateTime: "2026-03-02T09:00:01.000Z",
    });
    expect((await world.graph("DELETE", `${STRENGTHS}/${made.id}`)).status).toBe(204);
    expect((await world.graph("GET", `${STRENGTHS}/${made.id}`)).status).toBe(404);
  });

  it("gets other combinations by an action of its own", async () => {
    const { id } = await own();
    const user = await world.made(POLICIES, using(id));
    const answer = await world.graph("POST", `${STRENGTHS}/${id}/updateAllowedCombinations`, {
      allowedCombinations: ["sms, password", "fido2"],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      previousCombinations: ["fido2"],
      currentCombinations: ["password,sms", "fido2"],
      conditionalAccessReferences: [user.id],
    });
    expect((await get(id)).allowedCombinations).toEqual(["password,sms", "fido2"]);
    const { grantControls } = (await world.graph("GET", `${POLICIES}/${user.id}`)).body;
    expect(grantControls.authenticationStrength.allowedCombinations).toEqual(["password,sms", "fido2"]);
  });

  it("tells who uses it, and stays as long as somebody does", async () => {
    const { id } = await own();
    const needed = await world.made(POLICIES, using(id));
    const offered = await world.made(POLICIES, using(id, { builtInControls: ["compliantDevice"] }));
    const both = await world.made(POLICIES, using(id, { operator: "AND", builtInControls: ["compliantDevice"] }));
    const { body } = await world.graph("GET", `${STRENGTHS}/${id}/usage`);
    const ids = (policies: { id: string }[]) => policies.map((one) => one.id);
    expect([ids(body.mfa), ids(body.none)]).toEqual([[needed.id, both.id], [offered.id]]);
    const refusal = await world.graph("DELETE", `${STRENGTHS}/${id}`);
    expect(refusal.status).toBe(400);
    expect(refusal.body.error.message).toContain(needed.id);
    for (const one of [needed, offered, both]) await world.graph("DELETE", `${POLICIES}/${one.id}`);
    expect((await world.graph("DELETE", `${STRENGTHS}/${id}`)).status).toBe(204);
  });
});

test.each<[string, string, unknown, string]>([
  ["POST", "", { ...keys, displayName: undefined }, "displayName"],
  ["POST", "", { ...keys, allowedCombinations: undefined }, "allowedCombinations"],
  ["POST", "", { ...keys, allowedCombinations: [] }, "allowedCombinations"],
  ["POST", "", { ...keys, allowedCombinations: ["password"] }, "'password' is not one of the combinations"],
  ["POST", "", { ...keys, allowedCombinations: ["fido2,sms"] }, "'fido2,sms' is not one of"],
  ["POST", "", { ...keys, policyType: "custom" }, "policyType"],
  ["POST", "", { ...keys, displayName: "Passwordless MFA" }, "already"],
  ["PATCH", BUILT_IN_STRENGTHS.mfa, { displayName: "x" }, "built-in"],
  ["POST", `${BUILT_IN_STRENGTHS.mfa}/updateAllowedCombinations`, { allowedCombinations: ["fido2"] }, "built-in"],
  ["DELETE", BUILT_IN_STRENGTHS.mfa, undefined, "built-in"],
])("%s %s %j is refused", async (method, path, body, part) => {
  const answer = await world.graph(method, `${STRENGTHS}/${path}`, body);
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain(part);
});

it("does not change combinations with PATCH", async () => {
  const { id } = await own();
  const { status } = await world.graph("PATCH", `${STRENGTHS}/${id}`, { allowedCombinations: ["fido2"] });
  expect(status).toBe(400);
});

it("has room for 15 of the tenant's own", async () => {
  for (let index = 0; index < 15; index++) await world.made(STRENGTHS, { ...keys, displayName: `Keys ${index}` });
  expect((await world.graph("POST", STRENGTHS, keys)).body.error.message).toContain("at most 15");
});

test.each([
  ["Policy.ReadWrite.AuthenticationMethod", 201],
  ["Policy.ReadWrite.ConditionalAccess", 201],
  ["Policy.Read.All", 403],
])("%s gets %i for a new one", async (role, status) => {
  world.callers.it = { objectId: NOWHERE, clientId: NOWHERE, roles: [role], scopes: [] };
  expect((await world.graph("POST", STRENGTHS, keys, "it")).status).toBe(status);
  expect((await world.graph("GET", STRENGTHS, undefined, "it")).status).toBe(200);
});
