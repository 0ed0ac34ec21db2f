import { describe, expect, it } from "vitest";
import { deployerClientId, type Seed, seedDirectory } from "./seed.ts";
import { emptyDirectory, memoryStore } from "./store.ts";
import { SUBSCRIPTION, TENANT } from "./testing.ts";

const seed = (people: Seed["people"]): Seed => ({
  people,
  deployer: { clientId: deployerClientId(TENANT), secretHash: "abc" },
  subscriptionId: SUBSCRIPTION,
});
const ana = { key: "ana.lima", userPrincipalName: "ana.lima@contoso.com", displayName: "Ana Maria Lima" };
const jon = { key: "jon.berg", userPrincipalName: "jon.berg@contoso.com", displayName: "Jon Berg", enabled: false };
const store = () => memoryStore(emptyDirectory(TENANT, ["contoso.onmicrosoft.com", "contoso.com"]));

describe("the seed", () => {
  it("gives everybody the same id every time, and changes nothing the second time", () => {
    const [first, second] = [store(), store()];
    seedDirectory(first, seed([ana, jon]));
    seedDirectory(second, seed([ana, jon]));
    expect(second.data).toEqual(first.data);
    const before = structuredClone(first.data);
    seedDirectory(first, seed([ana, jon]));
    expect(first.data).toEqual(before);
  });

  it("fills names in, and takes them from the settings when given", () => {
    const { data } = (() => {
      const made = store();
      seedDirectory(made, seed([ana, { ...jon, givenName: "Jonathan", mail: "jb@contoso.com" }]));
      return made;
    })();
    const users = Object.values(data.users);
    expect(users).toContainEqual(
      expect.objectContaining({ givenName: "Ana", surname: "Maria Lima", mail: "ana.lima@contoso.com" }),
    );
    expect(users).toContainEqual(
      expect.objectContaining({ givenName: "Jonathan", mail: "jb@contoso.com", accountEnabled: false }),
    );
  });

  it("registers the methods of the settings, or the authenticator app, and keeps where people are", () => {
    const made = store();
    const home = { country: "PT", ipAddress: "203.0.113.10" };
    seedDirectory(made, { ...seed([ana, { ...jon, methods: ["fido2"] }]), home });
    const methods = () => Object.values(made.data.users).map(({ authenticationMethods }) => authenticationMethods);
    expect(methods()).toEqual(expect.arrayContaining([["authenticator"], ["fido2"]]));
    expect(made.data.home).toEqual(home);
    seedDirectory(made, seed([{ ...ana, methods: [] }]));
    expect(methods()).toEqual([[]]);
    expect(made.data.home).toBeUndefined();
  });

  it("follows the settings: changed people change, departed ones go, others stay", () => {
    const made = store();
    seedDirectory(made, seed([ana, jon]));
    const [anaId] = Object.values(made.data.users)
      .filter(({ seededAs }) => seededAs === "ana.lima")
      .map(({ id }) => id);
    const byHand = {
      ...Object.values(made.data.users)[0],
      id: "11111111-1111-4111-8111-111111111111",
      seededAs: undefined,
    };
    Object.assign(made.data.users, { [byHand.id]: byHand });
    seedDirectory(made, seed([{ ...ana, department: "Data" }]));
    expect(made.data.users[anaId ?? ""]).toMatchObject({ department: "Data" });
    expect(Object.keys(made.data.users).sort()).toEqual([byHand.id, anaId].sort());
  });

  it("makes the deployer an Owner with Graph permissions, and keeps no secret", () => {
    const made = store();
    seedDirectory(made, seed([]));
    const { data } = made;
    const principal = Object.values(data.servicePrincipals).find(({ appId }) => appId === deployerClientId(TENANT));
    const roles = Object.values(data.appRoleAssignments).filter(({ principalId }) => principalId === principal?.id);
    expect(roles.length).toBeGreaterThan(5);
    const owner = Object.values(data.armResources).find(({ properties }) => properties.principalId === principal?.id);
    expect(owner?.properties.scope).toBe(`/subscriptions/${SUBSCRIPTION}`);
    const application = Object.values(data.applications)[0];
    expect(application?.passwordCredentials[0]?.secretHash).toBe("abc");
  });
});
