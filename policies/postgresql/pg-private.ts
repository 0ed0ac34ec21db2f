import { isWord } from "../core/demands.ts";
import { type Finding, resourceRule } from "../core/rule.ts";
import { known, text } from "../core/values.ts";

const firewallRule = "azure-native:dbforpostgresql:FirewallRule";

/** How many addresses a rule may hold before it is no list of the company's addresses: a /24. */
const most = 256;

function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function checkFirewall(props: unknown, report: (finding: Finding) => void): void {
  const [from, to] = [text(props, "startIpAddress"), text(props, "endIpAddress")];
  const wanted = "the company's addresses, or no public address at all";
  if (from === "0.0.0.0" && to === "0.0.0.0") {
    report({ at: "startIpAddress", found: '"0.0.0.0" (everybody who has a machine in Azure)', wanted });
    return;
  }
  if (from === undefined || to === undefined) return;
  const count = numberOf(to) - numberOf(from) + 1;
  if (count > most) report({ at: "endIpAddress", found: `the last of ${count} addresses`, wanted });
}

function checkServer(props: unknown, report: (finding: Finding) => void): void {
  const subnet = known(props, "network.delegatedSubnetResourceId");
  const access = known(props, "network.publicNetworkAccess");
  if (subnet.kind !== "absent" || access.kind === "unknown") return;
  if (access.kind === "value" && isWord("Disabled")(access.value)) return;
  const found = access.kind === "absent" ? "not set (a public address)" : JSON.stringify(access.value);
  report({ at: "network.publicNetworkAccess", found, wanted: '"Disabled", or a delegated subnet' });
}

/** A database server has no address on the internet. */
export const pgPrivate = resourceRule(
  {
    name: "pg-private",
    title: "Database servers are private",
    what: "A PostgreSQL server answers inside the private network only, and no firewall rule lets in all of Azure.",
    why: "The rule 0.0.0.0 lets in every machine of every customer of Azure. A server on the internet is found within hours, and from then on its sign-in is all that is left.",
    fix: 'Set `network: { publicNetworkAccess: "Disabled" }` and add a private endpoint, or give the server a delegated subnet.',
    severity: "high",
    url: "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private",
    mappings: [
      { framework: "cis-azure-3", id: "5.2.5" },
      { framework: "mcsb", id: "NS-2" },
      { framework: "iso27001", id: "8.3" },
    ],
  },
  {
    types: ["azure-native:dbforpostgresql:Server", firewallRule],
    check({ type, props }, report) {
      if (type === firewallRule) checkFirewall(props, report);
      else checkServer(props, report);
    },
  },
);
