import { beforeAll, describe, expect, it, test } from "vitest";
import { NOWHERE } from "../../testing.ts";
import {
  APP,
  everyApplication,
  everyTime,
  frequency,
  grant,
  POLICIES,
  type PolicyParts,
  type PolicyWorld,
  policy,
  policyWorld,
  strength,
  workloads,
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

const SHAPE = "1007: Incoming ConditionalAccessPolicy object is null or does not match the schema";

describe("wrong shapes are 1007", () => {
  const { conditions, ...rest } = policy();
  test.each<[string, unknown, string]>([
    ["no body", undefined, ""],
    ["a list", [], ""],
    ["no name", { ...policy(), displayName: undefined }, "displayName"],
    ["an empty name", { ...policy(), displayName: "" }, "displayName"],
    ["no state", { ...policy(), state: undefined }, "state"],
    ["no conditions", rest, "conditions"],
    ["another state", policy({ state: "on" }), "state"],
    ["an unknown property", { ...policy(), colour: "red" }, "colour"],
    ["an unknown condition", policy({ conditions: { weather: [] } }), "conditions.weather"],
    ["no client apps", policy({ conditions: { clientAppTypes: [] } }), "clientAppTypes"],
    ["another client app", policy({ conditions: { clientAppTypes: ["modern"] } }), "clientAppTypes"],
    [
      "another platform",
      policy({ conditions: { platforms: { includePlatforms: ["unknownFutureValue"] } } }),
      "platforms",
    ],
    ["another risk", policy({ conditions: { signInRiskLevels: ["severe"] } }), "signInRiskLevels"],
    ["another insider risk", policy({ conditions: { insiderRiskLevels: "high" } }), "insiderRiskLevels"],
    ["another flow", policy({ conditions: { authenticationFlows: { transferMethods: "ropc" } } }), "transferMethods"],
    [
      "another kind of guest",
      policy({ users: { includeGuestsOrExternalUsers: { guestOrExternalUserTypes: "none" } } }),
      "guest",
    ],
    [
      "members of all tenants",
      policy({
        users: {
          includeGuestsOrExternalUsers: {
            guestOrExternalUserTypes: "b2bCollaborationGuest",
            externalTenants: { membershipKind: "all", members: [NOWHERE] },
          },
        },
      }),
      "members",
    ],
    ["another user action", policy({ applications: { includeUserActions: ["urn:user:dance"] } }), "includeUserActions"],
    [
      "another context",
      policy({ applications: { includeAuthenticationContextClassReferences: ["c100"] } }),
      "c1 to c99",
    ],
    ["another operator", policy({ grant: { operator: "XOR", builtInControls: ["mfa"] } }), "operator"],
    ["another control", policy({ grant: grant("password") }), "builtInControls"],
    [
      "a strength with more than its id",
      policy({ grant: { operator: "OR", authenticationStrength: { ...strength, displayName: "MFA" } } }),
      "displayName",
    ],
    ["a frequency in weeks", policy({ session: frequency({ value: 1, type: "weeks" }) }), "type"],
    ["half an hour", policy({ session: frequency({ value: 0.5, type: "hours" }) }), "value"],
    ["neither grant nor session", policy({ grant: null }), "grantControls or sessionControls"],
    ["no effect at all", policy({ grant: null, session: { disableResilienceDefaults: false } }), "have an effect"],
    ["in v1.0, what beta knows", policy({ conditions: { times: null } }), "beta"],
  ])("%s", async (_, body, place) => {
    const { status, code, message } = await post(body);
    expect([status, code]).toEqual([400, "BadRequest"]);
    expect(message).toContain(SHAPE);
    expect(message).toContain(place);
  });
});

describe("what does not go together", () => {
  test.each<[string, PolicyParts, string]>([
    ["no users", { users: {} }, "'users' condition must specify"],
    [
      "no users but excluded ones",
      { users: { excludeUsers: ["GuestsOrExternalUsers"] } },
      "'users' condition must specify",
    ],
    ["users null", { users: null }, "'users' condition must specify"],
    ["All and others", { users: { includeUsers: ["All", "GuestsOrExternalUsers"] } }, "'All' and other users"],
    [
      "guests twice",
      {
        users: {
          includeUsers: ["GuestsOrExternalUsers"],
          includeGuestsOrExternalUsers: { guestOrExternalUserTypes: "internalGuest" },
        },
      },
      "'GuestsOrExternalUsers' cannot be combined",
    ],
    [
      "no applications",
      { applications: {} },
      "1011: 'applications' condition must specify the applications to include.",
    ],
    [
      "applications and user actions",
      { applications: { includeApplications: [APP], includeUserActions: ["urn:user:registerdevice"] } },
      "1012:",
    ],
    [
      "applications and contexts",
      { applications: { includeApplications: [APP], includeAuthenticationContextClassReferences: ["c1"] } },
      "1012:",
    ],
    [
      "actions and contexts",
      {
        applications: {
          includeUserActions: ["urn:user:registerdevice"],
          includeAuthenticationContextClassReferences: ["c1"],
        },
      },
      "user actions and authentication contexts",
    ],
    ["All and one", { applications: { includeApplications: ["All", APP] } }, "'All' and other applications"],
    ["None and one", { applications: { includeApplications: ["None", APP] } }, "'None' and other applications"],
    ["all client apps and one", { conditions: { clientAppTypes: ["all", "browser"] } }, "'all' and other client apps"],
    ["excluded platforms only", { conditions: { platforms: { excludePlatforms: ["iOS"] } } }, "platforms to include"],
    [
      "excluded locations only",
      { conditions: { locations: { excludeLocations: ["AllTrusted"] } } },
      "locations to include",
    ],
    ["workloads' risk of people", { conditions: { servicePrincipalRiskLevels: ["high"] } }, "'clientApplications'"],
    [
      "workloads and people",
      { conditions: workloads(), grant: grant("block") },
      "cannot be combined with users other than 'None'",
    ],
    [
      "excluded workloads only",
      {
        users: null,
        conditions: { clientApplications: { excludeServicePrincipals: [NOWHERE] } },
        grant: grant("block"),
      },
      "service principals to include",
    ],
    ["workloads and mfa", { users: null, conditions: workloads() }, "InvalidControls"],
    [
      "workloads and a session",
      { users: null, conditions: workloads(), grant: null, session: frequency({ value: 1, type: "hours" }) },
      "InvalidSessionControls",
    ],
    [
      "Exchange ActiveSync and locations",
      { conditions: { clientAppTypes: ["exchangeActiveSync"], locations: { includeLocations: ["All"] } } },
      "'exchangeActiveSync'",
    ],
    [
      "Exchange ActiveSync and risk",
      { conditions: { clientAppTypes: ["exchangeActiveSync"], signInRiskLevels: ["high"] } },
      "'exchangeActiveSync'",
    ],
    [
      "a device filter that is none",
      { conditions: { devices: { deviceFilter: { mode: "include", rule: "device.colour -eq red" } } } },
      "'devices' condition contains an invalid device filter rule",
    ],
    ["no control", { grant: grant() }, "InvalidControls"],
    ["a control twice", { grant: grant("mfa", "mfa") }, "InvalidControls"],
    ["block and mfa", { grant: grant("block", "mfa") }, "InvalidControls"],
    ["block and a strength", { grant: { ...grant("block"), authenticationStrength: strength } }, "InvalidControls"],
    ["mfa and a strength", { grant: { ...grant("mfa"), authenticationStrength: strength } }, "InvalidControls"],
    [
      "registering devices from compliant devices",
      { applications: { includeUserActions: ["urn:user:registerdevice"] }, grant: grant("compliantDevice") },
      "InvalidControls",
    ],
    [
      "registering devices in a browser",
      {
        applications: { includeUserActions: ["urn:user:registerdevice"] },
        conditions: { clientAppTypes: ["browser"] },
      },
      "InvalidControls",
    ],
    [
      "a new password alone",
      { applications: everyApplication, grant: grant("passwordChange") },
      "InvalidPasswordReset",
    ],
    [
      "a new password or mfa",
      { applications: everyApplication, grant: { operator: "OR", builtInControls: ["mfa", "passwordChange"] } },
      "InvalidPasswordResetControl",
    ],
    [
      "a new password and a device",
      { applications: everyApplication, grant: grant("mfa", "passwordChange", "compliantDevice") },
      "InvalidPasswordResetControl",
    ],
    ["a new password for one application", { grant: grant("mfa", "passwordChange") }, "InvalidPasswordResetControl"],
    [
      "a new password in browsers",
      {
        applications: everyApplication,
        grant: grant("mfa", "passwordChange"),
        conditions: { clientAppTypes: ["browser"] },
      },
      "InvalidPasswordResetControl",
    ],
    [
      "a new password at sign-in risk",
      {
        applications: everyApplication,
        grant: grant("mfa", "passwordChange"),
        conditions: { signInRiskLevels: ["high"] },
      },
      "InvalidPasswordResetControl",
    ],
    [
      "every time, and a value",
      { session: frequency({ frequencyInterval: "everyTime", value: 1 }) },
      "InvalidSessionControls",
    ],
    [
      "every time, and a type",
      { session: frequency({ frequencyInterval: "everyTime", type: "hours" }) },
      "InvalidSessionControls",
    ],
    [
      "every time at user risk",
      { session: everyTime, conditions: { userRiskLevels: ["high"] } },
      "needs passwordChange",
    ],
    [
      "every time in a persistent browser",
      {
        applications: everyApplication,
        session: { ...everyTime, persistentBrowser: { isEnabled: true, mode: "never" } },
      },
      "InvalidSessionControls",
    ],
    ["a frequency of nothing", { session: frequency({}) }, "value and type"],
    ["a frequency without type", { session: frequency({ value: 4 }) }, "value and type"],
    ["zero hours", { session: frequency({ value: 0, type: "hours" }) }, "1 to 23 hours"],
    ["24 hours", { session: frequency({ value: 24, type: "hours" }) }, "1 to 23 hours"],
    ["366 days", { session: frequency({ value: 366, type: "days" }) }, "1 to 365 days"],
    [
      "a persistent browser for one application",
      { session: { persistentBrowser: { isEnabled: true, mode: "never" } } },
      "InvalidSessionControls",
    ],
    [
      "restrictions that the application does not know",
      { session: { applicationEnforcedRestrictions: { isEnabled: true } } },
      "InvalidControls",
    ],
    [
      "everybody blocked from everything",
      { applications: everyApplication, grant: grant("block") },
      "BlockEveryonePolicy",
    ],
    [
      "everybody blocked, on one platform",
      {
        applications: everyApplication,
        grant: grant("block"),
        conditions: { platforms: { includePlatforms: ["linux"] } },
        state: "disabled",
      },
      "BlockEveryonePolicy",
    ],
  ])("%s", async (_, parts, part) => {
    const { status, code, message } = await post(policy(parts));
    expect([status, code]).toEqual([400, "BadRequest"]);
    expect(message).toContain(part);
  });
});

it("puts the service's words beside Graph's own in beta", async () => {
  const error = await post(policy({ applications: {} }), "beta");
  expect(error.message).toBe("The server could not process the request because it is malformed or incorrect.");
  expect(error.innerError.message).toContain("1011: 'applications' condition must specify");
});

test.each([
  ["v1.0", policy({ grant: { ...grant("mfa"), termsOfUse: [NOWHERE] } }), "terms of use"],
  ["v1.0", policy({ grant: { ...grant("mfa"), customAuthenticationFactors: ["x"] } }), "custom controls"],
  [
    "v1.0",
    policy({
      conditions: workloads({ clientApplications: { servicePrincipalFilter: { mode: "include", rule: "x" } } }),
    }),
    "filters for service principals",
  ],
  ["beta", policy({ session: { continuousAccessEvaluation: { mode: "disabled" } } }), "continuousAccessEvaluation"],
  ["beta", policy({ conditions: { times: {} } }), "conditions.times"],
])("%s says what the sandbox does not know: %j", async (version, body, what) => {
  const { status, message } = await post(body, version);
  expect(status).toBe(501);
  expect(message).toContain(what);
});

it("checks a PATCH as a whole", async () => {
  const { id } = await world.made(POLICIES, policy({ applications: everyApplication }));
  const change = async (body: object) => (await world.graph("PATCH", `${POLICIES}/${id}`, body)).body.error.message;
  expect(await change({ grantControls: grant("block") })).toContain("BlockEveryonePolicy");
  expect(await change({ conditions: { users: { includeUsers: [] } } })).toContain("users to include");
  expect(await change({ state: "on" })).toContain("1007:");
});
