import fc from "fast-check";
import { METHOD_NAMES, type Proofs, type SignInConditions, type SignInFacts } from "../conditional-access/index.ts";
import { GUESTS, PLATFORMS, RISKS, some } from "./arbitrary-policies.ts";

/** Sign-ins and proofs over the names that arbitrary policies know. */
const ADDRESSES = ["198.51.100.7", "203.0.113.10", "2001:db8:10::7", "2001:db8:99::1", "nowhere"];
const COUNTRIES = ["DE", "PT", "US"];

const device = fc.option(
  fc.record(
    {
      isCompliant: fc.boolean(),
      trustType: fc.constantFrom("AzureAD", "ServerAD", "Workplace", null),
      deviceOwnership: fc.constantFrom("Company", "Personal"),
      extensionAttributes: fc.constant({ extensionAttribute1: "SAW" }),
    },
    { requiredKeys: ["isCompliant", "trustType"] },
  ),
);

const known = {
  ipAddress: fc.constantFrom(...ADDRESSES),
  country: fc.option(fc.constantFrom(...COUNTRIES)),
  devicePlatform: fc.option(fc.constantFrom(...PLATFORMS)),
  clientAppType: fc.constantFrom(
    ...(["browser", "browser", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"] as const),
  ),
  signInRiskLevel: fc.constantFrom(...RISKS),
  userRiskLevel: fc.constantFrom(...RISKS),
  servicePrincipalRiskLevel: fc.constantFrom(...RISKS),
  insiderRiskLevel: fc.constantFrom("none" as const, "minor" as const, "moderate" as const, "elevated" as const),
  authenticationFlow: fc.constantFrom("none" as const, "deviceCodeFlow" as const, "authenticationTransfer" as const),
  device,
};

/** Any of the conditions may be unknown; mostly, all are known. */
const signInConditions: fc.Arbitrary<SignInConditions> = fc.oneof(
  { weight: 2, arbitrary: fc.record(known) },
  { weight: 1, arbitrary: fc.record(known, { requiredKeys: [] }) },
);

const person = fc.record(
  {
    kind: fc.constant("person" as const),
    id: fc.constantFrom("ana", "jon"),
    groups: fc.subarray(["analysts", "sales", "break-glass"]).map((ids): ReadonlySet<string> => new Set(ids)),
    roles: fc.subarray(["admin", "reader"]).map((ids): ReadonlySet<string> => new Set(ids)),
    guest: fc.constantFrom(...GUESTS),
    homeTenantId: fc.constantFrom("partner", "other"),
  },
  { requiredKeys: ["kind", "id", "groups", "roles"] },
);
const workload = fc.record({
  kind: fc.constant("workload" as const),
  id: fc.constantFrom("loader", "other"),
  ownedByTenant: fc.boolean(),
});

/** A person's or an application's sign-in. */
export const signInArbitrary: fc.Arbitrary<SignInFacts> = fc.record({
  identity: fc.oneof({ weight: 9, arbitrary: person }, { weight: 1, arbitrary: workload }),
  target: fc.oneof(
    {
      weight: 16,
      arbitrary: fc.record(
        {
          kind: fc.constant("applications" as const),
          clientIds: fc.subarray(["superset", "airflow"], { minLength: 1 }),
          attributes: fc.constant({ superset: { "Data.class": ["secret"] } }),
        },
        { requiredKeys: ["kind", "clientIds"] },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("userAction" as const),
        action: fc.constant("urn:user:registersecurityinfo"),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("authenticationContext" as const), value: fc.constant("c1") }),
    },
  ),
  conditions: signInConditions,
});

/** What somebody has shown and could show. */
export const proofsArbitrary: fc.Arbitrary<Proofs> = fc.record(
  {
    registered: fc.subarray([...METHOD_NAMES]),
    method: fc.oneof(fc.constant("none" as const), fc.constantFrom(...METHOD_NAMES)),
    acceptedTerms: some("terms", "rules"),
    passwordChanged: fc.boolean(),
    approvedApplication: fc.boolean(),
    protectedApplication: fc.boolean(),
  },
  { requiredKeys: ["registered", "method"] },
);
