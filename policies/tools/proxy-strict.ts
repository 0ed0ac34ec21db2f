import { type Finding, resourceRule } from "../core/rule.ts";
import { elements, text } from "../core/values.ts";
import {
  type AlphaFile,
  alphaFile,
  type ProxyFile,
  type ProxySettings,
  proxyFile,
  proxyProcess,
} from "./oauth2-proxy.ts";
import { configFiles, processes, settingTypes } from "./settings.ts";

type Report = (finding: Finding) => void;

/** Switches that take a check away, with names that oauth2-proxy's file, variables and flags share. */
const openSwitches =
  /^(?:insecure_.*|ssl_insecure_skip_verify|ssl_upstream_insecure_skip_verify|redis_insecure_skip_tls_verify)$/;
/** Settings that let requests pass without Entra: by address, or by a password. Flags name one, the file several. */
const bypasses = ["trusted_ips", "trusted_ip", "htpasswd_file"];
/** Settings with patterns of paths that need no sign-in. */
const openPaths = ["skip_auth_routes", "skip_auth_route", "skip_auth_regex"];
/** Paths that are no health check: whatever lets one of these through lets everybody in. */
const insidePaths = ["/", "/login", "/api/v1/admin", "/dashboard/1", "/static/../admin"];

const guid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

function isOn(value: unknown): boolean {
  return value === true || (typeof value === "string" && /^true$/i.test(value));
}

function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" && value !== "" ? value.split(",") : [];
}

/**
 * Whether a pattern (`METHOD=regex`, or a regex) lets a page of the tool through. One that cannot be read counts, and one
 * that says what is not open (`METHOD!=regex`).
 */
function isBroad(pattern: string): boolean {
  if (/^[A-Z]*!=/.test(pattern)) return true;
  const expression = pattern.replace(/^[A-Z]+=/, "");
  try {
    const regex = new RegExp(expression);
    return !expression.startsWith("^") || insidePaths.some((path) => regex.test(path));
  } catch {
    return true;
  }
}

/** What must not stand anywhere: file, variables, flags. */
function checkOpenings(settings: ProxySettings, report: Report): void {
  for (const name of settings.names()) {
    const value = settings.get(name);
    if (openSwitches.test(name) && isOn(value)) report({ at: settings.at(name), found: "true", wanted: "false" });
    if (bypasses.includes(name) && listOf(value).length > 0) {
      report({ at: settings.at(name), found: "set (a way past Entra)", wanted: "nothing" });
    }
    if (openPaths.includes(name)) {
      const broad = listOf(value).find(isBroad);
      if (broad !== undefined) {
        report({
          at: settings.at(name),
          found: JSON.stringify(broad),
          wanted: "anchored patterns of single paths, such as ^/health$",
        });
      }
    }
  }
  for (const name of ["cookie_secure", "cookie_httponly"]) {
    const value = settings.get(name);
    if (value !== undefined && !isOn(value)) report({ at: settings.at(name), found: String(value), wanted: "true" });
  }
}

function checkProvider(file: ProxyFile, tenantId: string, report: Report): void {
  const expect = (name: string, holds: (value: unknown) => boolean, wanted: string) => {
    const value = file.get(name);
    if (holds(value)) return;
    report({ at: file.at(name), found: value === undefined ? "not set" : JSON.stringify(value), wanted });
  };
  expect("provider", (value) => value === "entra-id", '"entra-id", or a provider of its own file (--alpha-config)');
  const tenant = tenantId === "" ? guid : tenantId;
  const issuer = new RegExp(`^https://login\\.microsoftonline\\.com/${tenant}/v2\\.0$`, "i");
  expect(
    "oidc_issuer_url",
    (value) => typeof value === "string" && issuer.test(value),
    "this tenant's issuer, by its GUID",
  );
  expect("code_challenge_method", (value) => value === "S256", '"S256"');
  expect("oidc_groups_claim", (value) => value === "roles", '"roles": groups are missing for people in many of them');
  expect("allowed_groups", (value) => listOf(value).length > 0, "the roles that let a person in");
}

function checkFile(file: ProxyFile, hasOwnProviders: boolean, tenantId: string, report: Report): void {
  if (file.unread.length > 0) {
    const wanted = "lines of the form key = value, with values as in JSON";
    report({ at: `${file.at("")}line ${file.unread.join(", ")}`, found: "not readable, so not checked", wanted });
  }
  checkOpenings(file, report);
  const store = file.get("session_store_type");
  if (store !== "redis") {
    const found = store === undefined ? "not set (cookies)" : JSON.stringify(store);
    report({ at: file.at("session_store_type"), found, wanted: '"redis": a cookie cannot be ended from here' });
  }
  if (!hasOwnProviders) checkProvider(file, tenantId, report);
}

function checkAlpha({ path, providers }: AlphaFile, report: Report): void {
  if (providers.length === 0) report({ at: `${path} providers`, found: "none", wanted: "a provider" });
  for (const { path: at, value } of providers) {
    const issuer = text(value, "oidcConfig.issuerURL");
    if (issuer === undefined || !issuer.startsWith("https://")) {
      const found = issuer === undefined ? "not set" : JSON.stringify(issuer);
      report({ at: `${at}.oidcConfig.issuerURL`, found, wanted: "the partner's issuer, with https" });
    }
    if (text(value, "code_challenge_method") !== "S256") {
      report({
        at: `${at}.code_challenge_method`,
        found: text(value, "code_challenge_method") ?? "not set",
        wanted: "S256",
      });
    }
    if (elements(value, "allowedGroups").length === 0) {
      report({ at: `${at}.allowedGroups`, found: "empty (everybody of the partner)", wanted: "the partner's groups" });
    }
    for (const { key, item } of elements(value, "oidcConfig")) {
      if (!key.startsWith("insecure") || item.kind !== "value" || item.value !== true) continue;
      report({ at: `${at}.oidcConfig.${key}`, found: "true", wanted: "false" });
    }
  }
}

/** The gate in front of tools checks everything that it can check. */
export const proxyStrict = resourceRule<{ tenantId: string }>(
  {
    name: "proxy-strict",
    title: "The identity-aware proxy leaves nothing open",
    what: "oauth2-proxy takes people of this tenant (or of a partner) by app role, with PKCE, keeps sessions on the server, and skips no check.",
    why: "Behind the proxy stand tools that ask nothing themselves. With another issuer any tenant's people come in, without a role everybody of this one; a broad skip_auth_routes or a switch named insecure opens the tool to the internet.",
    fix: "Use components/proxy/identity-proxy.ts, which writes the settings.",
    severity: "critical",
    url: "https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview",
  },
  {
    types: settingTypes,
    config: {
      tenantId: {
        type: "string",
        default: "",
        description: "The Entra tenant whose people may come in; empty takes any tenant that is named by its GUID.",
      },
    },
    check(subject, report, { tenantId }) {
      const files = configFiles(subject);
      const alpha = files.flatMap((file) => alphaFile(file) ?? []);
      for (const file of files.flatMap((one) => proxyFile(one) ?? []))
        checkFile(file, alpha.length > 0, tenantId, report);
      for (const file of alpha) checkAlpha(file, report);
      for (const process of processes(subject)) {
        const settings = proxyProcess(process);
        if (settings) checkOpenings(settings, report);
      }
    },
  },
);
