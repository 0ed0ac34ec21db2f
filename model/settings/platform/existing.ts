import { z } from "zod";
import { described } from "../described.ts";
import { teamKey } from "../names.ts";

const OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";

/** A range of IPv4 addresses, as Azure writes those of networks. */
export function addressRange(description: string, example: string) {
  return described(z.string().regex(new RegExp(`^(${OCTET}\\.){3}${OCTET}/([89]|[12]\\d|3[0-2])$`)), {
    description,
    allowed: "an IPv4 range in CIDR notation, from /8 to /32",
    example,
  });
}

/**
 * The id of an Azure resource of one type, as `az resource show --query id` prints it.
 *
 * @param type the part behind `providers/` @example "Microsoft.Network/virtualNetworks"
 */
export function resourceId(description: string, type: string, name: string) {
  const [namespace = "", kind = ""] = type.split("/");
  const pattern = `^/subscriptions/[0-9a-fA-F-]{36}/resource[gG]roups/[\\w.()-]+/providers/${namespace}/${kind}/[^/\\s]+$`;
  return described(z.string().regex(new RegExp(pattern)), {
    description,
    allowed: `the resource id of a ${type}: /subscriptions/…/resourceGroups/…/providers/${type}/<name>`,
    example: `/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17/resourceGroups/rg-hub/providers/${type}/${name}`,
  });
}

/** Teams of the settings, by key. */
export function teamList(description: string, example: readonly string[]) {
  return described(z.array(teamKey).default([]), { description, allowed: "a list of team keys", example });
}

/** A whole number within bounds. */
export function wholeNumber(description: string, bounds: readonly [number, number], standard: number) {
  const [least, most] = bounds;
  return described(z.number().int().min(least).max(most).default(standard), {
    description: `${description} Default: ${standard}.`,
    allowed: `a whole number from ${least} to ${most}`,
    example: standard,
  });
}

/** Yes or no. */
export function flag(description: string, standard: boolean) {
  return described(z.boolean().default(standard), {
    description: `${description} Default: ${standard}.`,
    allowed: "true or false",
    example: standard,
  });
}

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(
  description: string,
  values: T,
  standard: T[number],
) {
  return described(z.enum(values as readonly [T[number], ...T[number][]]).default(standard as never), {
    description: `${description} Default: ${standard}.`,
    allowed: values.join(", "),
    example: standard,
  });
}
