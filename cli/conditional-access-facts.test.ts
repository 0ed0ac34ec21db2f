import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Settings } from "../model/index.ts";
import { sandboxLayout } from "../sandbox/layout.ts";
import { conditionalAccessFacts, deployedConditionalAccess } from "./conditional-access-facts.ts";
import { loadSettings, stackFile } from "./project.ts";

const settings = loadSettings(stackFile("sandbox"));
const databricks = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
const { conditionalAccess } = settings;
const withAccess = (changes: Partial<Settings["conditionalAccess"]>): Settings => ({
  ...settings,
  conditionalAccess: { ...conditionalAccess, ...changes },
});

describe("what the settings say", () => {
  it("is how far the parts go, and which tools and teams are the platform's", () => {
    expect(conditionalAccessFacts(withAccess({ state: "enforced", baseline: {} }))).toEqual({
      parts: { mfa: "enforced", guests: "enforced", admins: "enforced", legacyClients: "enforced" },
      breakGlass: "break-glass",
      adminLevel: "phishing-resistant",
      platformApplications: [databricks],
      platformAdmins: ["bi-admins"],
      otherApplications: [],
      anyOfReasons: {},
      maxHours: 12,
    });
  });

  it("follows switches, own policies and frequencies", () => {
    const own = {
      displayName: "Tablets",
      demand: { "any-of": ["mfa", "compliant-device"] },
      reason: "Tablets in the warehouse have no second factor.",
      apps: ["797f4846-ba00-4fd7-ba43-dac1f8f63013"],
    } as unknown as Settings["conditionalAccess"]["policies"][string];
    const facts = conditionalAccessFacts(
      withAccess({
        state: "report-only",
        admins: "passwordless",
        frequency: { people: "48h", admins: "4h", unmanaged: "1h" },
        baseline: {
          guests: { state: "off", reason: "There are no guests." },
        } as Settings["conditionalAccess"]["baseline"],
        policies: { tablets: own, plain: { ...own, demand: "mfa" } },
      }),
    );
    expect(facts).toMatchObject({
      parts: { mfa: "report-only", guests: "off", admins: "report-only", legacyClients: "report-only" },
      adminLevel: "passwordless",
      otherApplications: ["797f4846-ba00-4fd7-ba43-dac1f8f63013"],
      anyOfReasons: { "own-tablets": "Tablets in the warehouse have no second factor." },
      maxHours: 48,
    });
  });
});

describe("what the last state says", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "entrada-facts-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const policy = (name: string, state: string, more: object = {}) => ({
    urn: `urn:pulumi:sandbox::entrada::entrada:entra:ConditionalAccess$azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy::${name}`,
    type: "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy",
    outputs: { state },
    ...more,
  });
  const root = (outputs?: object) => ({
    urn: "urn:pulumi:sandbox::entrada::pulumi:pulumi:Stack::entrada-sandbox",
    type: "pulumi:pulumi:Stack",
    ...(outputs === undefined ? {} : { outputs }),
  });
  function deployed(resources?: readonly object[]) {
    const layout = sandboxLayout(folder);
    const stacks = join(layout.state, ".pulumi", "stacks", "entrada");
    mkdirSync(stacks, { recursive: true });
    if (resources !== undefined) {
      writeFileSync(join(stacks, "sandbox.json"), JSON.stringify({ checkpoint: { latest: { resources } } }));
    }
    return deployedConditionalAccess(layout, "sandbox", settings);
  }

  it("is nothing where nothing was brought up", () => {
    expect(deployed()).toEqual({ policies: {}, applications: [] });
    expect(deployed([])).toEqual({ policies: {}, applications: [] });
  });

  it("is the policies' states and the tools' client ids", () => {
    const tools = { superset: { clientId: "client-1" }, databricks: {}, gone: { clientId: "client-2" }, other: {} };
    expect(
      deployed([
        root({ tools }),
        policy("baseline-mfa", "enabled"),
        policy("baseline-devices", "enabledForReportingButNotEnforced"),
        policy("baseline-old", "enabled", { delete: true }),
      ]),
    ).toEqual({
      policies: { "baseline-mfa": "enforced", "baseline-devices": "report-only" },
      applications: [databricks, "client-1", "client-2"],
    });
  });

  it("counts no tool of a first run that did not come to its end", () => {
    const half = [
      root(),
      { urn: "urn::superset-app", type: "azuread:index/application:Application", outputs: { clientId: "client-1" } },
    ];
    expect(deployed(half)).toEqual({ policies: {}, applications: [] });
  });
});
