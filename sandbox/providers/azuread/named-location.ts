import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { flag, fromJson, map, text, texts } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import { filter, type Graph, objectIdOf, quote, schemaOf, TERRAFORM } from "./graph.ts";

const COLLECTION = "identity/conditionalAccess/namedLocations";
const IP = "#microsoft.graph.ipNamedLocation";
const COUNTRY = "#microsoft.graph.countryNamedLocation";
const WIDEST_PREFIX = 8;

const path = `/v1.0/${COLLECTION}`;
const pathOf = (id: string) => `${path}/${objectIdOf(id, COLLECTION)}`;

/** A named location, by addresses or by countries. https://learn.microsoft.com/graph/api/resources/namedlocation */
export function namedLocationKind({ api }: Graph): ResourceKind {
  return {
    ...schemaOf("azuread:index/namedLocation:NamedLocation"),
    comparison: TERRAFORM,
    check: (inputs) => ({ failures: failures(inputs) }),
    create: async (inputs, { created }) => {
      const body = { ...locationBody(inputs), displayName: text(inputs.displayName) };
      const { body: location } = await api.call("POST", path, body);
      const id = `/${COLLECTION}/${String(location.id)}`;
      created(id, { objectId: String(location.id) });
      return id;
    },
    read: async (id) => {
      const location = await api.find(pathOf(id));
      return location && { id, inputs: locationInputs(location), outputs: { objectId: String(location.id) } };
    },
    update: async (id, old, news) => {
      const displayName = text(news.displayName);
      const renamed = displayName !== text(old.inputs.displayName);
      await api.call("PATCH", pathOf(id), { ...locationBody(news), ...(renamed && { displayName }) });
    },
    // Graph keeps trusted locations: the trust goes first, whether there is one or not.
    delete: async (id, outputs, timeoutSeconds) => {
      if (await api.find(pathOf(id))) {
        if (outputs.ip !== undefined)
          await api.call("PATCH", pathOf(id), { ...locationBody(outputs), isTrusted: false });
        await api.call("DELETE", pathOf(id));
      }
      await api.gone(pathOf(id), timeoutSeconds);
    },
    find: async (inputs) => {
      const displayName = text(inputs.displayName);
      if (displayName === undefined) return undefined;
      const namesakes = await api.list(filter(path, `displayName eq ${quote(displayName)}`));
      const type = inputs.ip === undefined ? COUNTRY : IP;
      const location = namesakes.find((one) => one["@odata.type"] === type);
      return location && `/${COLLECTION}/${String(location.id)}`;
    },
  };
}

function locationBody(inputs: PropertyMap): Json {
  if (inputs.ip !== undefined) {
    const ip = map(inputs.ip);
    return {
      "@odata.type": IP,
      isTrusted: flag(ip.trusted) ?? false,
      // The official provider calls every range an IPv4 one; Graph goes by the address.
      ipRanges: texts(ip.ipRanges).map((cidrAddress) => ({
        "@odata.type": "#microsoft.graph.iPv4CidrRange",
        cidrAddress,
      })),
    };
  }
  const country = map(inputs.country);
  return {
    "@odata.type": COUNTRY,
    countriesAndRegions: texts(country.countriesAndRegions),
    includeUnknownCountriesAndRegions: flag(country.includeUnknownCountriesAndRegions) ?? false,
    countryLookupMethod: text(country.countryLookupMethod),
  };
}

function locationInputs(location: Json): PropertyMap {
  const displayName = fromJson(location.displayName);
  if (location["@odata.type"] === IP) {
    const ranges = (location.ipRanges ?? []) as Json[];
    const ipRanges = ranges.map(({ cidrAddress }) => String(cidrAddress));
    return { displayName, ip: { ipRanges, trusted: location.isTrusted === true }, country: null };
  }
  return {
    displayName,
    ip: null,
    country: {
      countriesAndRegions: fromJson(location.countriesAndRegions),
      includeUnknownCountriesAndRegions: location.includeUnknownCountriesAndRegions === true,
      countryLookupMethod: fromJson(location.countryLookupMethod),
    },
  };
}

function failures(inputs: PropertyMap) {
  const found: { property: string; reason: string }[] = [];
  if ((inputs.ip === undefined) === (inputs.country === undefined))
    found.push({ property: "ip", reason: "A named location has either ip or country." });
  for (const [index, range] of texts(map(inputs.ip).ipRanges).entries()) {
    const prefix = /^[0-9a-f.:]+\/(\d{1,3})$/i.exec(range)?.[1];
    if (prefix === undefined || Number(prefix) < WIDEST_PREFIX)
      found.push({
        property: `ip.ipRanges[${index}]`,
        reason: `"${range}" is no range in CIDR notation with a prefix of at least ${WIDEST_PREFIX} bits.`,
      });
  }
  const method = text(map(inputs.country).countryLookupMethod);
  if (method !== undefined && !["clientIpAddress", "authenticatorAppGps"].includes(method))
    found.push({
      property: "country.countryLookupMethod",
      reason: `Expected clientIpAddress or authenticatorAppGps, got "${method}".`,
    });
  return found;
}
