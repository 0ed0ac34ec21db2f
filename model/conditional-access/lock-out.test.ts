import { describe, expect, it } from "vitest";
import { parseSettings } from "../settings/parse.ts";
import { withChanges } from "../testing/sample.ts";
import { signInContracts as contracts, signInPeople, signInRaw, signInSettings } from "../testing/sign-ins.ts";
import { conditionGrid } from "./grid.ts";
import { lockOuts, lockOutsIn } from "./lock-out.ts";
import type { ConditionalAccessPolicy } from "./policy.ts";
import { rulesOf, sceneOf } from "./scene.ts";

type Changes = Record<string, unknown>;

/** Lock-outs of settings that the check would refuse. */
function found(conditionalAccess: Changes, changes: Changes = {}) {
  const parsed = parseSettings(withChanges(signInRaw(conditionalAccess, changes)), contracts as never, {
    lockOuts: true,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return lockOuts(parsed.settings, contracts as never);
}

function policy(changes: Changes): Changes {
  return { displayName: "Mine", who: { everybody: true }, tools: "all", demand: "block", ...changes };
}

const keyless = { people: { ...signInPeople, "ana.lima": { displayName: "Ana Lima" } } };

describe("a lock-out", () => {
  it("is none where the baseline is enforced and an admin has a security key", () => {
    expect(found({ deployers: ["ana.lima"] })).toEqual([]);
    expect(found({ state: "off" })).toEqual([]);
  });

  it("is an admin role whose holders have no method that is strong enough", () => {
    expect(found({}, keyless)).toEqual([
      {
        kind: "admin-role",
        subject: "charts/Owner",
        enforced: true,
        policies: ["Contoso sandbox - Phishing-resistant sign-in for administrators"],
        message:
          'Nobody can reach Charts as Owner under any condition: "Contoso sandbox - Phishing-resistant sign-in for administrators" keeps ana.lima out wherever no other policy does.',
        fix: "Give one of them a method that the policy takes: fido2, windows-hello or certificate. Or let the policy leave a way for one of them, or set its state to report-only.",
      },
    ]);
  });

  it("is an admin role that a policy of the company's own blocks everywhere, not one that it blocks abroad", () => {
    expect(found({ policies: { mine: policy({ who: { teams: ["admins"] } }) } })).toMatchObject([
      { kind: "admin-role", subject: "charts/Owner", policies: ["Contoso sandbox - Mine"] },
    ]);
    expect(found({ policies: { mine: policy({ from: { outside: ["countries"] } }) } })).toEqual([]);
  });

  it("is none where a managed device is the way in, even one that is both compliant and joined", () => {
    const managed = policy({ demand: ["compliant-device", "hybrid-device"] });
    expect(found({ policies: { mine: managed } })).toEqual([]);
  });

  it("is a deployer who reaches one of Azure and Graph no longer", () => {
    const mine = policy({ tools: undefined, apps: ["797f4846-ba00-4fd7-ba43-dac1f8f63013"] });
    expect(found({ deployers: ["ana.lima"], policies: { mine } })).toMatchObject([
      {
        kind: "deployer",
        subject: "ana.lima",
        message: expect.stringContaining("cannot reach Azure Resource Manager under any condition"),
      },
    ]);
    const all = policy({ tools: undefined, apps: ["All"] });
    expect(found({ deployers: ["ana.lima"], policies: { mine: all } }).map(({ kind }) => kind)).toEqual([
      "admin-role",
      "deployer",
    ]);
    const spared = policy({
      tools: undefined,
      apps: ["All"],
      who: { everybody: true, except: { people: ["ana.lima"] } },
    });
    expect(found({ deployers: ["ana.lima"], policies: { mine: spared } })).toEqual([]);
  });

  it("is a warning where report-only policies would do it", () => {
    expect(found({ state: "report-only" }, keyless)).toMatchObject([{ kind: "admin-role", enforced: false }]);
  });

  it("takes people whom only Entra knows to have what is asked for, and blocks them all the same", () => {
    const group = { privileged: true, existing: "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55" };
    const real = { environment: "dev", people: undefined, teams: { ...signInRaw().teams, admins: group } };
    expect(found({}, real)).toEqual([]);
    expect(found({ policies: { mine: policy({}) } }, real)).toMatchObject([
      { subject: "charts/Owner", message: expect.stringContaining("keeps the members of admins out") },
    ]);
  });
});

describe("policies that settings cannot make", () => {
  const settings = signInSettings();
  const scene = sceneOf(settings, contracts as never);
  const [first] = scene.declared;
  const with_ = (conditions: Partial<ConditionalAccessPolicy["conditions"]>) => {
    if (first === undefined) throw new Error("The sample declares no policy.");
    const bare = {
      ...first.policy,
      displayName: "Odd",
      grantControls: { ...first.policy.grantControls, builtInControls: ["block"] } as never,
      conditions: { ...first.policy.conditions, ...conditions },
    };
    const rules = rulesOf([{ key: "odd", policy: bare }], scene.locations);
    return lockOutsIn({ ...scene, ...rules }, conditionGrid(settings), { deployers: [], breakGlass: scene.breakGlass });
  };
  const workloads = (locations: ConditionalAccessPolicy["conditions"]["locations"], include: string) =>
    with_({
      users: null,
      locations,
      applications: { ...first?.policy.conditions.applications, includeApplications: ["All"] } as never,
      clientApplications: { includeServicePrincipals: [include], excludeServicePrincipals: [] },
    });
  const everywhere = { includeLocations: ["All"], excludeLocations: [] };

  it("touch a break-glass account that nobody excluded", () => {
    const users = { ...first?.policy.conditions.users, excludeGroups: [], includeUsers: ["All"] } as never;
    const touched = with_({ users, signInRiskLevels: ["high"] }).filter(({ kind }) => kind === "break-glass");
    expect(touched.map(({ subject, policies }) => [subject, policies])).toEqual([
      ["breakglass-1", ["Odd"]],
      ["breakglass-2", ["Odd"]],
    ]);
  });

  it("block the application that deploys at every place, not at some", () => {
    expect(workloads(everywhere, "ServicePrincipalsInMyTenant")).toMatchObject([
      { kind: "deploying-application", policies: ["Odd"] },
    ]);
    const elsewhere = { includeLocations: ["All"], excludeLocations: ["location:countries"] };
    expect(workloads(elsewhere, "ServicePrincipalsInMyTenant")).toEqual([]);
    expect(workloads(everywhere, "6f7c0c39-7d5c-4a86-9a6e-000000000000")).toEqual([]);
  });
});
