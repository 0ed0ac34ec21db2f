import { beforeEach, describe, expect, it, test } from "vitest";
import { BUILT_IN_STRENGTHS } from "../../model/conditional-access/policy.ts";
import { identityOf, locationsOf, policiesOf } from "./conditional-access.ts";
import type { Directory, User } from "./directory.ts";
import {
  countries,
  LOCATIONS,
  office,
  POLICIES,
  type PolicyWorld,
  policy,
  policyWorld,
  STRENGTHS,
} from "./graph/conditional-access/testing.ts";
import { reference } from "./graph/testing.ts";

let world: PolicyWorld;
let data: Directory;
beforeEach(() => {
  world = policyWorld();
  data = world.context.store.data;
});

describe("policiesOf", () => {
  it("puts the strength in, built-in or the tenant's own", async () => {
    const keys = { displayName: "Keys", allowedCombinations: ["fido2"] };
    const { id } = await world.made(STRENGTHS, keys);
    const using = (strength: string) => policy({ grant: { operator: "OR", authenticationStrength: { id: strength } } });
    await world.made(POLICIES, using(id));
    await world.made(POLICIES, using(BUILT_IN_STRENGTHS["phishing-resistant"]));
    expect(policiesOf(data).map(({ grantControls }) => grantControls?.authenticationStrength)).toEqual([
      { id, ...keys },
      {
        id: BUILT_IN_STRENGTHS["phishing-resistant"],
        displayName: "Phishing resistant MFA",
        allowedCombinations: ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"],
      },
    ]);
  });

  it("has no users in a policy for workload identities, and no more than the model knows", async () => {
    const block = { operator: "OR", builtInControls: ["block"] };
    const clientApplications = {
      includeServicePrincipals: ["ServicePrincipalsInMyTenant"],
      excludeServicePrincipals: [],
    };
    const { id } = await world.made(
      POLICIES,
      policy({ users: null, conditions: { clientApplications }, grant: block }),
    );
    expect(policiesOf(data)).toMatchObject([{ id, conditions: { users: null, clientApplications } }]);
    expect(Object.keys(policiesOf(data)[0] ?? {}).sort()).toEqual([
      "conditions",
      "displayName",
      "grantControls",
      "id",
      "sessionControls",
      "state",
    ]);
  });
});

it("locationsOf tells both kinds", async () => {
  const ip = await world.made(LOCATIONS, office({ isTrusted: true }));
  const country = await world.made(LOCATIONS, countries({ includeUnknownCountriesAndRegions: true }));
  expect(locationsOf(data)).toEqual([
    {
      kind: "ip",
      id: ip.id,
      displayName: "Office",
      isTrusted: true,
      ranges: ["198.51.100.0/24", "2001:db8:10::/48"],
    },
    {
      kind: "country",
      id: country.id,
      displayName: "Countries",
      countriesAndRegions: ["DE", "PT"],
      includeUnknownCountriesAndRegions: true,
      countryLookupMethod: "clientIpAddress",
    },
  ]);
});

describe("identityOf", () => {
  const person = (key: string) => data.users[world.person(key)] as User;

  it("knows groups at any depth and no directory roles", async () => {
    const [outer, inner] = [await world.group("outer"), await world.group("inner")];
    await world.graph("POST", `/groups/${outer}/members/$ref`, reference(inner));
    await world.graph("POST", `/groups/${inner}/members/$ref`, reference(world.person("ana.lima")));
    expect(identityOf(data, person("ana.lima"))).toEqual({
      kind: "person",
      id: world.person("ana.lima"),
      groups: new Set([inner, outer]),
      roles: new Set(),
    });
  });

  const home = "5e3f9a70-8a64-4f4e-9d6b-6a1f4ce0b7aa";
  test.each<[string, Partial<User>, object]>([
    ["a member", {}, {}],
    ["a guest of the settings", { userType: "Guest" }, { guest: "b2bCollaborationGuest" }],
    [
      "a guest with a home",
      { userType: "Guest", homeTenantId: home },
      { guest: "b2bCollaborationGuest", homeTenantId: home },
    ],
    ["a member from elsewhere", { homeTenantId: home }, { guest: "b2bCollaborationMember", homeTenantId: home }],
    [
      "somebody invited through Graph",
      {
        userType: "Guest",
        seededAs: undefined,
        userPrincipalName: "ana_fabrikam.com#EXT#@contoso.onmicrosoft.com",
      } as Partial<User>,
      { guest: "b2bCollaborationGuest" },
    ],
    [
      "a guest with an account here",
      { userType: "Guest", seededAs: undefined } as Partial<User>,
      { guest: "internalGuest" },
    ],
  ])("%s", (_, change, expected) => {
    const { guest, homeTenantId } = identityOf(data, { ...person("ana.lima"), ...change });
    expect({ ...(guest && { guest }), ...(homeTenantId && { homeTenantId }) }).toEqual(expected);
  });
});
