import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { consentMinimal } from "./consent-minimal.ts";
import { noDefaultAccessRole } from "./no-default-access-role.ts";
import { noGroupClaims } from "./no-group-claims.ts";

const grant = "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";
const assignment = "azuread:index/appRoleAssignment:AppRoleAssignment";
const application = "azuread:index/application:Application";

it("consent-minimal accepts sign-in scopes only", () => {
  const run = (claimValues: unknown, config?: object) =>
    messages(consentMinimal, { type: grant, props: { claimValues } }, config);
  expect(run(["openid", "profile", "email", "offline_access", "User.Read"])).toEqual([]);
  expect(run(unknownText)).toEqual([]);
  expect(run([unknownText, "Directory.Read.All"])).toEqual([
    expect.stringContaining('claimValues[1] is "Directory.Read.All"'),
  ]);
  expect(run(["User.Read"], { scopes: ["openid"] })).toHaveLength(1);
});

it("no-default-access-role refuses the role of all zeros", () => {
  const run = (props: object) => messages(noDefaultAccessRole, { type: assignment, props });
  expect(run({ appRoleId: "0d9a1f4e-54ef-5d52-9c86-1d1d2f0b9a11" })).toEqual([]);
  expect(run({ appRoleId: unknownText })).toEqual([]);
  expect(run({})).toEqual([]);
  expect(run({ appRoleId: "00000000-0000-0000-0000-000000000000" })).toHaveLength(1);
});

it("no-group-claims refuses groups in tokens", () => {
  const run = (props: object, config?: object) => messages(noGroupClaims, { type: application, props }, config);
  expect(run({})).toEqual([]);
  expect(run({ groupMembershipClaims: ["None"] })).toEqual([]);
  expect(run({ groupMembershipClaims: [unknownText, "SecurityGroup"] })).toHaveLength(1);
  expect(run({ groupMembershipClaims: ["ApplicationGroup"] })).toHaveLength(1);
  expect(run({ groupMembershipClaims: ["ApplicationGroup"] }, { allowed: ["ApplicationGroup"] })).toEqual([]);
});
