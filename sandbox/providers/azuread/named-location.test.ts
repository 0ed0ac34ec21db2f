import { beforeEach, describe, expect, it, test } from "vitest";
import { deploy, redeploy, refTo, type TestCloud, testCloud } from "../testing.ts";

const LOCATION = refTo("azuread:index/namedLocation:NamedLocation");
const PREFIX = "/identity/conditionalAccess/namedLocations/";

let cloud: TestCloud;
beforeEach(() => {
  cloud = testCloud();
});

const office = {
  displayName: "Office",
  ip: { ipRanges: ["198.51.100.0/24", "2001:db8:10::/48"], trusted: true },
};
const countries = { displayName: "Countries", country: { countriesAndRegions: ["DE", "PT"] } };

describe("a named location", () => {
  test.each<[string, object]>([
    ["trusted addresses", office],
    ["addresses", { ...office, ip: { ipRanges: ["203.0.113.0/25"] } }],
    ["addresses that are not trusted", { ...office, ip: { ipRanges: ["203.0.113.0/25"], trusted: false } }],
    ["countries", countries],
    [
      "countries with everything said",
      {
        displayName: "Countries",
        country: {
          countriesAndRegions: ["PT"],
          countryLookupMethod: "authenticatorAppGps",
          includeUnknownCountriesAndRegions: true,
        },
      },
    ],
  ])("comes back as it was sent: %s", async (_, args) => {
    const made = await deploy(cloud.azuread, LOCATION, args as typeof office);
    expect(made.id).toBe(`${PREFIX}${String(made.outputs.objectId)}`);
    expect((await cloud.azuread.read(LOCATION, made.id, made))?.inputs).toEqual(made.inputs);
    const imported = await cloud.azuread.read(LOCATION, made.id);
    const { changes } = await cloud.azuread.diff(
      LOCATION,
      made.id,
      { ...made, inputs: imported?.inputs ?? {} },
      made.inputs,
    );
    expect(changes).toEqual({});
    await redeploy(cloud.azuread, LOCATION, made, args as typeof office);
    expect((await cloud.azuread.read(LOCATION, made.id, made))?.inputs).toEqual(made.inputs);
  });

  it("changes its name and its ranges in place", async () => {
    const made = await deploy(cloud.azuread, LOCATION, office);
    const moved = { displayName: "Lisbon", ip: { ipRanges: ["203.0.113.0/24"], trusted: true } };
    const { diff, outputs } = await redeploy(cloud.azuread, LOCATION, made, moved);
    expect(diff.changes).toEqual({ displayName: "update", "ip.ipRanges[0]": "update", "ip.ipRanges[1]": "delete" });
    expect(outputs).toMatchObject({ ...moved, objectId: made.outputs.objectId });
  });

  it("is another one when it turns from addresses to countries", async () => {
    const made = await deploy(cloud.azuread, LOCATION, office);
    const { inputs } = await cloud.azuread.check(LOCATION, made.inputs, countries);
    const { changes } = await cloud.azuread.diff(LOCATION, made.id, made, inputs);
    expect(changes).toEqual({ country: "add-replace", displayName: "update", ip: "delete-replace" });
  });

  it("is trusted no more before it is deleted", async () => {
    const made = await deploy(cloud.azuread, LOCATION, office);
    for (const _ of [1, 2]) await cloud.azuread.delete(LOCATION, made.id, made.outputs, { timeoutSeconds: 5 });
    expect(cloud.requests.filter((request) => !request.startsWith("GET")).slice(1)).toEqual([
      `PATCH /v1.0${made.id}`,
      `DELETE /v1.0${made.id}`,
    ]);
    expect(await cloud.azuread.read(LOCATION, made.id)).toBeUndefined();
  });

  it("by countries is deleted as it is", async () => {
    const made = await deploy(cloud.azuread, LOCATION, countries);
    await cloud.azuread.delete(LOCATION, made.id, made.outputs, { timeoutSeconds: 5 });
    expect(cloud.requests.filter((request) => request.startsWith("PATCH"))).toEqual([]);
  });

  it("is found by name and kind after an interrupted run", async () => {
    const made = await deploy(cloud.azuread, LOCATION, office);
    expect(await cloud.azuread.find(LOCATION, office)).toBe(made.id);
    expect(await cloud.azuread.find(LOCATION, { ...countries, displayName: "Office" })).toBeUndefined();
  });
});

test.each<[object, string]>([
  [{ displayName: "x" }, "ip"],
  [{ ...office, ...countries }, "ip"],
  [{ displayName: "x", ip: { ipRanges: ["10.0.0.0/7"] } }, "ip.ipRanges[0]"],
  [{ displayName: "x", ip: { ipRanges: ["203.0.113.0/24", "203.0.113.1"] } }, "ip.ipRanges[1]"],
  [{ displayName: "x", ip: {} }, "ip.ipRanges"],
  [
    { displayName: "x", country: { countriesAndRegions: ["PT"], countryLookupMethod: "guess" } },
    "country.countryLookupMethod",
  ],
])("%j is refused before Graph is asked", async (args, property) => {
  const { failures } = await cloud.azuread.check(LOCATION, undefined, args as typeof office);
  expect(failures.map((failure) => failure.property)).toEqual([property]);
});
