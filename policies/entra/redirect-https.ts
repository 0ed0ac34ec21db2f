import { resourceRule } from "../core/rule.ts";
import { isLoopbackHttp, parseUri, showUri } from "../core/uri.ts";
import { redirectTypes, redirectUris } from "./redirect-uris.ts";

/** Redirect URIs are https. Plain http to the same machine is for public development clients only, and only when asked for. */
export const redirectHttps = resourceRule<{ allowLoopbackHttp: boolean }>(
  {
    name: "redirect-https",
    title: "Redirect URIs use https",
    what: "Every redirect URI of an app registration uses https.",
    why: "Over plain http the authorization code crosses the network in clear text, and whoever reads it signs in as that person.",
    fix: "Serve the tool over TLS and register the https address.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity-platform/reply-url",
  },
  {
    types: redirectTypes,
    config: {
      allowLoopbackHttp: {
        type: "boolean",
        default: false,
        description:
          "Accept http to localhost among the publicClient redirect URIs, for command-line tools in development.",
      },
    },
    check(subject, report, { allowLoopbackHttp }) {
      for (const { path, platform, uri } of redirectUris(subject)) {
        if (parseUri(uri)?.protocol === "https:") continue;
        if (allowLoopbackHttp && platform === "publicClient" && isLoopbackHttp(uri)) continue;
        report({ at: path, found: showUri(uri), wanted: "an https address" });
      }
    },
  },
);
