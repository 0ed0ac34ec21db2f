import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { Refusal, WrongUse } from "../output.ts";
import { loadSettings, stackFile } from "../project.ts";
import { COMPLETE, emptyCheckout, runInit } from "./testing.ts";

let root: string;
const roots: string[] = [];
beforeEach(() => {
  root = emptyCheckout();
  roots.push(root);
});
afterAll(() => {
  for (const folder of roots) rmSync(folder, { recursive: true });
});
const file = (stack = "qa") => join(root, "stacks", `Pulumi.${stack}.yaml`);

/** What somebody answers who gets everything right. */
const ANSWERS = {
  base: [
    "Contoso",
    "data.qa.contoso.com",
    "contoso.com",
    "2f6a4c1d-7b3e-4d59-8a60-c4e1b7f0d925",
    "6b0d2e9f-41c7-4f3a-b1d8-93a5e0c7f164",
    "westeurope",
    "contoso.azurecr.io",
  ],
  teams: ["bi-admins=ana.lima, jon.berg", "analysts=mei.tanaka", ""],
  superset: ["superset", "", "contoso-qa.postgres.database.azure.com", "contoso-qa.redis.cache.windows.net"],
  // Admin, and yes to a privileged team; Alpha; Gamma has nobody.
  roles: ["bi-admins", "", "analysts", ""],
  rest: ["", "https://oidc.contoso.com/qa/", "", "gateway", "public", "breakglass-1, breakglass-2", "y"],
};
const ALL = [...ANSWERS.base, ...ANSWERS.teams, ...ANSWERS.superset, ...ANSWERS.roles, ...ANSWERS.rest, "y"];

