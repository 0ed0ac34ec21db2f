import { describe, expect, it } from "vitest";
import { samplePersonIdentity as person, samplePolicy, sampleSignIn } from "../../testing/conditional-access.ts";
import type { GuestKind, UserConditions } from "../policy.ts";
import type { PersonIdentity } from "../sign-in.ts";
import { userCondition } from "./users.ts";

function answer(users: Partial<UserConditions>, identity: PersonIdentity) {
  const whole = samplePolicy({ users }).conditions.users;
  if (whole === null) throw new Error("A sample policy has users.");
  return userCondition(whole)(sampleSignIn({}, identity));
}

const guest = (kind: GuestKind, homeTenantId?: string) =>
  person({ guest: kind, ...(homeTenantId === undefined ? {} : { homeTenantId }) });
const guests = (types: string, members?: string[]) => ({
  guestOrExternalUserTypes: types,
  externalTenants:
    members === undefined ? ({ membershipKind: "all" } as const) : ({ membershipKind: "enumerated", members } as const),
});

describe("userCondition", () => {
  it("takes people by id, and nobody for None", () => {
    expect(answer({ includeUsers: ["ana"] }, person())).toBe(true);
    expect(answer({ includeUsers: ["jon"] }, person())).toBe(false);
    expect(answer({ includeUsers: ["None"] }, person())).toBe(false);
  });

  it("takes guests of every kind with All", () => {
    expect(answer({ includeUsers: ["All"] }, person())).toBe(true);
    expect(answer({ includeUsers: ["All"] }, guest("b2bDirectConnectUser"))).toBe(true);
  });

  it("takes guests alone with GuestsOrExternalUsers", () => {
    expect(answer({ includeUsers: ["GuestsOrExternalUsers"] }, guest("serviceProvider"))).toBe(true);
    expect(answer({ includeUsers: ["GuestsOrExternalUsers"] }, person())).toBe(false);
    expect(answer({ includeUsers: ["All"], excludeUsers: ["GuestsOrExternalUsers"] }, guest("internalGuest"))).toBe(
      false,
    );
  });

  it("takes members of groups and holders of roles", () => {
    const ana = person({ groups: new Set(["analysts", "everybody"]), roles: new Set(["admin"]) });
    expect(answer({ includeGroups: ["sales", "everybody"] }, ana)).toBe(true);
    expect(answer({ includeGroups: ["sales"] }, ana)).toBe(false);
    expect(answer({ includeRoles: ["admin"] }, ana)).toBe(true);
    expect(answer({ includeRoles: ["reader"] }, ana)).toBe(false);
    expect(answer({ includeGroups: ["admin"], includeRoles: ["analysts"] }, ana)).toBe(false);
  });

  it.each([
    ["excludeUsers", ["ana"]],
    ["excludeGroups", ["break-glass"]],
    ["excludeRoles", ["admin"]],
  ])("lets %s win over every way of including", (part, ids) => {
    const ana = person({ groups: new Set(["break-glass", "everybody"]), roles: new Set(["admin"]) });
    const everyWay = { includeUsers: ["All", "ana"], includeGroups: ["everybody"], includeRoles: ["admin"] };
    expect(answer(everyWay, ana)).toBe(true);
    expect(answer({ ...everyWay, [part]: ids }, ana)).toBe(false);
  });

  it("takes guests of the listed kinds, from the listed tenants", () => {
    const includeGuestsOrExternalUsers = guests("b2bCollaborationGuest, b2bCollaborationMember", ["partner"]);
    expect(answer({ includeGuestsOrExternalUsers }, guest("b2bCollaborationMember", "partner"))).toBe(true);
    expect(answer({ includeGuestsOrExternalUsers }, guest("b2bCollaborationGuest", "other"))).toBe(false);
    expect(answer({ includeGuestsOrExternalUsers }, guest("serviceProvider", "partner"))).toBe(false);
    expect(answer({ includeGuestsOrExternalUsers }, person())).toBe(false);
  });

  it("asks local guests for no tenant, and other guests without a known one for more information", () => {
    const includeGuestsOrExternalUsers = guests("internalGuest,b2bCollaborationGuest", ["partner"]);
    expect(answer({ includeGuestsOrExternalUsers }, guest("internalGuest"))).toBe(true);
    expect(answer({ includeGuestsOrExternalUsers }, guest("b2bCollaborationGuest"))).toBe("unknown");
    expect(
      answer({ includeGuestsOrExternalUsers: guests("b2bCollaborationGuest") }, guest("b2bCollaborationGuest")),
    ).toBe(true);
    const nullTenants = { guestOrExternalUserTypes: "b2bCollaborationGuest", externalTenants: null };
    expect(answer({ includeGuestsOrExternalUsers: nullTenants }, guest("b2bCollaborationGuest"))).toBe(true);
  });

  it("excludes guests by kind and tenant", () => {
    const parts = { includeUsers: ["All"], excludeGuestsOrExternalUsers: guests("serviceProvider", ["partner"]) };
    expect(answer(parts, guest("serviceProvider", "partner"))).toBe(false);
    expect(answer(parts, guest("serviceProvider", "other"))).toBe(true);
    expect(answer(parts, guest("serviceProvider"))).toBe("unknown");
    expect(answer({ ...parts, excludeUsers: ["ana"] }, guest("serviceProvider"))).toBe(false);
  });

  it("takes no application that signs in as itself", () => {
    const whole = samplePolicy().conditions.users;
    const workload = sampleSignIn({}, { kind: "workload", id: "ana", ownedByTenant: true });
    expect(whole && userCondition(whole)(workload)).toBe(false);
  });
});
