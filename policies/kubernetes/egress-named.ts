import { isIPv6 } from "node:net";
import { type Finding, resourceRule } from "../core/rule.ts";
import { elements, known, text, value } from "../core/values.ts";
import type { Part } from "./pods.ts";

type Report = (finding: Finding) => void;

const plain = "kubernetes:networking.k8s.io:NetworkPolicy";
const cilium = ["kubernetes:cilium.io:CiliumNetworkPolicy", "kubernetes:cilium.io:CiliumClusterwideNetworkPolicy"];

/** Shortest prefixes that still name a network: 10.0.0.0/8 is the widest private one. */
const shortest = { v4: 8, v6: 16 };
/** Where clouds hand out the node's own identity to whoever asks. */
const metadataService = "169.254.0.0/16";
/** Cilium's names for everything outside the cluster, or everything at all. */
const openEntities = ["all", "world", "world-ipv4", "world-ipv6"];

function isWide(cidr: string): boolean {
  const [address = "", prefix = ""] = cidr.split("/");
  return prefix !== "" && Number(prefix) < (isIPv6(address) ? shortest.v6 : shortest.v4);
}

/** The parts of a list that are known. */
function parts({ path, value: holder }: Part, list: string): readonly Part[] {
  return elements(holder, list).flatMap(({ path: at, item }) =>
    item.kind === "value" ? [{ path: path === "" ? at : `${path}.${at}`, value: item.value }] : [],
  );
}

/** Whether a list is surely missing or empty, which stands for "everything" in policies. */
function isEmpty(holder: unknown, list: string): boolean {
  const found = known(holder, list);
  return found.kind === "absent" || (found.kind === "value" && elements(holder, list).length === 0);
}

/** What stays closed where the settings say why names cannot be used: every port but HTTPS, and the node's identity. */
function checkReasoned(rule: Part, block: Part, report: Report): void {
  const ports = parts(rule, "ports");
  const other = ports.find(({ value: port }) => known(port, "port").kind !== "unknown" && value(port, "port") !== 443);
  if (isEmpty(rule.value, "ports") || other !== undefined) {
    const found =
      other === undefined ? "open on every port" : `open on port ${JSON.stringify(value(other.value, "port"))}`;
    report({ at: block.path, found, wanted: "port 443 only" });
  }
  const exceptions = elements(block.value, "ipBlock.except").map(({ item }) => item);
  if (exceptions.some((item) => item.kind === "unknown" || (item.kind === "value" && item.value === metadataService)))
    return;
  report({
    at: `${block.path}.ipBlock.except`,
    found: `without ${metadataService}`,
    wanted: `${metadataService} in it`,
  });
}

function checkPlain(props: unknown, reason: string, report: Report): void {
  for (const rule of parts({ path: "spec", value: value(props, "spec") }, "egress")) {
    if (isEmpty(rule.value, "to")) {
      report({ at: `${rule.path}.to`, found: "empty (everywhere)", wanted: "the peers" });
      continue;
    }
    for (const peer of parts(rule, "to")) {
      const cidr = text(peer.value, "ipBlock.cidr");
      if (cidr === undefined || !isWide(cidr)) continue;
      if (reason !== "" && !isIPv6(cidr.split("/")[0] ?? "")) checkReasoned(rule, peer, report);
      else
        report({
          at: `${peer.path}.ipBlock.cidr`,
          found: `${JSON.stringify(cidr)} (the internet)`,
          wanted: "hosts by name",
        });
    }
  }
}

function checkPattern(part: Part, report: Report, isOpen: (pattern: string) => boolean): void {
  const pattern = text(part.value, "matchPattern");
  if (pattern === undefined || !isOpen(pattern)) return;
  report({ at: `${part.path}.matchPattern`, found: JSON.stringify(pattern), wanted: "names without stars" });
}

function checkCilium(props: unknown, report: Report): void {
  for (const spec of [{ path: "spec", value: value(props, "spec") }, ...parts({ path: "", value: props }, "specs")]) {
    for (const rule of parts(spec, "egress")) {
      for (const name of parts(rule, "toFQDNs")) checkPattern(name, report, (pattern) => pattern.includes("*"));
      for (const port of parts(rule, "toPorts")) {
        // Names that are asked for are a way out as well: only a pattern with a domain of its own ends at one DNS server.
        for (const name of parts(port, "rules.dns")) checkPattern(name, report, (pattern) => /^[*.]*$/.test(pattern));
      }
      for (const { path, item } of elements(rule.value, "toEntities")) {
        if (item.kind !== "value" || !openEntities.includes(String(item.value))) continue;
        report({ at: `${rule.path}.${path}`, found: JSON.stringify(item.value), wanted: "hosts by name (toFQDNs)" });
      }
      const addresses = [
        ...elements(rule.value, "toCIDR").map(({ path, item }) => ({ path, item })),
        ...elements(rule.value, "toCIDRSet").map(({ path, item }) => ({
          path: `${path}.cidr`,
          item: item.kind === "value" ? known(item.value, "cidr") : item,
        })),
      ];
      for (const { path, item } of addresses) {
        if (item.kind !== "value" || !isWide(String(item.value))) continue;
        report({ at: `${rule.path}.${path}`, found: JSON.stringify(item.value), wanted: "hosts by name (toFQDNs)" });
      }
    }
  }
}

/** A tool that is taken over can talk to the hosts that it needs, and to no other. */
export const egressNamed = resourceRule<{ addressesReason: string }>(
  {
    name: "egress-named",
    title: "Pods reach named hosts only",
    what: "No network policy lets pods reach the whole internet: hosts outside are named one by one.",
    why: "A data tool holds credentials of every warehouse. Whoever runs code in it takes the data out over HTTPS to a host of his own, unless the hosts are named.",
    fix: "Name the hosts in the tool's `egress`. Where the cluster cannot tell names apart, write the reason under `cluster.egress.addresses`; then HTTPS stays open, and nothing else.",
    severity: "high",
    url: "https://docs.cilium.io/en/stable/security/policy/language/#dns-based",
    mappings: [{ framework: "nsa", id: "C-0030" }],
  },
  {
    types: [plain, ...cilium],
    config: {
      addressesReason: {
        type: "string",
        default: "",
        description: "Why this environment cannot hold pods to names, as its settings say; empty where it can.",
      },
    },
    check({ type, props }, report, { addressesReason }) {
      if (type === plain) checkPlain(props, addressesReason, report);
      else checkCilium(props, report);
    },
  },
);
