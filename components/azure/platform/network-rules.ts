/** A rule of a network security group, in azure-native's words. */
export interface SecurityRule {
  readonly name: string;
  readonly priority: number;
  readonly direction: "Inbound";
  readonly access: "Allow" | "Deny";
  readonly protocol: "Tcp" | "*";
  readonly sourceAddressPrefix?: string;
  readonly sourceAddressPrefixes?: readonly string[];
  readonly sourcePortRange: "*";
  readonly destinationAddressPrefix: string;
  readonly destinationPortRange?: string;
  readonly destinationPortRanges?: readonly string[];
}

/** Vault, PostgreSQL and Redis: what the pods reach through private endpoints. */
const STORE_PORTS = ["443", "5432", "10000"];

const inbound = (name: string, priority: number) =>
  ({ name, priority, direction: "Inbound", sourcePortRange: "*" }) as const;

/**
 * To the nodes come people, over HTTPS: AKS opens its load balancer in its own group alone, so a group on the subnet has to
 * let them in too (https://learn.microsoft.com/azure/aks/concepts-network). All else from outside ends at Azure's default rules.
 *
 * @param people ranges that people come from; none: everywhere
 */
export function nodeRules(people: readonly string[]): SecurityRule[] {
  const source = people.length === 0 ? { sourceAddressPrefix: "Internet" } : { sourceAddressPrefixes: people };
  return [
    {
      ...inbound("people-https", 200),
      ...source,
      access: "Allow",
      protocol: "Tcp",
      destinationAddressPrefix: "*",
      destinationPortRange: "443",
    },
  ];
}

/** To the private endpoints come nodes (and, through them, pods), and nobody else of the network. */
export function endpointRules(nodes: string): SecurityRule[] {
  return [
    {
      ...inbound("nodes", 200),
      sourceAddressPrefix: nodes,
      access: "Allow",
      protocol: "Tcp",
      destinationAddressPrefix: "*",
      destinationPortRanges: STORE_PORTS,
    },
    {
      ...inbound("nobody-else", 4096),
      sourceAddressPrefix: "*",
      access: "Deny",
      protocol: "*",
      destinationAddressPrefix: "*",
      destinationPortRange: "*",
    },
  ];
}
