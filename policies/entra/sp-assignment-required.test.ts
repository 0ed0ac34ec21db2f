import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { spAssignmentRequired } from "./sp-assignment-required.ts";

const graph = "00000003-0000-0000-c000-000000000000";
const own = "11111111-2222-4333-8444-555555555555";
const run = (props: object, config?: object) =>
  messages(
    spAssignmentRequired,
    { type: "azuread:index/servicePrincipal:ServicePrincipal", name: "superset", props },
    config,
  );

it("accepts assignment, and what is not known yet", () => {
  expect(run({ clientId: unknownText, appRoleAssignmentRequired: true })).toEqual([]);
  expect(run({ clientId: own, appRoleAssignmentRequired: unknownText })).toEqual([]);
});

it("takes an absent setting as the provider does, as false", () => {
  expect(run({ clientId: unknownText })[0]).toContain(
    'ServicePrincipal "superset": appRoleAssignmentRequired is not set',
  );
  expect(run({ clientId: own, appRoleAssignmentRequired: false })).toHaveLength(1);
});

it("leaves alone Microsoft's own services that are only looked up, nothing else", () => {
  expect(run({ clientId: graph, useExisting: true })).toEqual([]);
  expect(run({ clientId: graph })).toHaveLength(1);
  expect(run({ clientId: own, useExisting: true })).toHaveLength(1);
  expect(run({ clientId: own, useExisting: true }, { exemptClientIds: [own] })).toEqual([]);
});
