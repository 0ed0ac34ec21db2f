import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { policiesOf, readPolicies } from "./policies.ts";
import { previewOf, readPreview } from "./preview.ts";

const folder = mkdtempSync(join(tmpdir(), "entrada-preview-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const urn = (type: string, name: string) => `urn:pulumi:prod::entrada::entrada:tools:Superset$${type}::${name}`;
const APP = urn("azuread:index/application:Application", "superset-app");
const GROUP = urn("azuread:index/group:Group", "analysts");

describe("a preview's JSON", () => {
  it("has one change for each resource, however many steps the engine takes", () => {
    const { changes, seconds, errors } = previewOf({
      steps: [
        { op: "same", urn: urn("azuread:index/group:Group", "sales") },
        { op: "update", urn: urn("pulumi:providers:azuread", "entra"), detailedDiff: {} },
        { op: "create", urn: urn("entrada:entra:OidcClient", "superset") },
        {
          op: "create-replacement",
          urn: APP,
          replaceReasons: ["signInAudience"],
          detailedDiff: { signInAudience: {}, owners: {} },
        },
        { op: "replace", urn: APP, replaceReasons: ["signInAudience"] },
        { op: "delete-replaced", urn: APP, oldState: { protect: true } },
        { op: "update", urn: GROUP, diffReasons: ["members"], detailedDiff: null },
        { op: "read", urn: urn("azuread:index/group:Group", "read") },
      ],
      duration: 41_300_000_000,
    });
    expect(changes).toEqual([
      {
        operation: "replace",
        type: "azuread:index/application:Application",
        name: "superset-app",
        properties: ["signInAudience"],
        protect: true,
      },
      {
        operation: "update",
        type: "azuread:index/group:Group",
        name: "analysts",
        properties: ["members"],
        protect: false,
      },
    ]);
    expect(seconds).toBe(41.3);
    expect(errors).toEqual([]);
  });

  it("tells what went wrong, and takes what is no JSON for a preview that ended early", () => {
    const failed = previewOf({
      diagnostics: [
        { severity: "error", message: "no rights\n" },
        { severity: "info", message: "x" },
      ],
    });
    expect(failed).toEqual({ changes: [], errors: ["no rights"] });
    const file = join(folder, "prod.json");
    writeFileSync(file, "error: no such stack");
    expect(readPreview(file).errors).toEqual([expect.stringContaining("ended before it could say")]);
  });
});

describe("the engine's event log", () => {
  const violation = {
    policyName: "vault-closed",
    enforcementLevel: "mandatory",
    message: "<{%fg 1%}>open<{%reset%}>",
    resourceUrn: APP,
  };

  it("has each violation once, and the rules that looked", () => {
    expect(
      policiesOf([
        { policyEvent: violation },
        { policyEvent: violation },
        { policyAnalyzeSummaryEvent: { passed: ["a", "b"] } },
        { policyAnalyzeStackSummaryEvent: { passed: ["b", "c"], failed: ["vault-closed"] } },
      ]),
    ).toEqual({
      rules: 4,
      violations: [
        { policy: "vault-closed", level: "mandatory", resource: "App registration superset-app", message: "open" },
      ],
    });
  });

  it("is read line by line, up to a line that was cut off", () => {
    const file = join(folder, "prod.events.jsonl");
    writeFileSync(
      file,
      `${JSON.stringify({ sequence: 1 })}\n\n${JSON.stringify({ policyEvent: violation })}\n{"policyEv`,
    );
    expect(readPolicies(file).violations).toHaveLength(1);
  });
});
