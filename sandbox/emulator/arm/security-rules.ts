import { z } from "zod";
import { armBadRequest } from "./errors.ts";

const texts = z.array(z.string().min(1)).min(1);

/** https://learn.microsoft.com/rest/api/virtualnetwork/security-rules */
export const securityRule = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9]([\w.-]{0,78}\w)?$/),
  properties: z.strictObject({
    description: z.string().max(140).optional(),
    priority: z.int().min(100).max(4096),
    direction: z.enum(["Inbound", "Outbound"]),
    access: z.enum(["Allow", "Deny"]),
    protocol: z.enum(["Tcp", "Udp", "Icmp", "*"]),
    sourceAddressPrefix: z.string().optional(),
    sourceAddressPrefixes: texts.optional(),
    sourcePortRange: z.string().optional(),
    sourcePortRanges: texts.optional(),
    destinationAddressPrefix: z.string().optional(),
    destinationAddressPrefixes: texts.optional(),
    destinationPortRange: z.string().optional(),
    destinationPortRanges: texts.optional(),
  }),
});

type SecurityRule = z.output<typeof securityRule>;

/** Each rule has its own priority in its direction, and says each side once. */
export function checkRules(rules: readonly SecurityRule[]): void {
  const taken = new Map<string, string>();
  for (const { name, properties } of rules) {
    const place = `${properties.direction} ${properties.priority}`;
    const other = taken.get(place);
    if (other !== undefined) {
      throw armBadRequest(
        `Security rules ${other} and ${name} have the same Priority and Direction.`,
        "SecurityRuleConflict",
      );
    }
    taken.set(place, name);
    for (const [one, several] of [
      ["sourceAddressPrefix", "sourceAddressPrefixes"],
      ["sourcePortRange", "sourcePortRanges"],
      ["destinationAddressPrefix", "destinationAddressPrefixes"],
      ["destinationPortRange", "destinationPortRanges"],
    ] as const) {
      if ((properties[one] === undefined) !== (properties[several] === undefined)) continue;
      throw armBadRequest(
        `Security rule ${name} must say either ${one} or ${several}.`,
        "SecurityRuleParameterContainsInvalidValue",
      );
    }
  }
}
