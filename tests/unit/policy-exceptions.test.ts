import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { checkExceptions } from "../../cli/policy-pack.ts";

const folder = mkdtempSync(join(tmpdir(), "entrada-exceptions-"));
afterAll(() => rmSync(folder, { recursive: true }));

const entry = (stack: string, expires: string) => `
- rule: redis-closed
  resource: urn:pulumi:${stack}::entrada::azure-native:redisenterprise:Database::cache
  owner: ana.lima@contoso.com
  reason: Celery's broker knows keys only.
  expires: ${expires}`;

function check(content: string): () => void {
  const file = join(folder, "exceptions.yaml");
  writeFileSync(file, content);
  return () => checkExceptions("dev", file);
}

it("goes on with the project's own exceptions", () => {
  expect(() => checkExceptions("sandbox")).not.toThrow();
});

it("refuses before the engine starts, with everything at once", () => {
  const refused = check(`exceptions:${entry("dev", "2020-01-31")}${entry("staging", "soon")}\n- 7\n`);
  expect(refused).toThrow(/expired on 2020-01-31/);
  expect(refused).toThrow(/exceptions\[1\]\.expires is "soon"/);
  expect(refused).toThrow(/exceptions\[2\] is 7/);
});

it("does not mind what has expired in another stack", () => {
  expect(check(`exceptions:${entry("staging", "2020-01-31")}\n`)).not.toThrow();
});