describe("entrada init on a terminal", () => {
  it("asks for everything and writes what was answered", async () => {
    const { error, printed } = await runInit(root, "qa", {}, ALL);
    expect(error).toBeUndefined();
    expect(printed).toContain("Domain of the tools' hosts: superset.<domain>.\n  domain, such as data.contoso.com: ");
    expect(printed).toContain("image [contoso.azurecr.io/superset:6.1.0]: ");
    expect(loadSettings(file())).toMatchObject({
      organization: "Contoso",
      teams: { "bi-admins": { privileged: true }, analysts: { privileged: false } },
      tools: {
        superset: {
          image: "contoso.azurecr.io/superset:6.1.0",
          access: { Admin: ["bi-admins"], Alpha: ["analysts"] },
          database: { host: "contoso-qa.postgres.database.azure.com" },
        },
      },
      cluster: { gateway: { name: "public", namespace: "gateway" } },
      conditionalAccess: { breakGlass: ["breakglass-1", "breakglass-2"] },
    });
  });

  it("asks only for what the options leave open", async () => {
    const { domain, ...rest } = COMPLETE;
    // The domain, no further team, no further tool, no to the licences' question, yes to the file.
    const { error, printed } = await runInit(root, "qa", rest, ["data.qa.contoso.com", "", "", "n", "y"]);
    expect(error).toBeUndefined();
    expect(printed.match(/^ {2}\S+.*: $/gm)?.filter((line) => line.startsWith("  organization"))).toEqual([]);
    expect(loadSettings(file()).domain).toBe("data.qa.contoso.com");
  });

  /** All answers, with wrong ones in front of one of a part's. */
  const inFrontOf = (part: keyof typeof ANSWERS, wrong: string[], at = 0): string[] => {
    const parts = Object.keys(ANSWERS) as (keyof typeof ANSWERS)[];
    const index = parts.slice(0, parts.indexOf(part)).reduce((sum, name) => sum + ANSWERS[name].length, at);
    return [...ALL.slice(0, index), ...wrong, ...ALL.slice(index)];
  };
  it.each([
    ["an empty organization", inFrontOf("base", [""]), "Not that: organization"],
    ["a domain with a scheme", inFrontOf("base", ["https://data.contoso.com"], 1), "Not that: domain"],
    ["a domain without a dot", inFrontOf("base", ["contoso"], 2), "Not that: userDomain"],
    ["a tenant's name", inFrontOf("base", ["contoso"], 3), "Not that: tenantId"],
    ["a short id", inFrontOf("base", ["6b0d2e9f"], 4), "Not that: subscriptionId"],
    ["a region's display name", inFrontOf("base", ["West Europe"], 5), "Not that: location"],
    ["a registry with a path", inFrontOf("base", ["contoso.azurecr.io/bi"], 6), "Not that: registry"],
    ["no team at all", inFrontOf("teams", [""]), "A team needs a name"],
    ["a team without members", inFrontOf("teams", ["analysts"]), "Not that: teams.analysts"],
    [
      "a team in capitals",
      inFrontOf("teams", ["Analysts=mei.tanaka"]),
      'Not that: teams.Analysts\n    found:   the name "Analysts"',
    ],
    ["a person with a space", inFrontOf("teams", ["analysts=mei tanaka"]), "Not that: teams.analysts.owners[0]"],
    ["a tool that nobody knows", inFrontOf("superset", ["excel"]), "There is no such tool. The tools are airflow"],
    ["a tool twice", inFrontOf("rest", ["superset"]), "That one is there already."],
    [
      "an image of another registry",
      inFrontOf("superset", ["docker.io/apache/superset:6.1.0"], 1),
      "Not that: tools.superset.image",
    ],
    [
      "an image without a version",
      inFrontOf("superset", ["contoso.azurecr.io/superset:latest"], 1),
      "Not that: tools.superset.image",
    ],
    [
      "a host with a port",
      inFrontOf("superset", ["contoso-qa.postgres.database.azure.com:5432"], 2),
      "Not that: tools.superset.database.host",
    ],
    [
      "a team that nobody knows",
      inFrontOf("roles", ["admins"]),
      'Not that: tools.superset.access.Admin[0]\n    found:   "admins"',
    ],
    [
      "an admin role without a privileged team",
      inFrontOf("roles", ["bi-admins", "n"]),
      "which is not privileged, in the admin role Admin",
    ],
    ["an answer that is neither yes nor no", inFrontOf("roles", ["maybe"], 1), "Answer y or n."],
    ["an issuer without https", inFrontOf("rest", ["http://oidc"], 1), "Not that: cluster.oidcIssuer"],
    ["a gateway in capitals", inFrontOf("rest", ["Gateway"], 3), "Not that: cluster.gateway.namespace"],
    ["an account twice", inFrontOf("rest", ["bg-1, bg-1"], 5), "Not that: conditionalAccess.breakGlass[1]"],
  ])("refuses %s with the settings' message, and asks again", async (_, lines, message) => {
    const { error, printed, text } = await runInit(root, "qa", {}, lines);
    expect(printed).toContain(message);
    expect(error).toBeUndefined();
    expect(text).toBeDefined();
  });

  it("shows no secret that was pasted by mistake", async () => {
    const secret = `ghp_${"a1B2".repeat(9)}`;
    const { printed, text } = await runInit(root, "qa", {}, [secret, ...ALL]);
    expect(printed).toContain("looks like a secret");
    expect(`${printed}${text}`).not.toContain(secret);
  });

  it("offers what is copied, and asks for what is the other environment's own", async () => {
    copyFileSync(stackFile("dev"), file("dev"));
    const { printed, error } = await runInit(root, "qa", { from: "dev" }, [
      ...["", "data.qa.contoso.com", "", "", "", "", "", "", ""],
      ...["contoso-qa"],
      ...[
        "contoso-qa.postgres.database.azure.com",
        "contoso-qa.redis.cache.windows.net",
        "https://oidc.contoso.com/qa/",
      ],
      ...["", "y"],
    ]);
    expect(error).toBeUndefined();
    expect(printed).toContain("organization [Contoso]: ");
    expect(loadSettings(file()).conditionalAccess.state).toBe("enforced");
    expect(loadSettings(file()).tools.superset).toMatchObject({
      database: { host: "contoso-qa.postgres.database.azure.com" },
      redis: { host: "contoso-qa.redis.cache.windows.net" },
    });
  });

  it("asks for what a tool behind the proxy needs besides, and who opens an own app", async () => {
    const tool = ["custom.reports", "contoso.azurecr.io/reports:1.4.0", "{ reader: [analysts] }", ""];
    const proxy = ["contoso.azurecr.io/oauth2-proxy:v7.15.3-alpine", "contoso-qa.redis.cache.windows.net"];
    const lines = [...ANSWERS.base, ...ANSWERS.teams, ...tool, ...ANSWERS.rest.slice(1), ...proxy, "y"];
    const { error, printed } = await runInit(root, "qa", {}, lines);
    expect(error).toBeUndefined();
    expect(printed).toContain("tools.custom.reports.access, such as");
    expect(loadSettings(file())).toMatchObject({
      tools: { reports: { access: { reader: ["analysts"] } } },
      proxy: { redis: { host: "contoso-qa.redis.cache.windows.net" } },
    });
  });

  it("writes nothing when the input ends, or at a no", async () => {
    for (const lines of [ALL.slice(0, 9), [...ALL.slice(0, -1), "n"]]) {
      const { error, text } = await runInit(root, "qa", {}, lines);
      expect(error).toBeInstanceOf(Refusal);
      expect(error?.message).toMatch(/othing was written/);
      expect(text).toBeUndefined();
    }
  });

  it("says what is wrong with an option before it asks", async () => {
    const { error } = await runInit(root, "qa", { team: ["nobody"] }, ALL);
    expect(error).toBeInstanceOf(WrongUse);
  });
});
