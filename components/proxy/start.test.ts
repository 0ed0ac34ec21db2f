import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("./config/start.sh", import.meta.url));
const PASSWORD = "Zx9~planted-Password_0.1";

/** Stands for oauth2-proxy: says what it was started with, and what its settings file holds. */
const PROGRAM = `#!/bin/sh
file="\${1#--config=}"
echo "$@"; echo "--"; env; echo "--"; stat -Lc '%a %h links' "$file"; echo "--"; cat "$file"
`;

describe("start.sh", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "entrada-proxy-start-"));
    writeFileSync(join(folder, "oauth2-proxy"), PROGRAM, { mode: 0o755 });
    writeFileSync(join(folder, "oauth2-proxy.cfg"), 'provider = "entra-id"\n');
    writeFileSync(join(folder, "redis-password"), `${PASSWORD}\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function started() {
    const args = [SCRIPT, `--config=${folder}/oauth2-proxy.cfg`, "--alpha-config=/etc/provider.yaml"];
    const env = { PATH: `${folder}:/usr/bin:/bin`, REDIS_PASSWORD_FILE: join(folder, "redis-password") };
    const { stdout } = await run("/bin/sh", args, { env });
    const [argumentsSeen = "", variables = "", file = "", settings = ""] = stdout.split("--\n");
    return { argumentsSeen, variables, file, settings };
  }

  it("gives the settings with the password, and all other arguments as they are", async () => {
    const { argumentsSeen, settings } = await started();
    expect(settings).toBe(`provider = "entra-id"\n\nredis_password = "${PASSWORD}"\n`);
    expect(argumentsSeen).toBe("--config=/dev/fd/3 --alpha-config=/etc/provider.yaml\n");
  });

  it("shows the password in no variable and no argument, and in a file without a name, of its user alone", async () => {
    const { argumentsSeen, variables, file } = await started();
    expect(argumentsSeen + variables).not.toContain(PASSWORD);
    expect(file).toBe("600 0 links\n");
  });

  it.each([
    ["empty", ""],
    ["more than a password", 'x"\nredis_connection_url = "redis://evil.example'],
  ])("refuses a password that is %s", async (_what, text) => {
    writeFileSync(join(folder, "redis-password"), text);
    await expect(started()).rejects.toThrow(/start\.sh: .*redis-password is empty, or holds characters/);
  });
});
