import { checkDemands, type Demand } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { elements, text } from "../core/values.ts";

/** Subnets whose names Azure fixes, and on which it refuses a security group or has rules of its own. */
const azuresOwn = new Set([
  "gatewaysubnet",
  "azurefirewallsubnet",
  "azurefirewallmanagementsubnet",
  "azurebastionsubnet",
  "routeserversubnet",
]);

const demands: readonly Demand[] = [
  {
    at: "networkSecurityGroup",
    holds: () => true,
    missing: "not set (everything inside the network is let through)",
    wanted: "a network security group",
    fix: "Give the subnet a network security group, even one without rules of its own: it keeps the internet out.",
  },
  {
    at: "defaultOutboundAccess",
    holds: (value) => value === false,
    missing: "not set (a way out that nobody chose)",
    wanted: "false",
    fix: "Set `defaultOutboundAccess: false` and lead traffic out through a NAT gateway or a firewall.",
  },
];

/** A subnet has a filter, and leaves by a way that somebody chose. */
export const subnetGuarded = resourceRule(
  {
    name: "subnet-guarded",
    title: "Subnets are guarded in both directions",
    what: "A subnet has a network security group, and no default way out to the internet.",
    why: "Without a security group each machine of the network reaches each other one. The default way out has an address that Azure takes back at will, that nobody can allow or watch, and that is there although nobody asked for it.",
    fix: "Set networkSecurityGroup and `defaultOutboundAccess: false` on every subnet.",
    severity: "medium",
    url: "https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
    mappings: [{ framework: "cis-azure", id: "7.11" }],
  },
  {
    types: ["azure-native:network:Subnet", "azure-native:network:VirtualNetwork"],
    check({ type, props }, report) {
      const isOurs = (name: string | undefined) => !azuresOwn.has(name?.toLowerCase() ?? "");
      if (type === "azure-native:network:Subnet") {
        if (isOurs(text(props, "subnetName") ?? text(props, "name"))) checkDemands(props, demands, report);
        return;
      }
      for (const { path, item } of elements(props, "subnets")) {
        if (item.kind === "value" && isOurs(text(item.value, "name"))) checkDemands(item.value, demands, report, path);
      }
    },
  },
);
