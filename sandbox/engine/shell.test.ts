import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prepareLayout, sandboxLayout } from "../layout.ts";
import { localSecret } from "../secrets.ts";
import type { SupervisorRecord } from "../supervisor/record.ts";
import { LANGUAGE_HOST, shellLines, shellPath } from "./shell.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrada-it's-a-shell-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An executable of that name below the test's folder. */
function executable(place: string, name: string): string {
  mkdirSync(join(folder, place), { recursive: true });
  const file = join(folder, place, name);
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}

const request = () => {
  const layout = sandboxLayout(join(folder, "sandbox"));
  prepareLayout(layout);
  const sandbox = {
    proxy: "http://127.0.0.1:1",
    caFile: join(folder, "ca.crt"),
    kubeconfig: "/k",
    tenantId: "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10",
    providers: { azuread: 1, random: 2 },
  } as unknown as SupervisorRecord;
  return { layout, sandbox, pulumi: executable("cache", "pulumi"), path: "/usr/bin:/bin" };
};

it("gives a shell what its programs need, and prints no secret", () => {
  const asked = request();
  const secret = localSecret(asked.layout, "deployer").value;
  const lines = shellLines(asked).join("\n");
  expect(lines).not.toContain(secret);
  const script = `${lines}\nprintf '%s\\n' "$PATH" "$HTTPS_PROXY" "$SSL_CERT_FILE" "$AZURE_CLIENT_SECRET" "$PULUMI_DEBUG_PROVIDERS" "\${PULUMI_BACKEND_URL-none}"`;
  const env = { PATH: asked.path, PULUMI_BACKEND_URL: "azblob://a-real-one" };
  const printed = execFileSync("sh", ["-c", script], { env, encoding: "utf8" }).split("\n");
  expect(printed.slice(0, -1)).toEqual([
    `${LANGUAGE_HOST}:${join(folder, "cache")}:/usr/bin:/bin`,
    "http://127.0.0.1:1",
    join(folder, "ca.crt"),
    secret,
    "azuread:1,random:2",
    "none",
  ]);
});

it("leaves PATH alone where Pulumi and its language host are there", () => {
  const pulumi = executable("own", "pulumi");
  executable("own", "pulumi-language-nodejs");
  expect(shellPath({ pulumi, path: join(folder, "own") })).toEqual([]);
});

it("takes the language host that stands beside the CLI, as the engine does", () => {
  const pulumi = executable("archive", "pulumi");
  executable("archive", "pulumi-language-nodejs");
  expect(shellPath({ pulumi, path: "/usr/bin" })).toEqual([join(folder, "archive")]);
});

it("puts the CLI that the sandbox uses before one of another version", () => {
  executable("old", "pulumi");
  const pulumi = executable("cache", "pulumi");
  expect(shellPath({ pulumi, path: join(folder, "old") })).toEqual([LANGUAGE_HOST, join(folder, "cache")]);
});
