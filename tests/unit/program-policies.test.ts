import * as runtime from "@pulumi/pulumi/runtime/index.js";
import { beforeAll, describe, expect, it } from "vitest";
import { policyFacts } from "../../cli/policy-pack.ts";
import { loadSettings, readConfig, stackFile } from "../../cli/project.ts";
import { type Run, runProgram } from "../../components/testing/mocks.ts";
import { contracts } from "../../components/tools/registry.ts";
import program from "../../infra/index.ts";
import { formatProblems, parseSettings, roleId, settingsFromConfig, type Team } from "../../model/index.ts";
import { findings } from "./program-findings.ts";

describe.each(["sandbox", "dev", "staging", "prod"])("the program of stack %s", (stack) => {
  it.each([true, false])(
    "breaks no rule of the pack (preview: %s)",
    async (preview) => {
      const file = stackFile(stack);
      runtime.setAllConfig(readConfig(file));
      const run = await runProgram(program, { preview });
      expect(run.resources.length).toBeGreaterThan(50);
      expect(findings(run, policyFacts(loadSettings(file)), !preview)).toEqual([]);
    },
    60_000,
  );
});

describe("the program with the tools' other choices", () => {
  const config = readConfig(stackFile("sandbox"));
  const tools = JSON.parse(config["entrada:tools"] ?? "{}");
  const redis = { host: "contoso-sandbox.redis.cache.windows.net" };
  const mail = { host: "mail.contoso.com", from: "metabase@contoso.com" };
  const other = {
    ...config,
    "entrada:tools": JSON.stringify({
      ...tools,
      airflow: { ...tools.airflow, executor: { celery: { redis } } },
      metabase: { ...tools.metabase, edition: "oss", image: "contoso.azurecr.io/metabase:v0.65.4", mail },
      databricks: { ...tools.databricks, tokens: { maxDays: 30 } },
      openmetadata: {
        ...tools.openmetadata,
        client: "confidential",
        proxy: { off: "The proxy's Redis is not there yet." },
      },
    }),
    "entrada:cluster": JSON.stringify({
      ...JSON.parse(config["entrada:cluster"] ?? "{}"),
      egress: { addresses: "The cluster runs without Cilium." },
    }),
  };
  const parsed = parseSettings(settingsFromConfig(other), contracts);
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  const facts = policyFacts(parsed.settings);
  let run: Run;

  beforeAll(async () => {
    runtime.setAllConfig(other);
    run = await runProgram(program);
  }, 60_000);

  it("breaks no rule either, as the settings give reasons", () => {
    expect(facts).toMatchObject({
      addressesReason: "The cluster runs without Cilium.",
      deployerAddresses: ["203.0.113.10"],
    });
    expect(findings(run, facts, true)).toEqual([]);
  });

  it("breaks them without the reasons", () => {
    const found = findings(run, { ...facts, openMetadataReason: "", addressesReason: "" }, true);
    expect([...new Set(found.map(({ rule }) => rule))].sort()).toEqual(["egress-named", "tools-behind-proxy"]);
    const doors = found.filter(({ rule }) => rule === "tools-behind-proxy").map(({ message }) => message);
    expect(doors).toEqual([
      expect.stringContaining('HTTPRoute "openmetadata-route"'),
      expect.stringContaining('NetworkPolicy "openmetadata-network-allow-gateway"'),
    ]);
  });

  it("is held to shorter sessions in every tool and proxy", () => {
    const found = findings(run, { ...facts, sessions: { maximum: 600, revocation: 300 } }, true);
    expect([...new Set(found.map(({ rule }) => rule))]).toEqual(["session-bounded"]);
    const places = found.map(({ message }) => /"([\w-]+)"/.exec(message)?.[1]);
    for (const place of [
      "superset-settings",
      "airflow-settings",
      "metabase-web",
      "openmetadata-settings",
      "reports-proxy-config",
    ]) {
      expect(places).toContain(place);
    }
  });

  it("is held to privileged teams by every tool's own admin roles", () => {
    const opened = run.resources.map((resource) =>
      resource.name === "bi-admins"
        ? { ...resource, inputs: { ...resource.inputs, assignableToRole: false } }
        : resource,
    );
    const found = findings({ ...run, resources: opened }, facts, true).filter(
      ({ rule }) => rule === "admin-role-guarded",
    );
    const assignments = found.map(({ message }) => /ssignment "([\w-]+)"/.exec(message)?.[1]).sort();
    expect(assignments).toEqual([
      "airflow-Admin-bi-admins",
      "databricks-bi-admins",
      "metabase-admin-bi-admins",
      "openmetadata-Admin-bi-admins",
      "superset-Admin-bi-admins",
    ]);
  });
});

it("tells the rules what the settings say", () => {
  const settings = loadSettings(stackFile("sandbox"));
  const [team = ""] = Object.keys(settings.teams);
  const existing = "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55";
  const facts = policyFacts({
    ...settings,
    teams: { ...settings.teams, [team]: { ...settings.teams[team], privileged: true, existing } as Team },
    sessions: { maximum: "4h", revocation: "30m" },
    cluster: { ...settings.cluster, egress: { addresses: "The cluster runs without Cilium." } },
  });
  expect(facts).toMatchObject({
    environment: "sandbox",
    tenantId: settings.tenantId,
    groups: { privileged: [existing], ordinary: [] },
    sessions: { maximum: 14_400, revocation: 1800 },
    addressesReason: "The cluster runs without Cilium.",
  });
  expect(facts.admin?.roleIds).toContain(roleId("superset", "Admin"));
  expect(facts.admin?.roleIds).not.toContain(roleId("superset", "Alpha"));
  expect(facts.admin?.roleNames.superset).toEqual(["Admin"]);
});
