import { isIP, isIPv4 } from "node:net";
import { z } from "zod";
import type { GraphRequest, GraphVersion } from "../request.ts";
import type { StoredLocation } from "./data.ts";
import { notHere, refused } from "./errors.ts";

/** https://learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network#ipv4-and-ipv6-address-ranges */
const WIDEST_PREFIX = 8;
const MOST_RANGES = 2000;

/** The range's type follows from its address: clients exist that call IPv6 ranges IPv4. */
const cidrRange = z
  .strictObject({
    "@odata.type": z.enum(["#microsoft.graph.iPv4CidrRange", "#microsoft.graph.iPv6CidrRange"]),
    cidrAddress: z
      .string()
      .refine(isRange, `must be an IPv4 or IPv6 range in CIDR notation, no wider than /${WIDEST_PREFIX}`),
  })
  .transform(({ cidrAddress }) => ({
    "@odata.type": isIPv4(cidrAddress.split("/")[0] ?? "")
      ? "#microsoft.graph.iPv4CidrRange"
      : "#microsoft.graph.iPv6CidrRange",
    cidrAddress,
  }));

const displayName = z.string().min(1).max(256).optional();

const ipLocation = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.ipNamedLocation"),
  displayName,
  isTrusted: z.boolean().optional(),
  ipRanges: z.array(cidrRange).min(1).max(MOST_RANGES).optional(),
});

const countryLocation = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.countryNamedLocation"),
  displayName,
  countriesAndRegions: z
    .array(z.string().regex(/^[A-Z]{2}$/, "must be a two-letter code of ISO 3166"))
    .min(1)
    .optional(),
  includeUnknownCountriesAndRegions: z.boolean().optional(),
  countryLookupMethod: z.enum(["clientIpAddress", "authenticatorAppGps"]).optional(),
});

const location = z.discriminatedUnion("@odata.type", [ipLocation, countryLocation], {
  error: "must be #microsoft.graph.ipNamedLocation or #microsoft.graph.countryNamedLocation",
});
export type LocationBody = z.output<typeof location>;

/** Reads the body of `POST` or `PATCH`. Type marks count here: the location's own is needed, and each range's. */
export function readLocation(request: GraphRequest): LocationBody {
  if (hasPlainRange(request.rawBody)) throw notHere("ranges other than CIDR ranges");
  const result = location.safeParse(request.rawBody);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const place = [...(issue?.path ?? []), ...unknown.slice(0, 1)].join(".");
  throw refused(
    request.version,
    `Invalid value specified for property '${place}' of a named location. ${issue?.message}`,
  );
}

/** A new location with Graph's defaults. */
export function newLocation(
  body: LocationBody,
  version: GraphVersion,
  base: Pick<StoredLocation, "id" | "createdDateTime" | "modifiedDateTime">,
): StoredLocation {
  const required = <T>(value: T | undefined, name: string): T => {
    if (value !== undefined) return value;
    throw refused(version, `The property '${name}' of a named location is required.`);
  };
  const { id, createdDateTime, modifiedDateTime } = base;
  const common = { id, displayName: required(body.displayName, "displayName"), createdDateTime, modifiedDateTime };
  if (body["@odata.type"] === "#microsoft.graph.ipNamedLocation") {
    const ipRanges = required(body.ipRanges, "ipRanges");
    return { "@odata.type": body["@odata.type"], ...common, isTrusted: body.isTrusted ?? false, ipRanges };
  }
  return {
    "@odata.type": body["@odata.type"],
    ...common,
    countriesAndRegions: required(body.countriesAndRegions, "countriesAndRegions"),
    includeUnknownCountriesAndRegions: body.includeUnknownCountriesAndRegions ?? false,
    countryLookupMethod: body.countryLookupMethod ?? "clientIpAddress",
  };
}

function isRange(text: string): boolean {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const family = isIP(address);
  const bits = Number(prefix);
  return (
    family !== 0 &&
    rest.length === 0 &&
    /^\d{1,3}$/.test(prefix) &&
    bits >= WIDEST_PREFIX &&
    bits <= (family === 4 ? 32 : 128)
  );
}

/** Ranges from one address to another, which Graph has besides. */
function hasPlainRange(body: unknown): boolean {
  const ranges = (body as { ipRanges?: unknown } | null | undefined)?.ipRanges;
  return Array.isArray(ranges) && ranges.some((range) => /\.iPv[46]Range$/.test(String(range?.["@odata.type"] ?? "")));
}
