import { describe, expect, inject, it } from "vitest";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { deployedStack } from "../../cli/sign-in/deployed.ts";
import { clusterPods } from "../../cli/sign-in/identity.ts";
import { type SandboxFetch, sandboxFetch } from "../../cli/sign-in/network.ts";
import { playWay, waysInto } from "../../cli/sign-in/ways.ts";
import { contracts } from "../../components/tools/registry.ts";
import { type AccessPerson, accessMatrix, declaredTools } from "../../model/index.ts";
import { TestSandbox } from "./harness.ts";
import { directory } from "./live.ts";

const sandbox = new TestSandbox(inject("sharedSandbox"));
const settings = loadSettings(stackFile("sandbox"));
const matrix = accessMatrix(settings, contracts);

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

/** How somebody without a role is turned away: by Entra, by the partner's provider, or by the tool. */
function refusal(tool: string, { enabled, partner }: AccessPerson): string {
  // The workspace lets people in after Entra has, so the refusal is Databricks' own.
  if (partner === undefined && enabled && tool === "databricks") return "403";
  if (partner === undefined) return enabled ? "AADSTS50105" : "AADSTS50057";
  if (settings.partners[partner]?.tools[tool] === undefined) return "not-open";
  return enabled ? "no-role" : "E0000004";
}

// Side by side, since each is a command of its own that mostly starts up.
describe.concurrent("signing in as everybody of the matrix", () => {
  it.each(pairs)("%s in %s: exactly what the matrix says", async (id, tool, person) => {
    const roles = person.access
      .filter((one) => one.tool === tool)
      .map(({ role }) => role)
      .sort();
    const result = await signIn(tool, id);
    if (roles.length > 0 && settings.people[id]?.methods.length === 0) {
      // Conditional Access asks for a second factor, and this person has none to show.
      expect(result).toMatchObject({ ok: false, exit: 1, error: { code: "AADSTS50079" } });
    } else if (roles.length > 0) {
      expect(result).toMatchObject({ ok: true, exit: 0 });
      expect([...(result.roles ?? [])].sort()).toEqual(roles);
      const issuer = settings.partners[person.partner ?? ""]?.issuer;
      expect(result.claims).toMatchObject(
        issuer === undefined ? { tid: sandbox.record.tenantId, ver: "2.0" } : { iss: issuer, ver: 1 },
      );
    } else {
      expect(result).toMatchObject({ ok: false, exit: 1, error: { code: refusal(tool, person) } });
      expect(result.error?.fix).not.toBe("");
    }
  });

  it("covers a nested-only person, a leaver and somebody without a second factor", () => {
    expect(Object.values(settings.people).some(({ methods }) => methods.length === 0)).toBe(true);
    expect(matrix.people.filter(({ enabled }) => !enabled)).not.toEqual([]);
    expect(matrix.people.flatMap(({ denied }) => denied).some(({ reason }) => /nested/.test(reason))).toBe(true);
  });
});

const admin = matrix.people.find(({ access }) => access.some(({ role }) => role === "Admin"))?.id ?? "";

describe("a wrong client", () => {
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

  /** What Entra says to each wrong kind of client, by where the code is redeemed. */
  const answers = {
    web: {
      unproven: "AADSTS7000218",
      public: "AADSTS9002326",
      "wrong-secret": "AADSTS7000215",
      "expired-secret": "AADSTS7000222",
    },
    spa: {
      unproven: "AADSTS9002327",
      federated: "AADSTS9002327",
      "public-without-pkce": "AADSTS9002325",
      "public-with-secret": "AADSTS700025",
    },
  };
  const cases = declaredTools(settings, contracts).flatMap(({ id, contract, tool }) => {
    const holder = matrix.people.find(({ access }) => access.some((one) => one.tool === id))?.id ?? "";
    return contract
      .callbacks(tool)
      .flatMap(({ path, platform }) =>
        Object.entries(answers[platform]).map(([client, code]) => [id, path, client, code, holder] as const),
      );
  });
  it.each(cases)("of %s at %s, %s, hears %s", async (tool, callback, client, code, person) => {
    const result = await signIn(tool, person, "--callback", callback, "--client", client);
    expect(result).toMatchObject({ ok: false, exit: 1, error: { code } });
    expect(result.error?.fix).not.toBe("");
  });

  it("leaves no secret behind that it planted", () => {
    const mine = Object.values(directory(sandbox).applications)
      .flatMap(({ passwordCredentials }) => passwordCredentials)
      .filter(({ displayName }) => displayName?.includes("expired-secret"));
    expect(mine).toEqual([]);
  });

  it("is wrong usage when there is no such kind", async () => {
    const { code, stderr } = await sandbox.run("sign-in", "superset", "--as", admin, "--client", "magic");
    expect([code, stderr.includes("public-without-pkce")]).toEqual([2, true]);
  });
});

describe("the token request", () => {
  it("holds a client assertion and no client secret", async () => {
    const declared = declaredTools(settings, contracts).find(({ id }) => id === "superset");
    const stack = deployedStack(sandbox.layout, "sandbox");
    const deployed = stack.tools.superset;
    if (!declared || !deployed) throw new Error("Superset is not deployed.");
    const through = sandboxFetch(sandbox.record);
    const sent: { url: string; headers: Record<string, string>; parameters: URLSearchParams }[] = [];
    const fetch: SandboxFetch = (url, init) => {
      sent.push({ url, headers: init?.headers ?? {}, parameters: new URLSearchParams(init?.body) });
      return through(url, init);
    };
    const pods = clusterPods(sandbox.record.kubeconfig);
    const context = { settings, layout: sandbox.layout, stack, declared, deployed, fetch, pods };
    for (const way of waysInto(context, {})) await playWay(context, way, "ana.lima@contoso.com");
    const token = sent.filter(({ url }) => url.endsWith("/token"));
    expect(token.map(({ parameters }) => [...parameters.keys()].sort())).toEqual([
      ["client_assertion", "client_assertion_type", "client_id", "code", "code_verifier", "grant_type", "redirect_uri"],
    ]);
    expect(Object.keys(token[0]?.headers ?? {})).not.toContain("authorization");
  });
});
