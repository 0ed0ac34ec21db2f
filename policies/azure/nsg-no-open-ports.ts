import { type Finding, resourceRule } from "../core/rule.ts";
import { elements, type Known, known, text } from "../core/values.ts";

/** Ports by which machines are managed, and those of databases, caches and Kubernetes itself. */
const guardedPorts = [22, 135, 445, 1433, 3306, 3389, 5432, 5985, 5986, 6379, 6380, 6443, 10000, 10250, 27017];
/** Azure's words for everybody. */
const everybody = new Set(["*", "any", "internet", "0.0.0.0", "::"]);
/** Networks wider than the widest private one (10.0.0.0/8). */
const shortest = { v4: 8, v6: 16 };

function isEverybody(source: string): boolean {
  const [address = "", prefix] = source.split("/");
  if (prefix === undefined) return everybody.has(source.toLowerCase());
  return Number(prefix) < (address.includes(":") ? shortest.v6 : shortest.v4);
}

/** Whether a range (`22`, `1000-6000`, `*`) holds a port that nobody on the internet has to reach. */
function guardedPortIn(range: string): string | undefined {
  if (range === "*") return "every port";
  const [from, to = from] = range.split("-").map(Number);
  const port = guardedPorts.find((one) => one >= Number(from) && one <= Number(to));
  return port === undefined ? undefined : `port ${port}`;
}

/** Known texts of a property that comes as one value or as a list. */
function texts(rule: unknown, one: string, many: string): readonly string[] {
  const items: readonly Known[] = [known(rule, one), ...elements(rule, many).map(({ item }) => item)];
  return items.flatMap((item) => (item.kind === "value" && typeof item.value === "string" ? [item.value] : []));
}

function checkRule(place: string, rule: unknown, report: (finding: Finding) => void): void {
  const has = (at: string, word: string) => text(rule, at)?.toLowerCase() === word;
  if (!has("direction", "inbound") || !has("access", "allow") || has("protocol", "icmp")) return;
  const source = texts(rule, "sourceAddressPrefix", "sourceAddressPrefixes").find(isEverybody);
  if (source === undefined) return;
  const open = texts(rule, "destinationPortRange", "destinationPortRanges").flatMap(
    (range) => guardedPortIn(range) ?? [],
  );
  const [first] = open;
  if (first === undefined) return;
  report({
    at: `${place}destinationPortRange`,
    found: `${first} open to ${JSON.stringify(source)}`,
    wanted: "the addresses or service tag of who needs it, or another port",
  });
}

/** Nobody on the internet reaches a port by which machines or databases are managed. */
export const nsgNoOpenPorts = resourceRule(
  {
    name: "nsg-no-open-ports",
    title: "No port of management or data is open to the internet",
    what: "No inbound rule of a network security group lets everybody reach ports of management, databases or caches, or every port.",
    why: "Such a port is found by scanners within minutes, and from then on a guessed password or one unpatched hole is all that is between the internet and the data.",
    fix: "Name the source: a subnet, a service tag such as AzureLoadBalancer, or the company's addresses. People reach machines through Bastion or the cluster's API.",
    severity: "critical",
    url: "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
    mappings: [
      { framework: "cis-azure", id: "7.1" },
      { framework: "cis-azure", id: "7.4" },
      { framework: "mcsb", id: "NS-1" },
    ],
  },
  {
    types: ["azure-native:network:NetworkSecurityGroup", "azure-native:network:SecurityRule"],
    check({ type, props }, report) {
      if (type === "azure-native:network:SecurityRule") checkRule("", props, report);
      for (const { path, item } of elements(props, "securityRules")) {
        if (item.kind === "value") checkRule(`${path}.`, item.value, report);
      }
    },
  },
);
