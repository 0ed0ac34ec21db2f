import { beforeAll, describe, expect, it, test } from "vitest";
import { NOWHERE } from "../../testing.ts";
import {
  grant,
  LOCATIONS,
  office,
  POLICIES,
  type PolicyParts,
  type PolicyWorld,
  policy,
  policyWorld,
} from "./testing.ts";

/** Nothing of what is refused is kept, so one world does for all. */
let world: PolicyWorld;
beforeAll(() => {
  world = policyWorld();
});

const post = async (body: unknown, version = "v1.0") => {
  const answer = await world.graph("POST", `/${version}${POLICIES}`, body);
  return { status: answer.status, ...answer.body.error };
};

describe("ids of nothing", () => {
  test.each<[PolicyParts, string]>([
    [{ users: { includeUsers: [NOWHERE] } }, `'users' condition contains invalid user ids: ${NOWHERE}.`],
    [{ users: { includeUsers: ["All"], excludeUsers: ["All"] } }, "'users' condition contains invalid user ids: All."],
    [{ users: { includeGroups: [NOWHERE] } }, `'users' condition contains invalid group ids: ${NOWHERE}.`],
    [
      { users: { includeUsers: ["All"], excludeGroups: ["All"] } },
      "'users' condition contains invalid group ids: All.",
    ],
    [{ users: { includeRoles: ["All"] } }, "1102: 'users' condition contains invalid role ids: All."],
    [
      { users: { includeUsers: ["All"], excludeRoles: [NOWHERE] } },
      `1102: 'users' condition contains invalid role ids: ${NOWHERE}.`,
    ],
    [
      { applications: { includeApplications: [NOWHERE] } },
      `'applications' condition contains invalid application ids: ${NOWHERE}.`,
    ],
    [
      { applications: { includeApplications: ["All"], excludeApplications: ["None"] } },
      "'applications' condition contains invalid application ids: None.",
    ],
    [
      { conditions: { locations: { includeLocations: [NOWHERE] } } },
      `1040: NamedLocation with id ${NOWHERE} does not exist in the directory.`,
    ],
    [
      {
        conditions: {
          locations: {
            includeLocations: ["All"],
            excludeLocations: [`/identity/conditionalAccess/namedLocations/${NOWHERE}`],
          },
        },
      },
      `1040: NamedLocation with id /identity/conditionalaccess/namedlocations/${NOWHERE} does not exist in the directory.`,
    ],
    [
      { grant: { operator: "OR", authenticationStrength: { id: NOWHERE } } },
      `AuthenticationStrengthPolicy with id ${NOWHERE} does not exist in the directory.`,
    ],
    [
      {
        users: null,
        conditions: { clientApplications: { includeServicePrincipals: [NOWHERE] } },
        grant: grant("block"),
      },
      `'clientApplications' condition contains invalid service principal ids: ${NOWHERE}.`,
    ],
  ])("%j", async (parts, message) => {
    expect(await post(policy(parts))).toMatchObject({ status: 400, code: "BadRequest", message });
  });

  it("names applications by client id, not by object id", async () => {
    const { id, appId } = await world.made("/applications", { displayName: "Superset" });
    await world.made("/servicePrincipals", { appId });
    const includes = (...includeApplications: unknown[]) => policy({ applications: { includeApplications } });
    expect((await post(includes(id))).message).toBe(
      `'applications' condition contains invalid application ids: ${id}.`,
    );
    await world.made(POLICIES, includes(appId));
  });

  it("takes locations that are there", async () => {
    const { id } = await world.made(LOCATIONS, office());
    await world.made(
      POLICIES,
      policy({ conditions: { locations: { includeLocations: ["All"], excludeLocations: [id] } } }),
    );
  });
});
