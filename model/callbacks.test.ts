import { describe, expect, it } from "vitest";
import { logoutUrl, redirectUris, toolUrl } from "./callbacks.ts";
import { sampleContract } from "./testing/sample.ts";

const tool = {
  host: "charts.data.contoso.com",
  version: "2.0.0",
  namespace: "charts",
  access: {},
  egress: [],
  image: "contoso.azurecr.io/charts:2.0.0",
};

describe("callbacks", () => {
  it("put a version's paths on the tool's host, by platform", () => {
    expect(redirectUris(sampleContract(), tool)).toEqual({
      web: ["https://charts.data.contoso.com/auth/callback"],
      spa: ["https://charts.data.contoso.com/silent"],
    });
  });

  it("follow the version and keep a slash at the end", () => {
    expect(redirectUris(sampleContract(), { ...tool, version: "1.5.0" })).toEqual({
      web: ["https://charts.data.contoso.com/callback/"],
      spa: [],
    });
  });

  it("give the tool's address and the address for signing out, where it has one", () => {
    expect(toolUrl(tool)).toBe("https://charts.data.contoso.com");
    expect(logoutUrl(sampleContract(), tool)).toBe("https://charts.data.contoso.com/bye");
    expect(logoutUrl({}, tool)).toBeUndefined();
  });
});
