import { type Finding, resourceRule, type Subject } from "../core/rule.ts";
import { elements, known, text } from "../core/values.ts";

type Report = (finding: Finding) => void;

const ingressTypes = ["kubernetes:networking.k8s.io:Ingress", "kubernetes:extensions:Ingress"];
const service = "kubernetes:core:Service";
const route = "kubernetes:gateway.networking.k8s.io:HTTPRoute";
const gateway = "kubernetes:gateway.networking.k8s.io:Gateway";

/** One year, the least that browsers take for their own lists of https-only hosts. */
const leastSeconds = 31_536_000;

function checkService({ props }: Subject, report: Report): void {
  const type = text(props, "spec.type");
  if (type === "LoadBalancer" || type === "NodePort") {
    report({ at: "spec.type", found: JSON.stringify(type), wanted: "ClusterIP, with an HTTPRoute in front" });
  }
  if (elements(props, "spec.externalIPs").length > 0) {
    report({ at: "spec.externalIPs", found: "set", wanted: "none, and an HTTPRoute in front" });
  }
}

function checkGateway({ props }: Subject, report: Report): void {
  for (const { path, item } of elements(props, "spec.listeners")) {
    const protocol = item.kind === "value" ? text(item.value, "protocol") : undefined;
    if (protocol === undefined || protocol === "HTTPS" || protocol === "TLS") continue;
    report({ at: `${path}.protocol`, found: JSON.stringify(protocol), wanted: "HTTPS" });
  }
}

/** Value that the filters of a rule set for a header: undefined where none does, null where it is not known yet. */
function headerSet(rule: unknown, kind: "request" | "response", header: string): string | undefined | null {
  for (const { item } of elements(rule, "filters")) {
    if (item.kind === "unknown") return null;
    if (item.kind !== "value") continue;
    for (const { item: entry } of elements(item.value, `${kind}HeaderModifier.set`)) {
      if (entry.kind === "unknown") return null;
      if (entry.kind !== "value" || text(entry.value, "name")?.toLowerCase() !== header) continue;
      return text(entry.value, "value") ?? null;
    }
  }
  return undefined;
}

function isRedirectToHttps(rule: unknown): boolean {
  return elements(rule, "filters").some(
    ({ item }) => item.kind === "value" && text(item.value, "requestRedirect.scheme") === "https",
  );
}

function checkRule(path: string, rule: unknown, report: Report): void {
  if (isRedirectToHttps(rule)) return;
  const at = `${path}.filters`;
  const scheme = headerSet(rule, "request", "x-forwarded-proto");
  if (scheme !== null && scheme !== "https") {
    const found =
      scheme === undefined ? "without X-Forwarded-Proto" : `with X-Forwarded-Proto ${JSON.stringify(scheme)}`;
    report({ at, found, wanted: "a RequestHeaderModifier that sets X-Forwarded-Proto to https" });
  }
  const strict = headerSet(rule, "response", "strict-transport-security");
  if (strict === null) return;
  const seconds = Number(/(?:^|;)\s*max-age=(\d+)/i.exec(strict ?? "")?.[1] ?? Number.NaN);
  if (seconds >= leastSeconds) return;
  const found = strict === undefined ? "without Strict-Transport-Security" : `with ${JSON.stringify(strict)}`;
  report({
    at,
    found,
    wanted: `a ResponseHeaderModifier that sets Strict-Transport-Security, max-age at least ${leastSeconds}`,
  });
}

function checkRoute({ props }: Subject, report: Report): void {
  const parents = known(props, "spec.parentRefs");
  const named = elements(props, "spec.parentRefs");
  if (parents.kind === "absent" || (parents.kind === "value" && named.length === 0)) {
    report({ at: "spec.parentRefs", found: "empty", wanted: "a Gateway" });
  }
  for (const { path, item } of named) {
    const kind = item.kind === "value" ? text(item.value, "kind") : undefined;
    if (kind === undefined || kind === "Gateway") continue;
    report({ at: `${path}.kind`, found: JSON.stringify(kind), wanted: "Gateway" });
  }
  const hosts = known(props, "spec.hostnames");
  if (hosts.kind === "absent" || (hosts.kind === "value" && elements(props, "spec.hostnames").length === 0)) {
    report({ at: "spec.hostnames", found: "empty (every host of the Gateway)", wanted: "the tool's host" });
  }
  for (const { path, item } of elements(props, "spec.rules")) {
    if (item.kind === "value") checkRule(path, item.value, report);
  }
}

/** People reach tools through a Gateway that ends TLS, and in no other way. */
export const routesBehindTls = resourceRule(
  {
    name: "routes-behind-tls",
    title: "Tools are reached over TLS only",
    what: "A tool is reached through an HTTPRoute of a Gateway, whose rules tell the tool that it is https and the browser to stay with it.",
    why: "A load balancer, node port or Ingress of its own is a door without the Gateway's certificate and header rules. A tool that is not told https sends http redirect URIs (AADSTS50011) and cookies without Secure; without Strict-Transport-Security the first request can be kept on http.",
    fix: "Use components/kubernetes/route.ts, which sets the headers, and Services of type ClusterIP.",
    severity: "high",
    url: "https://gateway-api.sigs.k8s.io/guides/tls/",
    mappings: [
      { framework: "cis-aks", id: "5.4.5" },
      { framework: "mcsb", id: "DP-3" },
    ],
  },
  {
    types: [service, route, gateway, ...ingressTypes],
    check(subject, report) {
      if (subject.type === service) checkService(subject, report);
      else if (subject.type === gateway) checkGateway(subject, report);
      else if (subject.type === route) checkRoute(subject, report);
      else report({ at: "kind", found: '"Ingress"', wanted: "an HTTPRoute of a Gateway" });
    },
  },
);
