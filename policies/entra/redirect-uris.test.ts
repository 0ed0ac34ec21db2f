import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages, type Sample } from "../testing/harness.ts";
import { redirectExact } from "./redirect-exact.ts";
import { redirectHttps } from "./redirect-https.ts";
import { redirectOnePlatform } from "./redirect-one-platform.ts";

const type = "azuread:index/application:Application";
const ours = { domains: ["contoso.com"] };

const web = (...redirectUris: unknown[]): Sample => ({ type, name: "superset", props: { web: { redirectUris } } });
const publicClient = (uri: string): Sample => ({ type, props: { publicClient: { redirectUris: [uri] } } });
const list = (kind: string, uri: string): Sample => ({
  type: "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
  props: { type: kind, redirectUris: [uri] },
});

describe("redirect-https", () => {
  it.each([
    ["https", web("https://superset.contoso.com/oauth-authorized/azure")],
    ["no redirect URI", { type, props: {} }],
    ["not known yet", web(unknownText)],
    ["a list that is not known yet", { type, props: { web: { redirectUris: unknownText } } }],
  ])("accepts %s", (_, sample) => {
    expect(messages(redirectHttps, sample)).toEqual([]);
  });

  it.each([
    ["http", web("http://superset.contoso.com/x")],
    ["http to this machine for a web client", web("http://localhost:8088/x")],
    ["http to this machine for a public client", publicClient("http://localhost:8088/x")],
    ["another scheme", publicClient("urn:ietf:wg:oauth:2.0:oob")],
    ["a single-page address", { type, props: { singlePageApplication: { redirectUris: ["http://a.contoso.com/x"] } } }],
    ["a list of its own", list("SPA", "http://a.contoso.com/x")],
  ])("refuses %s", (_, sample) => {
    expect(messages(redirectHttps, sample)).toHaveLength(1);
  });

  it("says which address of which application, and hides what a query may hold", () => {
    const [message] = messages(redirectHttps, web(unknownText, "http://user:pass@superset.contoso.com/x?code=abc"));
    expect(message).toContain('Application "superset": web.redirectUris[1] is "http://…@superset.contoso.com/x?…"');
  });

  it("lets public clients on this machine use http when asked to, nobody else", () => {
    const dev = { allowLoopbackHttp: true };
    for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
      expect(messages(redirectHttps, publicClient(`http://${host}:8400/x`), dev)).toEqual([]);
    }
    expect(messages(redirectHttps, list("PublicClient", "http://localhost/x"), dev)).toEqual([]);
    expect(messages(redirectHttps, web("http://localhost/x"), dev)).toHaveLength(1);
    expect(messages(redirectHttps, publicClient("http://localhost.contoso.com/x"), dev)).toHaveLength(1);
  });
});

describe("redirect-exact", () => {
  it.each([
    ["a host within the domain", "https://superset.data.contoso.com/oauth-authorized/azure"],
    ["the domain itself", "https://contoso.com/auth/sso"],
    ["a port of its own", "https://superset.contoso.com:8443/x"],
  ])("accepts %s", (_, uri) => {
    expect(messages(redirectExact, web(uri), ours)).toEqual([]);
  });

  it.each([
    ["a wildcard host", "https://*.contoso.com/x", "without `*`"],
    ["a wildcard path", "https://superset.contoso.com/*", "without `*`"],
    ["a fragment", "https://superset.contoso.com/x#y", "fragment"],
    ["a foreign domain", "https://superset.example.com/x", "a host within contoso.com"],
    ["a domain that only ends alike", "https://evilcontoso.com/x", "a host within contoso.com"],
    ["a domain that only begins alike", "https://contoso.com.example/x", "a host within contoso.com"],
    ["a user name that looks like our host", "https://contoso.com@example.org/x", "without user name"],
    ["the bare host", "https://superset.contoso.com", "not `/`"],
    ["the bare host with a slash", "https://superset.contoso.com/", "not `/`"],
    ["an upper-case host", "https://Superset.contoso.com/x", "lower-case host"],
    ["the default port", "https://superset.contoso.com:443/x", "no default port"],
    ["dots in the path", "https://superset.contoso.com/a/../x", "no `..`"],
    ["a path without a host", "/oauth-authorized/azure", "complete address"],
  ])("refuses %s", (_, uri, wanted) => {
    expect(messages(redirectExact, web(uri), ours).join()).toContain(wanted);
  });

  it("checks the rest of a list beside an unknown address", () => {
    expect(messages(redirectExact, web(unknownText, "https://example.org/x"), ours)).toHaveLength(1);
  });

  it("takes every host as foreign until domains are configured, and says so", () => {
    expect(messages(redirectExact, web("https://superset.contoso.com/x"))[0]).toContain("the setting `domains`");
  });

  it("leaves loopback addresses of public clients to redirect-https", () => {
    expect(messages(redirectExact, publicClient("http://localhost"), ours)).toEqual([]);
    expect(messages(redirectExact, web("http://localhost/x"), ours)).toHaveLength(1);
  });
});

describe("redirect-one-platform", () => {
  const both = (spa: string[], ...redirectUris: string[]): Sample => ({
    type,
    props: { web: { redirectUris }, singlePageApplication: { redirectUris: spa } },
  });

  it("accepts different addresses for the two platforms, also while one is unknown", () => {
    expect(messages(redirectOnePlatform, both(["https://a.contoso.com/spa"], "https://a.contoso.com/web"))).toEqual([]);
    expect(messages(redirectOnePlatform, both([unknownText], "https://a.contoso.com/web", unknownText))).toEqual([]);
  });

  it("refuses one address on both, beside an unknown one", () => {
    const [message] = messages(
      redirectOnePlatform,
      both([unknownText, "https://a.contoso.com/x"], "https://a.contoso.com/x"),
    );
    expect(message).toContain("singlePageApplication.redirectUris[1]");
    expect(message).toContain("as is web.redirectUris[0]");
  });
});
