import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { lockedVersions } from "../../toolchain/python/locks.ts";
import { oauth2ProxyVersions } from "../toolchain/oauth2-proxy.ts";
import { ensureSystemProgram } from "../toolchain/system-program.ts";
import { knownImage, type Program } from "./images.ts";

const run = promisify(execFile);

// Whatever a container needs beyond this and its own binds is missing in a pod too: neither /etc nor a home is here.
const BASE = [
  ...["--unshare-user", "--uid", "1000", "--gid", "1000", "--unshare-pid", "--die-with-parent", "--clearenv"],
  ...["--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib"],
  ...["--symlink", "usr/lib64", "/lib64", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
];

describe("what stands for an image", () => {
  let bwrap: string;
  beforeAll(async () => {
    const wanted = { program: "bwrap", package: "bubblewrap", purpose: "runs the tools' containers" };
    bwrap = await ensureSystemProgram(wanted);
  });

  const programOf = async (image: string): Promise<Program> => {
    const known = knownImage(`contoso.azurecr.io/${image}`);
    if (!known) throw new Error(`${image} is not known`);
    return known.prepare({});
  };
  /** bwrap's arguments before the container's own command. */
  const contained = ({ binds, env, workingDirectory }: Program, pod: Record<string, string>) => [
    ...BASE,
    ...binds.flatMap(({ from, to }) => ["--ro-bind", from, to]),
    ...Object.entries({ ...env, ...pod }).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--chdir", workingDirectory],
  ];
  /** What a command of the image prints. */
  const inside = async (image: string, command: string[], pod: Record<string, string> = {}) => {
    const { stdout } = await run(bwrap, [...contained(await programOf(image), pod), ...command], { env: {} });
    return stdout;
  };
  const temporary = { HOME: "/tmp", PYTHONDONTWRITEBYTECODE: "1" };

  it.each(lockedVersions("superset"))("starts Superset %s and its web server and workers", async (version) => {
    const image = `superset:${version}`;
    // Only the keys of a configuration; the rest is Superset's own default.
    const pod = { ...temporary, SUPERSET_HOME: "/tmp/superset", SUPERSET_SECRET_KEY: "a".repeat(32) };
    expect(await inside(image, ["superset", "--help"], pod)).toMatch(/re-encrypt-secrets/);
    const installed =
      "import importlib.metadata as m; print(m.version('apache-superset'), m.version('psycopg2-binary'))";
    expect(await inside(image, ["python", "-c", installed], pod)).toMatch(new RegExp(`^${version} \\d`));
    expect(await inside(image, ["gunicorn", "--version"], pod)).toMatch(/^gunicorn/);
    // Nobody listens there; a Redis client that Celery does not take is found before.
    const ping = inside(image, ["celery", "--broker=redis://127.0.0.1:9/0", "inspect", "ping"], pod);
    await expect(ping).rejects.toThrow(/Connection refused/);
  });

  it.each(lockedVersions("airflow"))("starts Airflow %s", async (version) => {
    const pod = { ...temporary, AIRFLOW_HOME: "/tmp/airflow" };
    const printed = await inside(`airflow:${version}`, ["airflow", "version"], pod);
    expect(printed.trim().split("\n").at(-1)).toBe(version);
    const dags =
      "import airflow.sdk, runpy; [runpy.run_path(f'/opt/airflow/dags/{n}.py') for n in ('nightly', 'sales')]; print('parsed')";
    expect(await inside(`airflow:${version}`, ["python", "-c", dags], pod)).toMatch(/parsed$/m);
  });

  it.each(oauth2ProxyVersions())("starts oauth2-proxy %s by its name", async (version) => {
    expect(await inside(`oauth2-proxy:v${version}-alpine`, ["oauth2-proxy", "--version"])).toMatch(`v${version} `);
  });

  it("starts a web app by the command of the image", async () => {
    const program = await programOf("reports:1.4.0");
    const args = [...contained(program, { PORT: "0" }), "--unshare-net", ...program.command];
    const app = spawn(bwrap, args, { env: {}, stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(createInterface(app.stdout), "line")) as [string];
    expect(line).toMatch(/^listening on \d+$/);
    const ended = once(app, "exit");
    app.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
  });
});
