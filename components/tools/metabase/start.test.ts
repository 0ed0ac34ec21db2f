import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { TEST_TENANT } from "../../testing/tool-environment.ts";
import { configFiles, oidcTemplate } from "./settings-files.ts";

const run = promisify(execFile);
const script = fileURLToPath(new URL("./config/start.sh", import.meta.url));

/** What an Entra client secret looks like, with every kind of character that one may hold. */
const CLIENT_SECRET = "a1B~c2.D_e3-fGhIjKlMnOpQrStUvWxYz0123456";

const secrets = {
  "database-password": "dbPassword1",
  "encryption-key": "0123456789abcdef",
  licence: "licence-token",
  "api-key": "Key1",
  "client-secret": CLIENT_SECRET,
};

describe("start.sh", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "entrada-start-"));
    await mkdir(join(folder, "secrets"));
    for (const [name, value] of Object.entries(secrets)) await writeFile(join(folder, "secrets", name), `${value}\n`);
    await writeFile(join(folder, "oidc-providers.json"), oidcTemplate(TEST_TENANT)["oidc-providers.json"] ?? "nothing");
    await writeFile(join(folder, "group-mappings.json"), '{"admin":[2],"query":[4],"view":[5]}');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** The pod's environment of the pro edition, which holds no secret. */
  const pro = () => ({
    METABASE_EDITION: "pro",
    METABASE_SECRETS_FOLDER: join(folder, "secrets"),
    METABASE_OIDC_TEMPLATE: join(folder, "oidc-providers.json"),
    METABASE_GROUPS_FILE: join(folder, "group-mappings.json"),
    MB_CONFIG_FILE_PATH: "/etc/metabase/config/config.yml",
    ENTRA_CLIENT_ID: "7e4b7b3c-0000-4000-8000-000000000000",
  });

  /** Variables that the started program has beyond what the pod gave. */
  async function started(environment: Record<string, string>, shell = "/bin/sh"): Promise<Record<string, string>> {
    const print = "process.stdout.write(JSON.stringify(process.env))";
    const { stdout } = await run(shell, [script, process.execPath, "-e", print], {
      env: { PATH: process.env.PATH, ...environment },
    });
    const given = new Set(["PATH", "PWD", "OLDPWD", "SHLVL", "_", ...Object.keys(environment)]);
    const all = Object.entries(JSON.parse(stdout) as Record<string, string>);
    return Object.fromEntries(all.filter(([name]) => !given.has(name)));
  }

  const refusal = (environment: Record<string, string>) =>
    started(environment).then(
      () => "started",
      (error: { stderr: string }) => error.stderr.trim(),
    );

  it.each(["/bin/sh", "/bin/bash"])(
    "hands the secrets and the assembled provider to Metabase alone (%s)",
    async (shell) => {
      const { MB_OIDC_PROVIDERS = "", ...rest } = await started(pro(), shell);
      expect(rest).toEqual({
        MB_DB_PASS: "dbPassword1",
        MB_ENCRYPTION_SECRET_KEY: "0123456789abcdef",
        MB_PREMIUM_EMBEDDING_TOKEN: "licence-token",
        METABASE_RECONCILER_KEY: "mb_Key1",
      });
      expect(JSON.parse(MB_OIDC_PROVIDERS)).toEqual([
        {
          key: "entra",
          "login-prompt": "Sign in with Microsoft",
          "issuer-uri": `https://login.microsoftonline.com/${TEST_TENANT}/v2.0`,
          "client-id": "7e4b7b3c-0000-4000-8000-000000000000",
          "client-secret": CLIENT_SECRET,
          scopes: ["openid", "email", "profile"],
          enabled: true,
          "attribute-map": { email: "preferred_username", first_name: "given_name", last_name: "family_name" },
          "group-sync": {
            enabled: true,
            "group-attribute": "roles",
            "group-mappings": { admin: [2], query: [4], view: [5] },
          },
        },
      ]);
    },
  );

  it("gives the open-source edition and the set-up's Metabase no sign-in settings", async () => {
    const { METABASE_SECRETS_FOLDER } = pro();
    expect(await started({ METABASE_EDITION: "oss", METABASE_SECRETS_FOLDER })).toEqual({
      MB_DB_PASS: "dbPassword1",
      MB_ENCRYPTION_SECRET_KEY: "0123456789abcdef",
    });
    expect(Object.keys(await started({ METABASE_EDITION: "pro", METABASE_SECRETS_FOLDER })).sort()).toEqual([
      "MB_DB_PASS",
      "MB_ENCRYPTION_SECRET_KEY",
      "MB_PREMIUM_EMBEDDING_TOKEN",
    ]);
  });

  it("takes the mail relay's password where there is a user", async () => {
    await writeFile(join(folder, "secrets", "mail-password"), 'relay $HOME `id` "quoted"\n');
    const environment = { METABASE_EDITION: "oss", METABASE_SECRETS_FOLDER: join(folder, "secrets") };
    expect(await started({ ...environment, MB_EMAIL_SMTP_USERNAME: "metabase" })).toMatchObject({
      MB_EMAIL_SMTP_PASSWORD: 'relay $HOME `id` "quoted"',
    });
  });

  it.each(Object.keys(secrets))("does not start without the secret %s, or with an empty one", async (name) => {
    await writeFile(join(folder, "secrets", name), "\n");
    expect(await refusal(pro())).toBe(`start.sh: ${folder}/secrets/${name} is empty`);
    await rm(join(folder, "secrets", name));
    expect(await refusal(pro())).toBe(`start.sh: ${folder}/secrets/${name} is not there`);
  });

  it("does not start before the group ids are there", async () => {
    await rm(join(folder, "group-mappings.json"));
    expect(await refusal(pro())).toMatch(/the job metabase-bootstrap has not written the group ids yet$/);
  });

  it("refuses a client secret that would have to be escaped, without showing it", async () => {
    await writeFile(join(folder, "secrets", "client-secret"), 'abc"def');
    const message = await refusal(pro());
    expect(message).toBe("start.sh: the client secret holds characters that Entra does not use");
  });

  it("refuses a missing client id, and a template that misses a place", async () => {
    expect(await refusal({ ...pro(), ENTRA_CLIENT_ID: "" })).toMatch(/ENTRA_CLIENT_ID/);
    await writeFile(join(folder, "oidc-providers.json"), "[]");
    expect(await refusal(pro())).toBe('start.sh: "@GROUP_MAPPINGS@" is not in the template');
  });
});

describe("configFiles", () => {
  it("names only variables in config.yml that the pods have", () => {
    const { server } = configFiles();
    expect(parse(server["config.yml"] ?? "")).toEqual({
      version: 1,
      config: {
        "api-keys": [
          {
            name: "entrada-reconciler",
            group: "admin",
            creator: "{{ env METABASE_ADMINISTRATOR }}",
            key: "{{ env METABASE_RECONCILER_KEY }}",
          },
        ],
      },
    });
  });

  it("holds every module that the jobs import", () => {
    const { jobs } = configFiles();
    const imported = Object.values(jobs).flatMap((text) =>
      [...text.matchAll(/^from ((?:entrada|metabase)_\w+|bootstrap) import/gm)].map(([, name]) => `${name}.py`),
    );
    expect(Object.keys(jobs)).toEqual(expect.arrayContaining([...new Set(imported)]));
    expect(new Set(imported).size).toBe(5);
  });
});
