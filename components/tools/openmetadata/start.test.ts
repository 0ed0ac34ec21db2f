import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("./config/start.sh", import.meta.url));
const SECRETS = { "database-password": "d1", "search-password": "s2", "fernet-key": "f3=", "client-secret": "c4~." };
const VARIABLES = `$DATABASE_PASSWORD $SEARCH_PASSWORD $FERNET_KEY \${OIDC_CLIENT_SECRET-none}`;

let folder: string;

/** An image with a launcher and a Java that only say how they were called. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrada-start-"));
  for (const name of ["home/bin", "java/bin", "secrets"]) await mkdir(join(folder, name), { recursive: true });
  for (const [name, value] of Object.entries(SECRETS)) await writeFile(join(folder, "secrets", name), value);
  await writeFile(join(folder, "home/bin/openmetadata-server-start.sh"), `echo server "$PWD" "$@" ${VARIABLES}\n`);
  const java = join(folder, "java/bin/java");
  await writeFile(java, `#!/bin/sh\necho java "$@" ${VARIABLES}\ntest "$8" != "\${FAILING:-}"\n`);
  await chmod(java, 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

function start(part: string, environment: Record<string, string> = {}) {
  const env = {
    PATH: process.env.PATH,
    OPENMETADATA_HOME: join(folder, "home"),
    CONFIG_FILE: "/etc/openmetadata/settings/openmetadata.json",
    SECRETS_FOLDER: join(folder, "secrets"),
    CLIENT_TYPE: "public",
    JAVA_HOME: join(folder, "java"),
    ...environment,
  };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile("/bin/sh", [SCRIPT, part], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

describe("start.sh", () => {
  it("starts the server with the file and the secrets of the mounted files, a client's only where there is one", async () => {
    const server = `server ${join(folder, "home")} /etc/openmetadata/settings/openmetadata.json d1 s2 f3=`;
    expect((await start("server")).stdout).toBe(`${server} none\n`);
    expect((await start("server", { CLIENT_TYPE: "confidential" })).stdout).toBe(`${server} c4~.\n`);
  });

  it("migrates, and then forgets the sign-in settings of the database, so that the server takes the file's", async () => {
    const { code, stdout } = await start("migrate");
    const home = join(folder, "home");
    const call = `java -XX:MaxRAMPercentage=70 -Dbootstrap.dir=${home}/bootstrap -cp ${home}/libs/* org.openmetadata.service.util.OpenMetadataOperations -c /etc/openmetadata/settings/openmetadata.json`;
    expect([code, stdout]).toEqual([
      0,
      `${call} migrate d1 s2 f3= none\n${call} remove-security-config --force d1 s2 f3= none\n`,
    ]);
  });

  it("forgets nothing when the migration fails", async () => {
    const { code, stdout } = await start("migrate", { FAILING: "migrate" });
    expect(code).toBe(1);
    expect(stdout).not.toContain("remove-security-config");
  });

  it.each([
    ["is missing", undefined, "secret 'fernet-key' is missing or empty"],
    ["is empty", "", "secret 'fernet-key' is missing or empty"],
    ["holds a quote, which would end its text in the file", 'x"y', "holds a quote or a backslash"],
    ["holds a backslash", "x\\y", "holds a quote or a backslash"],
  ])("does not start when a secret %s, and does not show it", async (_, value, reason) => {
    const file = join(folder, "secrets/fernet-key");
    await (value === undefined ? rm(file) : writeFile(file, value));
    const { code, stdout, stderr } = await start("server");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(reason);
    if (value) expect(stderr).not.toContain(value);
  });

  it("knows two ways and no other", async () => {
    expect(await start("drop-create")).toMatchObject({ code: 2, stderr: expect.stringContaining("server | migrate") });
  });
});
