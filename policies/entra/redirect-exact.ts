import { resourceRule } from "../core/rule.ts";
import { isLoopbackHttp, isWithin, parseUri, showUri } from "../core/uri.ts";
import { type RedirectUri, redirectTypes, redirectUris } from "./redirect-uris.ts";

/** What is wrong with one redirect URI, and what would be right; both lists may be empty. */
function faults({ uri, platform }: RedirectUri, domains: readonly string[]): readonly string[] {
  if (uri.includes("*")) return ["one exact address without `*`"];
  const parsed = parseUri(uri);
  if (!parsed) return ["a complete address: https, host and path"];
  const wanted: string[] = [];
  if (uri.includes("#")) wanted.push("an address without a fragment (`#`)");
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") return wanted;
  if (parsed.username || parsed.password) wanted.push("an address without user name and password");
  // Loopback addresses of public clients are what redirect-https decides about.
  const own = platform === "publicClient" && isLoopbackHttp(uri);
  if (!own && !isWithin(parsed.hostname, domains)) {
    wanted.push(
      domains.length > 0
        ? `a host within ${domains.join(", ")}`
        : "a host within the company's domains, which the setting `domains` of this rule must list",
    );
  }
  if (!own && parsed.pathname === "/") wanted.push("the exact path of the tool's callback, not `/`");
  else if (wanted.length === 0 && !own && parsed.href !== uri) {
    wanted.push("the form that a browser sends: lower-case host, no default port, no `..`");
  }
  return wanted;
}

/** Redirect URIs name one page on one of the company's own hosts. */
export const redirectExact = resourceRule<{ domains: readonly string[] }>(
  {
    name: "redirect-exact",
    title: "Redirect URIs are exact and on our own hosts",
    what: "Every redirect URI is one exact address on a host of the company: no wildcard, no fragment, no foreign domain, not the bare host.",
    why: "Entra sends the authorization code to any address that is registered; a wildcard, a foreign or an abandoned host hands it to somebody else.",
    fix: "Register exactly the callback that the tool sends, on its own host.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity-platform/reply-url",
  },
  {
    types: redirectTypes,
    config: {
      domains: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description:
          "Domains that may receive sign-ins; hosts below them are included. With none, every host is foreign.",
      },
    },
    check(subject, report, { domains }) {
      for (const redirect of redirectUris(subject)) {
        for (const wanted of faults(redirect, domains)) {
          report({ at: redirect.path, found: showUri(redirect.uri), wanted });
        }
      }
    },
  },
);
