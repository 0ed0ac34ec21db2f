import { describe, expect, inject, it } from "vitest";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { contracts } from "../../components/tools/registry.ts";
import { accessMatrix } from "../../model/index.ts";
import { TestSandbox } from "./harness.ts";

const sandbox = new TestSandbox(inject("sharedSandbox"));
const matrix = accessMatrix(loadSettings(stackFile("sandbox")), contracts);

interface SignedIn {
  ok: boolean;
  roles?: string[];
  toolRoles?: string[];
  claims?: Record<string, unknown>;
  error?: { code: string; message: string; fix: string };
}

async function signIn(tool: string, person: string, ...options: string[]): Promise<SignedIn & { exit: number | null }> {
  const { code, stdout, stderr } = await sandbox.run("sign-in", tool, "--as", person, "--json", ...options);
  if (stdout === "") throw new Error(`sign-in printed nothing: ${stderr}`);
  return { ...(JSON.parse(stdout) as SignedIn), exit: code };
}

const pairs = matrix.people.flatMap((person) => matrix.tools.map((tool) => [person.id, tool.id, person] as const));

describe("signing in as everybody of the matrix", () => {
  it.each(pairs)("%s in %s: exactly what the matrix says", async (id, tool, person) => {
    const roles = person.access
      .filter((one) => one.tool === tool)
      .map(({ role }) => role)
      .sort();
    const result = await signIn(tool, id);
    if (roles.length > 0) {
      expect(result).toMatchObject({ ok: true, exit: 0 });
      expect([...(result.roles ?? [])].sort()).toEqual(roles);
      expect(result.claims).toMatchObject({ tid: sandbox.record.tenantId, ver: "2.0" });
    } else {
      expect(result).toMatchObject({
        ok: false,
        exit: 1,
        error: { code: person.enabled ? "AADSTS50105" : "AADSTS50057" },
      });
      expect(result.error?.fix).not.toBe("");
    }
  });

  it("covers a nested-only person and a leaver", () => {
    expect(matrix.people.filter(({ enabled }) => !enabled)).not.toEqual([]);
    expect(matrix.people.flatMap(({ denied }) => denied).some(({ reason }) => /nested/.test(reason))).toBe(true);
  });
});

describe("a wrong client", () => {
  const admin = matrix.people.find(({ access }) => access.some(({ role }) => role === "Admin"))?.id ?? "";

  it("is refused for a redirect URI that is not registered", async () => {
    const wrong = "https://superset.data.contoso.com/oauth-authorized/azure/";
    expect(await signIn("superset", admin, "--redirect-uri", wrong)).toMatchObject({
      ok: false,
      exit: 1,
      error: { code: "AADSTS50011" },
    });
  });

  it("is refused for another service account's token", async () => {
    const result = await signIn("superset", admin, "--service-account", "default/default");
    expect(result).toMatchObject({ ok: false, exit: 1, error: { code: "AADSTS700213" } });
  });
});
