import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { readKubeconfig, writeKubeconfig } from "./kubeconfig.ts";

test("what is written is read again, and nobody else may read it", () => {
  const folder = mkdtempSync(join(tmpdir(), "entrada-kubeconfig-"));
  try {
    const file = join(folder, "kubeconfig");
    const access = { server: "https://127.0.0.1:6443", caPem: "CA", certPem: "CERT", keyPem: "KEY", namespace: "bi" };
    writeKubeconfig(file, access);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readKubeconfig(readFileSync(file, "utf8"))).toEqual({ ...access, token: undefined });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const text = stringify({
  "current-context": "one",
  contexts: [
    { name: "one", context: { cluster: "a", user: "ua" } },
    { name: "two", context: { cluster: "b", user: "ub", namespace: "bi" } },
    { name: "broken", context: { cluster: "gone", user: "ub" } },
  ],
  clusters: [
    { name: "a", cluster: { server: "https://a.example" } },
    { name: "b", cluster: { server: "https://b.example" } },
  ],
  users: [{ name: "ub", user: { token: "t" } }],
});

test("a context is chosen by its name, the current one without", () => {
  expect(readKubeconfig(text)).toMatchObject({ server: "https://a.example", token: undefined });
  expect(readKubeconfig(text, "two")).toMatchObject({ server: "https://b.example", token: "t", namespace: "bi" });
});

test.each([
  ["three", /no context "three" \(it has: one, two, broken\)/],
  ["broken", /names the cluster "gone", which is not there/],
])("the context %s is refused with the reason", (context, expected) => {
  expect(() => readKubeconfig(text, context)).toThrow(expected);
});

test("something else is not a kubeconfig", () => {
  expect(() => readKubeconfig("a: 1")).toThrow(/This is not a kubeconfig/);
});
