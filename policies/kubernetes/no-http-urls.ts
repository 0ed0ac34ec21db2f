import { type Finding, resourceRule, type Subject } from "../core/rule.ts";
import { isWithin } from "../core/uri.ts";
import { elements, text } from "../core/values.ts";
import { clearHosts } from "./cluster-hosts.ts";
import { containers, podSpec, workloadTypes } from "./pods.ts";

const configMap = "kubernetes:core:ConfigMap";

/** Programs: their comments and examples hold addresses that nobody calls. */
const programs = /\.(py|sh|js|mjs|cjs|sql|rb|md)$/i;
/** Where Entra, Graph and the vaults answer; also in a program nobody has a reason to write them with http. */
const microsoft = ["microsoftonline.com", "microsoft.com", "windows.net", "azure.net"];

function checkText(at: string, plain: string, report: (finding: Finding) => void, only?: readonly string[]): void {
  const [host] = clearHosts(plain).filter((one) => only === undefined || isWithin(one, only));
  if (host === undefined) return;
  report({ at, found: `an address of ${host} with http`, wanted: "https" });
}

function checkWorkload(subject: Subject, report: (finding: Finding) => void): void {
  const pod = podSpec(subject);
  for (const { path, value: container } of pod ? containers(pod) : []) {
    for (const { path: at, item } of elements(container, "env")) {
      const plain = item.kind === "value" ? text(item.value, "value") : undefined;
      if (plain !== undefined) checkText(`${path}.${at}.value`, plain, report);
    }
    for (const list of ["args", "command"]) {
      for (const { path: at, item } of elements(container, list)) {
        if (item.kind === "value" && typeof item.value === "string") checkText(`${path}.${at}`, item.value, report);
      }
    }
  }
}

/** What tools are told to call, they call over TLS. */
export const noHttpUrls = resourceRule<{ domains: readonly string[] }>(
  {
    name: "no-http-urls",
    title: "Settings name https addresses only",
    what: "No setting of a tool, in its ConfigMaps, environment or arguments, has an http address of a host outside the cluster.",
    why: "A tool that believes to live at http sends such redirect URIs (AADSTS50011), cookies that travel in clear, and links that people follow; an issuer or a key address over http lets whoever is on the way sign in as anybody.",
    fix: "Write https, or the name of a Service of the cluster.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity-platform/reply-url",
    mappings: [{ framework: "mcsb", id: "DP-3" }],
  },
  {
    types: [configMap, ...workloadTypes],
    config: {
      domains: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Domains of the tools' hosts, which are looked for in programs too.",
      },
    },
    check(subject, report, { domains }) {
      if (subject.type !== configMap) {
        checkWorkload(subject, report);
        return;
      }
      for (const { path, key, item } of elements(subject.props, "data")) {
        if (item.kind !== "value" || typeof item.value !== "string") continue;
        checkText(path, item.value, report, programs.test(key) ? [...domains, ...microsoft] : undefined);
      }
    },
  },
);
