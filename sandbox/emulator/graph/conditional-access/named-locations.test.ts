import { beforeEach, describe, expect, it, test } from "vitest";
import { NOWHERE } from "../../testing.ts";
import { countries, LOCATIONS, office, POLICIES, type PolicyWorld, policy, policyWorld } from "./testing.ts";

let world: PolicyWorld;
beforeEach(() => {
  world = policyWorld();
});

const get = async (id: string) => (await world.graph("GET", `${LOCATIONS}/${id}`)).body;
const post = async (body: unknown) => {
  const answer = await world.graph("POST", LOCATIONS, body);
  return { status: answer.status, message: String(answer.body.error?.message) };
};

describe("the life of a named location", () => {
  it("answers both kinds with their types and defaults", async () => {
    const { isTrusted, ...untold } = office();
    const made = await world.made(LOCATIONS, untold);
    const dates = { createdDateTime: "2026-03-02T09:00:00.000Z", modifiedDateTime: "2026-03-02T09:00:00.000Z" };
    const context = "https://graph.microsoft.com/v1.0/$metadata#identity/conditionalAccess/namedLocations/$entity";
    expect(made).toEqual({ "@odata.context": context, ...office(), id: made.id, ...dates });
    const country = await world.made(LOCATIONS, countries());
    expect(country).toEqual({
      "@odata.context": context,
      ...countries(),
      id: country.id,
      ...dates,
      includeUnknownCountriesAndRegions: false,
      countryLookupMethod: "clientIpAddress",
    });
    const { body } = await world.graph("GET", `/beta${LOCATIONS}?$filter=displayName eq 'Countries'`);
    expect(body.value).toMatchObject([{ "@odata.type": "#microsoft.graph.countryNamedLocation", id: country.id }]);
  });

  it("gives an IPv6 range its own type, whatever the client calls it", async () => {
    const ipRanges = [{ "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress: "2001:db8::/32" }];
    const made = await world.made(LOCATIONS, office({ ipRanges }));
    expect(made.ipRanges).toEqual([{ "@odata.type": "#microsoft.graph.iPv6CidrRange", cidrAddress: "2001:db8::/32" }]);
  });

  it("changes what a PATCH names", async () => {
    const { id } = await world.made(LOCATIONS, office({ isTrusted: true }));
    world.wait(1000);
    const type = { "@odata.type": "#microsoft.graph.ipNamedLocation" };
    expect((await world.graph("PATCH", `${LOCATIONS}/${id}`, { ...type, displayName: "Lisbon" })).status).toBe(204);
    expect(await get(id)).toMatchObject({
      displayName: "Lisbon",
      isTrusted: true,
      ipRanges: office().ipRanges,
      modifiedDateTime: "2026-03-02T09:00:01.000Z",
    });
    expect((await world.graph("PATCH", `${LOCATIONS}/${id}`, countries())).status).toBe(400);
    expect((await world.graph("PATCH", `${LOCATIONS}/${id}`, { displayName: "x" })).status).toBe(400);
  });

  it("cannot be deleted while it is trusted", async () => {
    const { id } = await world.made(LOCATIONS, office({ isTrusted: true }));
    const { status, body } = await world.graph("DELETE", `${LOCATIONS}/${id}`);
    expect([status, body.error.code]).toEqual([400, "BadRequest"]);
    expect(body.error.message).toContain("trusted");
    await world.graph("PATCH", `${LOCATIONS}/${id}`, office({ isTrusted: false }));
    expect((await world.graph("DELETE", `${LOCATIONS}/${id}`)).status).toBe(204);
    expect((await world.graph("GET", `${LOCATIONS}/${id}`)).body.error).toMatchObject({
      code: "ResourceNotFound",
      message: `NamedLocation with id ${id} does not exist in the directory.`,
    });
  });

  test.each(["includeLocations", "excludeLocations"])("cannot be deleted while a policy has it in %s", async (list) => {
    const { id } = await world.made(LOCATIONS, countries());
    const locations = { includeLocations: ["All"], [list]: [id] };
    const user = await world.made(POLICIES, policy({ conditions: { locations } }));
    const { status, body } = await world.graph("DELETE", `${LOCATIONS}/${id}`);
    expect(status).toBe(400);
    expect(body.error.message).toContain(user.id);
    await world.graph("DELETE", `${POLICIES}/${user.id}`);
    expect((await world.graph("DELETE", `${LOCATIONS}/${id}`)).status).toBe(204);
  });
});

const range = (cidrAddress: string, type = "iPv4CidrRange") => ({
  "@odata.type": `#microsoft.graph.${type}`,
  cidrAddress,
});

test.each<[unknown, string]>([
  [undefined, "''"],
  [{ ...office(), "@odata.type": undefined }, "@odata.type"],
  [{ ...office(), "@odata.type": "#microsoft.graph.compliantNetworkNamedLocation" }, "@odata.type"],
  [office({ displayName: undefined }), "'displayName'"],
  [office({ displayName: "" }), "'displayName'"],
  [office({ ipRanges: undefined }), "'ipRanges'"],
  [office({ ipRanges: [] }), "'ipRanges'"],
  [office({ ipRanges: [{ cidrAddress: "198.51.100.0/24" }] }), "'ipRanges.0.@odata.type'"],
  [office({ ipRanges: [range("198.51.100.0")] }), "CIDR"],
  [office({ ipRanges: [range("198.51.100.0/33")] }), "CIDR"],
  [office({ ipRanges: [range("10.0.0.0/7")] }), "no wider than /8"],
  [office({ ipRanges: [range("2000::/3")] }), "no wider than /8"],
  [office({ ipRanges: [range("lisbon/24")] }), "CIDR"],
  [office({ ipRanges: Array.from({ length: 2001 }, () => range("198.51.100.0/24")) }), "'ipRanges'"],
  [office({ countriesAndRegions: ["PT"] }), "'countriesAndRegions'"],
  [countries({ isTrusted: true }), "'isTrusted'"],
  [countries({ countriesAndRegions: [] }), "'countriesAndRegions'"],
  [countries({ countriesAndRegions: undefined }), "'countriesAndRegions'"],
  [countries({ countriesAndRegions: ["Portugal"] }), "two-letter"],
  [countries({ countryLookupMethod: "guess" }), "'countryLookupMethod'"],
])("%j is refused", async (body, part) => {
  const { status, message } = await post(body);
  expect(status).toBe(400);
  expect(message).toContain(part);
});

it("does not emulate ranges from one address to another", async () => {
  const plain = { "@odata.type": "#microsoft.graph.iPv4Range", lowerAddress: "1.1.1.1", upperAddress: "1.1.1.9" };
  expect((await post(office({ ipRanges: [plain] }))).status).toBe(501);
});

it("asks for the permissions of policies", async () => {
  world.callers.half = {
    objectId: NOWHERE,
    clientId: NOWHERE,
    roles: ["Policy.ReadWrite.ConditionalAccess", "Application.Read.All"],
    scopes: [],
  };
  expect((await world.graph("GET", LOCATIONS, undefined, "half")).status).toBe(200);
  expect((await world.graph("POST", LOCATIONS, office(), "half")).status).toBe(403);
  expect((await world.graph("GET", LOCATIONS, undefined, "stranger")).body.error.code).toBe("AccessDenied");
});
