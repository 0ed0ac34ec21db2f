import {
  type ConditionalAccessPolicy,
  type DeviceFacts,
  decide,
  type MethodName,
  type NamedLocation,
  type PersonIdentity,
  preparePolicies,
  type SignInConditions,
} from "../../model/conditional-access/index.ts";
import { samplePolicy as policy, sampleSession, sampleSignIn } from "../../model/testing/conditional-access.ts";
import { median } from "./median.ts";

/**
 * How fast the Conditional Access evaluator is: 1,000 people × 10 tools × 24 conditions under 20 policies, on one core.
 * Seconds are the processor's, so that what else the machine does falls out. An evaluation is one policy asked about one sign-in; a verdict is all policies together and what the person can show.
 */
const PEOPLE = 1000;
const TOOLS = Array.from({ length: 10 }, (_, index) => `tool-${index}`);
const ROUNDS = 5;

const ADMIN_ROLE = "62e90394-69f5-4237-9190-012177145e10";
const STRENGTH = {
  id: "00000000-0000-0000-0000-000000000004",
  displayName: "Phishing-resistant MFA",
  allowedCombinations: ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"],
};

const locations: NamedLocation[] = [
  {
    kind: "ip",
    id: "office",
    displayName: "Office",
    isTrusted: true,
    ranges: ["198.51.100.0/24", "192.0.2.0/25", "2001:db8:10::/48"],
  },
  {
    kind: "country",
    id: "countries",
    displayName: "Countries",
    countriesAndRegions: ["DE", "PT", "NO", "FR"],
    includeUnknownCountriesAndRegions: false,
    countryLookupMethod: "clientIpAddress",
  },
];

const frequency = (value: number) =>
  sampleSession({
    signInFrequency: {
      isEnabled: true,
      frequencyInterval: "timeBased",
      value,
      type: "hours",
      authenticationType: "primaryAndSecondaryAuthentication",
    },
  });

/** A baseline as companies have it, and one policy per team on top: twenty with every kind of condition. */
function twentyPolicies(): ConditionalAccessPolicy[] {
  const users = { includeUsers: ["All"], excludeGroups: ["break-glass"] };
  const applications = { includeApplications: TOOLS };
  const admins = { includeRoles: [ADMIN_ROLE], includeGroups: ["group-0"], excludeGroups: ["break-glass"] };
  const block = { builtInControls: ["block"] as const };
  const unmanaged = {
    devices: {
      deviceFilter: {
        mode: "exclude" as const,
        rule: 'device.isCompliant -eq True -or device.trustType -eq "ServerAD"',
      },
    },
  };
  const everywhereBut = (id: string) => ({ locations: { includeLocations: ["All"], excludeLocations: [id] } });
  const part = (displayName: string, parts: Parameters<typeof policy>[0]) =>
    policy({ id: displayName, displayName, users, applications, ...parts });
  return [
    part("mfa", {}),
    part("admins", { users: admins, grant: { authenticationStrength: STRENGTH } }),
    part("legacy", { conditions: { clientAppTypes: ["exchangeActiveSync", "other"] }, grant: block }),
    part("device-code", { conditions: { authenticationFlows: { transferMethods: "deviceCodeFlow" } }, grant: block }),
    part("countries", { conditions: everywhereBut("countries"), grant: block }),
    part("unmanaged", { conditions: unmanaged, grant: null, sessionControls: frequency(1) }),
    part("frequency", { grant: null, sessionControls: frequency(12) }),
    part("risk", { conditions: { signInRiskLevels: ["high"] }, grant: block }),
    part("user-risk", {
      conditions: { userRiskLevels: ["high"] },
      grant: { operator: "AND", builtInControls: ["mfa"] },
    }),
    part("guests", {
      users: { includeUsers: ["GuestsOrExternalUsers"], excludeGroups: ["break-glass"] },
      grant: { operator: "AND", builtInControls: ["mfa"], termsOfUse: ["terms"] },
    }),
    part("platforms", {
      conditions: {
        platforms: {
          includePlatforms: ["all"],
          excludePlatforms: ["windows", "macOS", "linux", "iOS", "android"],
        },
      },
      grant: block,
    }),
    ...Array.from({ length: 9 }, (_, index) =>
      part(`team-${index}`, {
        state: index % 3 === 0 ? "enabledForReportingButNotEnforced" : "enabled",
        users: { includeGroups: [`group-${index}`], excludeGroups: ["break-glass"] },
        applications: { includeApplications: TOOLS.slice(index) },
        conditions: index % 2 === 0 ? everywhereBut("office") : unmanaged,
        grant: { builtInControls: ["compliantDevice", "domainJoinedDevice"] },
      }),
    ),
  ];
}

