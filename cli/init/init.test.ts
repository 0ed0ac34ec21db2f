import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { contracts } from "../../components/tools/registry.ts";
import { parseSettings, settingsFromConfig, settingsSchema } from "../../model/index.ts";
import { unwrapped } from "../../model/settings/described.ts";
import { Refusal, WrongUse } from "../output.ts";
import { loadSettings, readConfig, settingsIn, stackFile } from "../project.ts";
import { schemaText } from "../write-schema.ts";
import { BLOCK_COMMENTS, stackText } from "./stack-text.ts";
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
const fileSchema = z.fromJSONSchema(JSON.parse(schemaText()));

describe("entrada init with options", () => {
  it("writes a stack file that the settings, the editor's schema and Pulumi take", async () => {
    const { text = "", error, printed } = await runInit(root, "qa", COMPLETE);
    expect(error).toBeUndefined();
    expect(printed).toContain("bi-admins holds an admin role, so it is privileged.");
    expect(printed).toContain("Wrote stacks/Pulumi.qa.yaml. Next:");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./settings.schema.json");
    for (const block of ["teams", "tools", "cluster", "conditionalAccess"]) {
      expect(text).toContain(`  # ${BLOCK_COMMENTS[block]}\n  entrada:${block}:`);
    }
    expect(fileSchema.safeParse(parseYaml(text)).error?.issues).toBeUndefined();
    expect(loadSettings(file())).toMatchObject({
      environment: "qa",
      domain: "data.qa.contoso.com",
      teams: {
        "bi-admins": { privileged: true, owners: ["ana.lima"], members: ["ana.lima", "jon.berg"] },
        analysts: { privileged: false, owners: ["mei.tanaka"], members: ["mei.tanaka"] },
        sales: { existing: "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55" },
      },
      tools: {
        superset: { replicas: { min: 1, max: 2 }, access: { Admin: ["bi-admins"], Alpha: ["analysts", "sales"] } },
      },
      cluster: { gateway: { name: "public", namespace: "gateway" } },
      conditionalAccess: { state: "report-only", breakGlass: ["breakglass-1", "breakglass-2"] },
    });
  });

  it("leaves out what needs P2 licences, unless the tenant has them", async () => {
    await runInit(root, "qa", COMPLETE);
    await runInit(root, "qa2", { ...COMPLETE, licence: "p2" });
    expect(Object.keys(loadSettings(file()).conditionalAccess.baseline)).toEqual(["sign-in-risk", "user-risk"]);
    expect(loadSettings(file("qa2")).conditionalAccess.baseline).toEqual({});
  });

  it("names every problem at once, each with its option, and writes nothing", async () => {
    const { domain, breakGlass, ...rest } = COMPLETE;
    const options = {
      ...rest,
      tenant: "contoso",
      team: ["bi-admins=ana.lima", "nobody"],
      tool: ["superset=Admin:bi-admins", "superset=Alpha:analists", "excel=Admin:bi-admins", "metabase=view"],
      gateway: "public",
      set: [...(COMPLETE.set ?? []), "tools.superset.replicas=many", "=1", "environment=dev"],
    };
    const { error, text } = await runInit(root, "qa", options);
    expect(text).toBeUndefined();
    expect(error).toBeInstanceOf(WrongUse);
    const message = error?.message ?? "";
    for (const part of [
      '--team "nobody"',
      '--tool "excel=Admin:bi-admins": write tool=Role:team,team. The tools are airflow',
      '--tool "metabase=view"',
      '--gateway "public": write namespace/name',
      '--set "=1"',
      "the environment is the command's argument",
      "domain\n  found:   nothing",
      "Give it with --domain, for example --domain data.contoso.com.",
      'tenantId\n  found:   "contoso"',
      "The option is --tenant.",
      "tools.superset.replicas\n",
      "The option is --set 'tools.superset.replicas=…'.",
      'tools.superset.access.Alpha[0]\n  found:   "analists"',
      "cluster.gateway",
    ]) {
      expect(message).toContain(part);
    }
  });

  it("refuses a name that is no environment's", async () => {
    const { error } = await runInit(root, "Prod_1", COMPLETE);
    expect(error).toBeInstanceOf(WrongUse);
    expect(error?.message).toContain("environment\n");
  });

  it("never shows nor writes a secret", async () => {
    const secret = `ghp_${"a1B2".repeat(9)}`;
    const { error, text, printed } = await runInit(root, "qa", {
      ...COMPLETE,
      organization: secret,
      team: [secret],
      set: [`tools.superset.database.host=${secret}`],
    });
    expect(error?.message).toContain("looks like a secret");
    expect([text, printed, error?.message].join()).not.toContain(secret);
  });

  it("wants prod's images pinned by their digest", async () => {
    const { error } = await runInit(root, "prod", COMPLETE);
    expect(error?.message).toContain("tools.superset.image\n");
    expect(error?.message).toContain("sha256");
  });

  it("writes nothing with --dry-run, and prints the file", async () => {
    const { text, printed } = await runInit(root, "qa", { ...COMPLETE, dryRun: true });
    expect(text).toBeUndefined();
    expect(printed).toContain("entrada:domain: data.qa.contoso.com");
    expect(printed).toContain("Nothing was written: --dry-run.");
  });
});

