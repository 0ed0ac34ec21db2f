import { resourceRule } from "../core/rule.ts";
import { showUri } from "../core/uri.ts";
import { redirectUris } from "./redirect-uris.ts";

/** One redirect URI is either a web address (the server redeems the code) or a SPA address (the browser does). */
export const redirectOnePlatform = resourceRule(
  {
    name: "redirect-one-platform",
    title: "A redirect URI belongs to one platform",
    what: "No redirect URI of an application is registered for the web and for the single-page platform at once.",
    why: "The platform decides who may redeem the code. Registered as both, sign-in fails with AADSTS9002325 or AADSTS9002326, depending on the client.",
    fix: "Keep it under `web` when the tool's server redeems the code, under `singlePageApplication` when the browser does.",
    severity: "medium",
    url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow",
  },
  {
    types: ["azuread:index/application:Application"],
    check(subject, report) {
      const all = redirectUris(subject);
      const web = new Map(all.filter((one) => one.platform === "web").map((one) => [one.uri, one.path]));
      for (const { platform, path, uri } of all) {
        const twin = platform === "spa" ? web.get(uri) : undefined;
        if (twin)
          report({ at: path, found: `${showUri(uri)}, as is ${twin}`, wanted: "one platform for each address" });
      }
    },
  },
);