/** Six places and devices in each of four ways to sign in. */
function conditions(): SignInConditions[] {
  const compliant: DeviceFacts = { isCompliant: true, trustType: "AzureAD" };
  const places: Partial<SignInConditions>[] = [
    { ipAddress: "203.0.113.10", country: "DE", device: null },
    { ipAddress: "198.51.100.7", country: "PT", device: compliant },
    { ipAddress: "2001:db8:10::7", country: "PT", device: { isCompliant: false, trustType: "ServerAD" } },
    { ipAddress: "203.0.113.200", country: "US", device: compliant },
    { ipAddress: "203.0.113.201", country: null, device: null },
    { ipAddress: "2001:db8:99::1", country: "FR", device: { isCompliant: false, trustType: "Workplace" } },
  ];
  const ways: Partial<SignInConditions>[] = [
    {},
    { clientAppType: "mobileAppsAndDesktopClients", devicePlatform: "macOS" },
    { clientAppType: "other", devicePlatform: null },
    { signInRiskLevel: "high" },
  ];
  return places.flatMap((place) => ways.map((way) => sampleSignIn({ ...place, ...way }).conditions));
}

interface Person {
  readonly identity: PersonIdentity;
  readonly registered: readonly MethodName[];
}

function people(): Person[] {
  return Array.from({ length: PEOPLE }, (_, index) => ({
    identity: {
      kind: "person",
      id: `person-${index}`,
      groups: new Set([
        `group-${index % 9}`,
        `group-${index % 40}`,
        "everybody",
        ...(index < 2 ? ["break-glass"] : []),
      ]),
      roles: new Set(index % 50 === 0 ? [ADMIN_ROLE] : []),
      ...(index % 10 === 0 ? { guest: "b2bCollaborationGuest" as const, homeTenantId: "partner" } : {}),
    },
    registered: index % 25 === 0 ? [] : ["authenticator"],
  }));
}

/** Measures and prints. */
export function benchConditionalAccess(): void {
  const policies = twentyPolicies();
  const grid = conditions();
  const everybody = people();
  const evaluator = preparePolicies(policies, locations);
  const seen = { allow: 0, challenge: 0, block: 0 };
  const round = (withVerdict: boolean): number => {
    const begin = process.cpuUsage();
    for (const { identity, registered } of everybody) {
      for (const tool of TOOLS) {
        const target = { kind: "applications" as const, clientIds: [tool] };
        for (const [index, one] of grid.entries()) {
          const evaluation = evaluator.evaluate({ identity, target, conditions: one });
          if (!withVerdict) continue;
          const method = index % 2 === 0 ? (registered[0] ?? "none") : "none";
          seen[decide(evaluation, { registered, method }, one.device).outcome] += 1;
        }
      }
    }
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1e6;
  };
  round(true);
  const signIns = everybody.length * TOOLS.length * grid.length;
  const evaluating = median(Array.from({ length: ROUNDS }, () => round(false)));
  const deciding = median(Array.from({ length: ROUNDS }, () => round(true)));
  const perSecond = (count: number, seconds: number) => Math.round(count / seconds).toLocaleString("en");
  const size = `${PEOPLE} people × ${policies.length} policies × ${TOOLS.length} tools × ${grid.length} conditions`;
  console.log(`Conditional Access, ${size}, on one core (medians of ${ROUNDS} rounds):`);
  console.log(
    `  ${perSecond(signIns * policies.length, evaluating)} evaluations (sign-in × policy) per second and core`,
  );
  console.log(
    `  ${perSecond(signIns, deciding)} verdicts per second and core; the whole grid takes ${deciding.toFixed(2)} s`,
  );
  const share = (count: number) => `${Math.round((100 * count) / (seen.allow + seen.challenge + seen.block))} %`;
  console.log(`  allowed ${share(seen.allow)}, challenged ${share(seen.challenge)}, blocked ${share(seen.block)}`);
}
