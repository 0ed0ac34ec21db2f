import { describe, expect, inject, it } from "vitest";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { deployedTools } from "../../cli/sign-in/deployed.ts";
import { signInFlow } from "../../cli/sign-in/flow.ts";
import { type SandboxFetch, sandboxFetch } from "../../cli/sign-in/network.ts";
import { contracts } from "../../components/tools/registry.ts";
import { accessMatrix } from "../../model/index.ts";
import { serviceAccountToken } from "../../sandbox/cluster/index.ts";
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

describe("the token request", () => {
  it("holds a client assertion and no client secret", async () => {
    const tool = deployedTools(sandbox.layout, "sandbox").superset;
    if (!tool) throw new Error("Superset is not deployed.");
    const through = sandboxFetch(sandbox.record);
    const sent: { url: string; headers: Record<string, string>; parameters: URLSearchParams }[] = [];
    const recording: SandboxFetch = (url, init) => {
      sent.push({ url, headers: init?.headers ?? {}, parameters: new URLSearchParams(init?.body) });
      return through(url, init);
    };
    await signInFlow(recording, {
      tenantId: tool.tenantId,
      clientId: tool.clientId,
      redirectUri: `${tool.url}/oauth-authorized/azure`,
      scope: "openid profile email",
      person: "ana.lima@contoso.com",
      assertion: () =>
        serviceAccountToken(
          sandbox.record.kubeconfig,
          tool.namespace,
          tool.serviceAccount,
          "api://AzureADTokenExchange",
          600,
        ),
    });
    const token = sent.filter(({ url }) => url.endsWith("/token"));
    expect(token.map(({ parameters }) => [...parameters.keys()].sort())).toEqual([
      ["client_assertion", "client_assertion_type", "client_id", "code", "code_verifier", "grant_type", "redirect_uri"],
    ]);
    expect(Object.keys(token[0]?.headers ?? {})).not.toContain("authorization");
  });
});