describe("entrada init where there is a file", () => {
  it("refuses, with what to do", async () => {
    writeFileSync(file(), "mine");
    const { error, text } = await runInit(root, "qa", COMPLETE);
    expect(error).toBeInstanceOf(Refusal);
    expect(error?.message).toContain("--force, which first shows what would differ");
    expect(text).toBe("mine");
  });

  it("replaces it with --force, shows what changes, and keeps Pulumi's own keys", async () => {
    await runInit(root, "qa", COMPLETE);
    const first = readFileSync(file(), "utf8");
    writeFileSync(
      file(),
      `${first}  azure-native:location: westeurope\nsecretsprovider: azurekeyvault://kv\nencryptedkey: abc\n`,
    );
    const { printed, text = "" } = await runInit(root, "qa", { ...COMPLETE, location: "northeurope", force: true });
    expect(printed).toContain(
      "comments in it are lost, and these settings change:\n  location: westeurope → northeurope\n",
    );
    expect(parseYaml(text)).toMatchObject({
      secretsprovider: "azurekeyvault://kv",
      encryptedkey: "abc",
      config: { "azure-native:location": "westeurope", "entrada:location": "northeurope" },
    });
  });

  it("replaces a file that could not be used, and says so; but none that it cannot read", async () => {
    writeFileSync(file(), "config:\n  entrada:domain: x\n");
    expect((await runInit(root, "qa", { ...COMPLETE, force: true })).printed).toContain(
      "could not be used and is replaced whole",
    );
    writeFileSync(file(), "config: [");
    const { error, text } = await runInit(root, "qa", { ...COMPLETE, force: true });
    expect(error?.message).toContain("Pulumi's own keys in it cannot be kept");
    expect(text).toBe("config: [");
  });
});

describe("entrada init --from", () => {
  const own = {
    domain: "data.qa.contoso.com",
    oidcIssuer: "https://oidc.contoso.com/qa/",
    context: "contoso-qa",
    set: [
      "tools.superset.database.host=contoso-qa.postgres.database.azure.com",
      "tools.superset.redis.host=contoso-qa.redis.cache.windows.net",
    ],
  };
  beforeEach(() => copyFileSync(stackFile("dev"), file("dev")));

  it("copies everything but what is given", async () => {
    const { error } = await runInit(root, "qa", { from: "dev", ...own });
    expect(error).toBeUndefined();
    const [dev, qa] = [loadSettings(file("dev")), loadSettings(file("qa"))];
    expect(qa.teams).toEqual(dev.teams);
    expect(qa.conditionalAccess).toEqual(dev.conditionalAccess);
    expect(qa.tools.superset?.host).toBe("superset.data.qa.contoso.com");
    expect(qa.keyVault.name).not.toBe(dev.keyVault.name);
  });

  it("wants what is another environment's own to be given anew", async () => {
    const { error, text } = await runInit(root, "qa", { from: "dev" });
    expect(text).toBeUndefined();
    const places = error?.message.split("\n").filter((line) => /^[\w.]+$/.test(line));
    expect(places).toEqual(
      expect.arrayContaining([
        "domain",
        "tools.superset.database.host",
        "tools.superset.redis.host",
        "cluster.oidcIssuer",
        "cluster.context",
      ]),
    );
  });

  it("says which stacks there are not", async () => {
    const { error } = await runInit(root, "qa", { from: "moon" });
    expect(error).toBeInstanceOf(WrongUse);
    expect(error?.message).toContain("There is no stacks/Pulumi.moon.yaml to copy from.");
  });
});

describe("the text of a stack file", () => {
  it("has a comment for every block of the settings", () => {
    const blocks = Object.entries(settingsSchema(contracts).shape)
      .filter(([, schema]) => !(unwrapped(schema as z.ZodType) instanceof z.ZodString))
      .map(([key]) => key);
    expect(blocks.length).toBeGreaterThan(8);
    expect(blocks.filter((key) => BLOCK_COMMENTS[key] === undefined)).toEqual([]);
  });

  it.each(["sandbox", "dev", "staging", "prod"])("says the same as %s's own file when it is written anew", (stack) => {
    const config = settingsFromConfig(readConfig(stackFile(stack)));
    const text = stackText(config);
    expect(settingsIn(text, stack)).toEqual(loadSettings(stackFile(stack)));
    expect(parseSettings(config, contracts).ok).toBe(true);
  });
});
