import { describe, expect, it } from "vitest";
import { DeviceFilterError, matchesDevice, parseDeviceFilter } from "./device-filter.ts";
import type { DeviceFacts } from "./sign-in.ts";

const laptop: DeviceFacts = {
  isCompliant: true,
  trustType: "AzureAD",
  deviceId: "aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb",
  displayName: "LIS-0042",
  deviceOwnership: "Company",
  enrollmentProfileName: "AutoPilot Profile Lisbon",
  manufacturer: "Microsoft Corporation",
  mdmAppId: "0000000a-0000-0000-c000-000000000000",
  model: "Surface Laptop 6",
  operatingSystem: "Windows",
  operatingSystemVersion: "10.0.22631",
  physicalIds: ["[ZTDId]:abc", "[HWID]:h:1"],
  profileType: "RegisteredDevice",
  systemLabels: ["M365Managed"],
  extensionAttributes: { extensionAttribute1: "SAW", extensionAttribute12: "floor 3" },
};

function matches(rule: string, device: DeviceFacts | null = laptop): boolean {
  return matchesDevice(parseDeviceFilter(rule), device);
}

describe("matchesDevice", () => {
  it.each([
    ['device.deviceId -eq "AAAAAAAA-0000-1111-2222-bbbbbbbbbbbb"', true],
    ['device.deviceid -in ["aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb", "x"]', true],
    ['device.deviceId -notIn ["x"]', true],
    ['device.displayName -contains "IS-0"', true],
    ['device.displayName -notContains "IS-0"', false],
    ['device.displayName -startsWith "lis"', true],
    ['device.displayName -notStartsWith "lis"', false],
    ['device.displayName -endsWith "42"', true],
    ['device.displayName -notEndsWith "42"', false],
    ['device.deviceOwnership -eq "Company"', true],
    ['device.deviceOwnership -ne "Company"', false],
    ['device.enrollmentProfileName -startsWith "AutoPilot Profile"', true],
    ["device.isCompliant -eq True", true],
    ['device.isCompliant -eq "True"', true],
    ["device.isCompliant -ne False", true],
    ["device.isCompliant -eq false", false],
    ['device.manufacturer -startsWith "Microsoft"', true],
    ['device.mdmAppId -in ["0000000a-0000-0000-c000-000000000000"]', true],
    ['device.model -notContains "Surface"', false],
    ['device.operatingSystem -eq "windows"', true],
    ['device.operatingSystemVersion -in ["10.0.18363", "10.0.22631"]', true],
    ['device.physicalIds -contains "[ZTDId]:abc"', true],
    ['device.physicalIds -contains "[ZTDId]"', false],
    ['device.physicalIds -notContains "[ZTDId]"', true],
    ['device.profileType -eq "Printer"', false],
    ['device.systemLabels -contains "m365managed"', true],
    ['device.trustType -eq "AzureAD"', true],
    ['device.extensionAttribute1 -eq "saw"', true],
    ['device.extensionAttribute12 -in ["floor 2", "floor 3"]', true],
    ['device.extensionAttribute2 -ne "SAW"', true],
    ["device.extensionAttribute2 -eq null", true],
    ["device.extensionAttribute1 -ne null", true],
  ])("a known device: %s is %s", (rule, expected) => {
    expect(matches(rule)).toBe(expected);
  });

  it.each([
    ['device.trustType -eq "ServerAD"', false],
    ['device.displayName -in ["LIS-0042"]', false],
    ['device.displayName -contains ""', false],
    ['device.displayName -startsWith "L"', false],
    ['device.displayName -endsWith "2"', false],
    ["device.isCompliant -eq False", false],
    ['device.trustType -ne "ServerAD"', true],
    ["device.isCompliant -ne True", true],
    ['device.displayName -notIn ["LIS-0042"]', true],
    ['device.displayName -notContains "LIS"', true],
    ['device.displayName -notStartsWith "LIS"', true],
    ['device.displayName -notEndsWith "42"', true],
    ['device.physicalIds -notContains "x"', true],
    ['device.physicalIds -contains "x"', false],
    ["device.trustType -eq null", false],
    ["device.trustType -ne null", true],
    ['-not (device.trustType -eq "ServerAD")', true],
    ['device.isCompliant -eq True -or device.trustType -ne "ServerAD"', true],
  ])("an unregistered device: %s is %s", (rule, expected) => {
    expect(matches(rule, null)).toBe(expected);
  });

  it("lets -and bind closer than -or, -not closest, and brackets decide", () => {
    expect(matches('device.isCompliant -eq True -or device.model -eq "x" -and device.model -eq "y"')).toBe(true);
    expect(matches('(device.isCompliant -eq True -or device.model -eq "x") -and device.model -eq "y"')).toBe(false);
    expect(matches('-not device.model -eq "x" -and device.isCompliant -eq True')).toBe(true);
    expect(matches('not (device.model -eq "x" or device.isCompliant -eq True)')).toBe(false);
  });

  it("knows extension attributes of managed devices only", () => {
    const rule = 'device.extensionAttribute1 -eq "SAW"';
    const { mdmAppId: _, ...own } = { ...laptop, isCompliant: false };
    expect(matches(rule, { ...own, trustType: "Workplace" })).toBe(false);
    expect(matches(rule, { ...own, trustType: "ServerAD" })).toBe(true);
    expect(matches(rule, { ...own, trustType: "Workplace", isCompliant: true })).toBe(true);
    expect(matches(rule, { ...laptop, isCompliant: false, trustType: "Workplace" })).toBe(true);
  });
});

describe("parseDeviceFilter", () => {
  it.each([
    ["", "The rule ends where a property: ", 1],
    ['device.colour -eq "red"', "Found device.colour where a property: device.deviceId, ", 1],
    ['user.department -eq "x"', "Found user.department where a property", 1],
    ['device.trustType -contains "AD"', "Found -contains where an operator for trustType: -eq, -ne is expected", 18],
    ['device.trustType -in ["ServerAD"]', "Found -in where an operator for trustType: -eq, -ne is expected", 18],
    ['device.physicalIds -eq "x"', "an operator for physicalIds: -contains, -notContains", 20],
    ['device.extensionAttribute16 -eq "x"', "Found device.extensionAttribute16 where a property", 1],
    ["device.model -eq Surface", "Found Surface where a text in quotes is expected", 18],
    ["device.model -contains null", "Found null where a text in quotes is expected", 24],
    ['device.isCompliant -eq "yes"', 'Found "yes" where True or False is expected', 24],
    ['device.model -in "x"', "where a list such as", 18],
    ['device.model -in ["x"', "where a comma or the end of the list is expected", 22],
    ['(device.model -eq "x"', "The rule ends where a closing bracket is expected", 22],
    ['device.model -eq "x" device.model', "Found device.model where -and, -or or the end is expected", 22],
    ['device.model == "x"', "The character = has no meaning here", 14],
    ['device.model -eq "x', 'The text that begins with " has no end', 18],
  ])("refuses %s", (rule, message, position) => {
    const error = errorOf(() => parseDeviceFilter(rule));
    expect(error).toBeInstanceOf(DeviceFilterError);
    expect(error).toMatchObject({ position });
    expect(String(error)).toContain(message);
  });

  it("refuses a rule beyond 3,072 characters", () => {
    const rule = `device.model -eq "${"x".repeat(3054)}"`;
    expect(rule).toHaveLength(3073);
    expect(() => parseDeviceFilter(rule)).toThrow("A rule has at most 3072 characters");
    expect(parseDeviceFilter(rule.replace("xx", "x"))).toMatchObject({ kind: "compare", property: "model" });
  });
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
