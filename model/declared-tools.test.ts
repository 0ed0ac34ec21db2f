import { describe, expect, it } from "vitest";
import { declaredTools } from "./declared-tools.ts";
import { parseSettings } from "./settings/parse.ts";
import { sampleContract, sampleSettings, withChanges } from "./testing/sample.ts";
import { sampleFamily } from "./testing/sample-family.ts";
import type { ToolContract } from "./tool-contract.ts";

const charts = { image: "contoso.azurecr.io/charts:2.0.0" };
const contracts = [sampleContract() as unknown as ToolContract, sampleFamily()];
const proxy = { image: "contoso.azurecr.io/oauth2-proxy:7.8.1", redis: { host: "redis.contoso.com" } };

function problems(changes: Record<string, unknown>) {
  const parsed = parseSettings(withChanges({ proxy, ...changes }), contracts);
  return parsed.ok ? [] : parsed.problems.map(({ path, found }) => [path, found]);
}

describe("declaredTools", () => {
  const settings = sampleSettings({ proxy, tools: { charts, apps: { reports: {}, notes: {} } } }, contracts as never);

  it("lists tools in the contracts' order, those of one key by name, each with its place and contract", () => {
    const declared = declaredTools(settings, contracts);
    expect(declared.map(({ id, contract, path }) => [id, contract.displayName, path])).toEqual([
      ["charts", "Charts", ["tools", "charts"]],
      ["reports", "reports", ["tools", "apps", "reports"]],
      ["notes", "notes", ["tools", "apps", "notes"]],
    ]);
  });

  it("puts each name into host and namespace", () => {
    expect(settings.tools.reports).toMatchObject({ host: "reports.data.contoso.com", namespace: "reports" });
  });

  it("leaves out what the environment does not have", () => {
    expect(declaredTools(sampleSettings({}, contracts as never), contracts).map(({ id }) => id)).toEqual(["charts"]);
  });
});

describe("tools that stand several under one key", () => {
  it("are told by their own place", () => {
    const roles = { reports: { access: { Viewer: ["nobody"] }, host: "reports.contoso.org" } };
    expect(problems({ tools: { apps: roles } })).toEqual([
      ["tools.apps.reports.access.Viewer[0]", '"nobody"'],
      ["tools.apps.reports.host", '"reports.contoso.org"'],
    ]);
  });

  it("cannot take the name of a tool that Entrada knows", () => {
    expect(problems({ tools: { apps: { charts: {} } } })).toEqual([["tools.apps.charts", 'the name "charts"']]);
  });

  it("need the proxy's settings when they stand behind it", () => {
    expect(problems({ proxy: undefined, tools: { apps: { reports: {} } } })).toEqual([["proxy", "nothing"]]);
  });
});

describe("the proxy", () => {
  it("takes its image from the one registry, with its digest in prod", () => {
    const foreign = { ...proxy, image: "quay.example.com/oauth2-proxy:7.8.1" };
    expect(problems({ proxy: foreign })).toEqual([["proxy.image", "an image from quay.example.com"]]);
    const prod = { environment: "prod", people: undefined, tools: {} };
    expect(problems(prod)).toEqual([["proxy.image", `"${proxy.image}", pinned by its tag only`]]);
  });

  it("asks Entra again before sessions end", () => {
    expect(problems({ sessions: { maximum: "30m", revocation: "1h" } })).toEqual([["sessions.revocation", '"1h"']]);
  });
});
