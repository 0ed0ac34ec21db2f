import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { appSingleTenant } from "./app-single-tenant.ts";

const types = [
  "azuread:index/application:Application",
  "azuread:index/applicationRegistration:ApplicationRegistration",
];

it.each(types)("%s: accepts this tenant, the default, and what is not known yet", (type) => {
  for (const props of [{}, { signInAudience: "AzureADMyOrg" }, { signInAudience: unknownText }]) {
    expect(messages(appSingleTenant, { type, props })).toEqual([]);
  }
});

it.each(types)("%s: refuses every other audience", (type) => {
  for (const signInAudience of [
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
  ]) {
    expect(messages(appSingleTenant, { type, props: { signInAudience } })[0]).toContain(signInAudience);
  }
});
