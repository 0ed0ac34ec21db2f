import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { ficStrict } from "./fic-strict.ts";

const good = {
  audiences: ["api://AzureADTokenExchange"],
  issuer: "https://oidc.contoso.com/cluster-1",
  subject: "system:serviceaccount:superset:superset",
};
const types = [
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  "azure-native:managedidentity:FederatedIdentityCredential",
  "azure-native:managedidentity/v20230131:FederatedIdentityCredential",
];
const run = (props: object) => messages(ficStrict, { type: types[0] ?? "", props });

it.each(types)("accepts one service account: %s", (type) => {
  expect(messages(ficStrict, { type, props: good })).toEqual([]);
});

it("decides the rest while the issuer is unknown", () => {
  expect(run({ ...good, issuer: unknownText })).toEqual([]);
  expect(run({ ...good, issuer: unknownText, subject: "system:serviceaccount:*:superset" })).toHaveLength(1);
});

it.each([
  ["another audience", { audiences: ["api://other"] }, "audiences"],
  ["a second audience", { audiences: [...good.audiences, unknownText] }, "audiences"],
  ["no audience", { audiences: [] }, "audiences"],
  ["an http issuer", { issuer: "http://oidc.contoso.com" }, "issuer"],
  ["the default namespace", { subject: "system:serviceaccount:default:superset" }, "subject"],
  ["a pattern", { subject: "system:serviceaccount:superset:*" }, "subject"],
  ["another kind of subject", { subject: "repo:contoso/infra:ref:refs/heads/main" }, "subject"],
])("refuses %s", (_, change, at) => {
  expect(run({ ...good, ...change })).toEqual([expect.stringContaining(`${at} is `)]);
});
