import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { type Sample, stackMessages, urnOf } from "../testing/harness.ts";
import { spaXorSecret } from "./spa-xor-secret.ts";

const app = (name: string, props: object): Sample => ({ type: "azuread:index/application:Application", name, props });
const spa = app("spa", { singlePageApplication: { redirectUris: ["https://spa.contoso.com/callback"] } });
const web = app("web", { web: { redirectUris: ["https://web.contoso.com/callback"] } });
const password = (props: object, refs: Record<string, string> = {}): Sample => ({
  type: "azuread:index/applicationPassword:ApplicationPassword",
  name: "secret",
  props,
  refs,
});

it("accepts a single-page application alone, and a secret of a web application", () => {
  const samples = [spa, web, password({ applicationId: unknownText }, { applicationId: "web" })];
  expect(stackMessages(spaXorSecret, samples)).toEqual([]);
});

it("refuses a secret of a single-page application while its id is unknown", () => {
  const secret = password({ applicationId: unknownText }, { applicationId: "spa" });
  const [message] = stackMessages(spaXorSecret, [spa, web, secret]);
  expect(message).toContain(urnOf(secret));
  expect(message).toContain('the application "spa"');
});

it("refuses a certificate, and addresses that are not known yet", () => {
  const late = app("spa", { singlePageApplication: { redirectUris: unknownText } });
  const certificate: Sample = {
    ...password({}, { applicationId: "spa" }),
    type: "azuread:index/applicationCertificate:ApplicationCertificate",
  };
  expect(stackMessages(spaXorSecret, [late, certificate])).toHaveLength(1);
});

it("finds the application by a written id, as in state", () => {
  const made = app("spa", { ...spa.props, objectId: "0b5e" });
  expect(stackMessages(spaXorSecret, [made, password({ applicationId: "/applications/0b5e" })])).toHaveLength(1);
  expect(stackMessages(spaXorSecret, [made, password({ applicationId: "/applications/ffff" })])).toEqual([]);
});

it("counts single-page addresses that are a resource of their own", () => {
  const list: Sample = {
    type: "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
    name: "list",
    props: { type: "SPA", redirectUris: ["https://web.contoso.com/spa"] },
    refs: { applicationId: "web" },
  };
  const secret = password({}, { applicationId: "web" });
  expect(stackMessages(spaXorSecret, [web, list, secret])).toHaveLength(1);
  expect(stackMessages(spaXorSecret, [web, { ...list, props: { type: "Web" } }, secret])).toEqual([]);
});
