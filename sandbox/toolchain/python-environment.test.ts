import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockedPackages, lockedVersions } from "../../toolchain/python/locks.ts";
import { ToolchainError } from "./errors.ts";
import { ensurePythonEnvironment } from "./python-environment.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-environment-"));
  mkdirSync(join(root, "path"));
  writeFileSync(join(root, "lock.txt"), "tool==1.0.0 --hash=sha256:00\n");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const packages = () => ({ name: "Tool 1.0.0", pythonVersions: ">=3.10,<3.13", lock: join(root, "lock.txt") });

/** An uv on PATH that keeps its calls and makes an environment whose interpreter lies below a folder. */
function options(basePrefix: string, script = "") {
  const file = join(root, "path", "uv");
  const python = `printf '#!/bin/sh\\necho ${basePrefix}\\n' > "$last/bin/python" && chmod +x "$last/bin/python"`;
  const venv = `for last in "$@"; do :; done; mkdir -p "$last/bin" && ${python}`;
  writeFileSync(
    file,
    `#!/bin/sh\necho "$UV_PYTHON_DOWNLOADS $*" >> ${root}/calls\n${script}\n[ "$1" != venv ] || { ${venv}; }\n`,
  );
  chmodSync(file, 0o755);
  return { env: { PATH: `${join(root, "path")}:/usr/bin:/bin`, ENTRADA_CACHE: join(root, "cache") } };
}
const calls = () => readFileSync(join(root, "calls"), "utf8").trim().split("\n");

describe("an environment of Python packages", () => {
  it("is made once of the lock's hashes, with a Python that is there, and again for another lock", async () => {
    const { python, folder } = await ensurePythonEnvironment(packages(), options("/opt/python-3.12"));
    expect(existsSync(python)).toBe(true);
    expect(await ensurePythonEnvironment(packages(), options("/opt/python-3.12"))).toMatchObject({ folder });
    const made = calls().filter((call) => !call.endsWith("--version"));
    expect(made).toEqual([
      expect.stringMatching(/^never venv .*--relocatable --python >=3.10,<3.13 /),
      expect.stringMatching(/^never pip install .*--require-hashes --requirement .*lock.txt$/),
    ]);
    writeFileSync(join(root, "lock.txt"), "tool==1.0.1 --hash=sha256:11\n");
    expect((await ensurePythonEnvironment(packages(), options("/opt/python-3.12"))).folder).not.toBe(folder);
  });

  it.each([
    ["/opt/python-3.12", ["/opt/python-3.12"]],
    ["/usr/local", []],
    ["/usr", []],
    ["/usrlocal", ["/usrlocal"]],
  ])("names an interpreter's place %s where it is not part of every machine's /usr", async (prefix, expected) => {
    expect((await ensurePythonEnvironment(packages(), options(prefix))).installations).toEqual(expected);
  });

  it("says which Python to install, and leaves nothing behind", async () => {
    const failing = options("", '[ "$1" != venv ] || { echo "No interpreter found" >&2; exit 2; }');
    const made = ensurePythonEnvironment(packages(), failing);
    await expect(made).rejects.toThrow(/^Tool 1\.0\.0 needs a Python >=3\.10,<3\.13 on PATH: install .*No interpreter/);
    await expect(made).rejects.toBeInstanceOf(ToolchainError);
    expect(readdirSync(join(root, "cache", "python"))).toEqual([]);
  });
});

describe("the locks", () => {
  it("stand for exact versions, newest first, each package with its hash", () => {
    expect(lockedVersions("superset")).toEqual(["6.1.0", "6.0.0"]);
    expect(lockedVersions("airflow")).toEqual(["3.3.2", "3.2.2"]);
    expect(() => lockedPackages("airflow", "3.1.0")).toThrow(
      "Airflow 3.1.0 is not locked in toolchain/python; there is 3.3.2",
    );
    for (const version of lockedVersions("superset")) {
      const lock = readFileSync(lockedPackages("superset", version).lock, "utf8");
      expect(lock).toContain(`\napache-superset==${version} \\\n    --hash=sha256:`);
      expect(lock).not.toContain("://");
    }
  });
});
