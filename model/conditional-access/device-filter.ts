import type { Filter, FilterLanguage, FilterOperator, FilterProperty } from "./filter/grammar.ts";
import { FILTER_OPERATORS } from "./filter/grammar.ts";
import { type FilterValue, matchesFilter } from "./filter/match.ts";
import { parseFilter } from "./filter/parse.ts";
import type { DeviceFacts } from "./sign-in.ts";

/** A filter for devices that has been parsed. */
export type ParsedDeviceFilter = Filter;

/** A filter for devices that cannot be read, and where. */
export class DeviceFilterError extends Error {
  /** Position in the rule of the first character that does not fit, counted from 1. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} (at character ${position})`);
    this.name = "DeviceFilterError";
    this.position = position;
  }
}

const EQUALITY: readonly FilterOperator[] = ["-eq", "-ne"];
const MEMBERSHIP: readonly FilterOperator[] = [...EQUALITY, "-in", "-notIn"];
const COLLECTION: readonly FilterOperator[] = ["-contains", "-notContains"];

const EXTENSION = /^extensionattribute([1-9]|1[0-5])$/;

/** Properties and their operators as Microsoft's page has them, https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices. */
const PROPERTIES: readonly FilterProperty[] = [
  { name: "deviceId", operators: MEMBERSHIP },
  { name: "displayName", operators: FILTER_OPERATORS },
  { name: "deviceOwnership", operators: EQUALITY },
  { name: "enrollmentProfileName", operators: FILTER_OPERATORS },
  { name: "isCompliant", operators: EQUALITY, isBoolean: true },
  { name: "manufacturer", operators: FILTER_OPERATORS },
  { name: "mdmAppId", operators: MEMBERSHIP },
  { name: "model", operators: FILTER_OPERATORS },
  { name: "operatingSystem", operators: FILTER_OPERATORS },
  { name: "operatingSystemVersion", operators: FILTER_OPERATORS },
  { name: "physicalIds", operators: COLLECTION },
  { name: "profileType", operators: EQUALITY },
  { name: "systemLabels", operators: COLLECTION },
  { name: "trustType", operators: EQUALITY },
  ...Array.from({ length: 15 }, (_, index) => ({
    name: `extensionAttribute${index + 1}`,
    operators: FILTER_OPERATORS,
  })),
];
const BY_NAME = new Map(PROPERTIES.map((property) => [`device.${property.name.toLowerCase()}`, property]));

const LANGUAGE: FilterLanguage = {
  property: (name) => BY_NAME.get(name.toLowerCase()),
  properties: `${PROPERTIES.filter(({ name }) => !EXTENSION.test(name.toLowerCase()))
    .map(({ name }) => `device.${name}`)
    .join(", ")} or device.extensionAttribute1 to 15`,
  fail: (message, position) => new DeviceFilterError(message, position),
};

/**
 * Parses a filter for devices.
 *
 * @example parseDeviceFilter('device.isCompliant -eq True -or device.trustType -eq "ServerAD"')
 * @throws DeviceFilterError with the position of what does not fit
 */
export function parseDeviceFilter(rule: string): ParsedDeviceFilter {
  return parseFilter(rule, LANGUAGE);
}

/**
 * Whether a filter matches a device. Null is a device that the directory does not know: all its properties are null, so
 * positive operators do not match it and negative ones do (the table at the end of Microsoft's page).
 *
 * @param filter what `parseDeviceFilter` made
 */
export function matchesDevice(filter: ParsedDeviceFilter, device: DeviceFacts | null): boolean {
  return matchesFilter(
    filter,
    device === null ? UNKNOWN : { isKnown: true, read: (property) => read(device, property) },
  );
}

const UNKNOWN = { isKnown: false, read: () => null };

/** Microsoft Intune, as devices name what manages them. */
const INTUNE = "0000000a-0000-0000-c000-000000000000";

function read(device: DeviceFacts, property: string): FilterValue {
  if (property === "isCompliant") return device.isCompliant ? "true" : "false";
  if (EXTENSION.test(property.toLowerCase())) {
    return isManaged(device) ? (device.extensionAttributes?.[property] ?? null) : null;
  }
  return device[property as Exclude<keyof DeviceFacts, "isCompliant" | "extensionAttributes">] ?? null;
}

/** "Devices must be Microsoft Intune managed, compliant, or Microsoft Entra hybrid joined for a value to be available in extensionAttributes1-15." */
function isManaged({ isCompliant, trustType, mdmAppId }: DeviceFacts): boolean {
  return isCompliant || trustType === "ServerAD" || mdmAppId === INTUNE;
}
