import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { runProgram } from "../components/testing/mocks.ts";
import program from "./index.ts";

/** A registration's request, as far as it is looked at. */
interface Request {
  getType(): string;
  getProtect(): boolean;
}

/** Type → how many resources of a stack are registered, and how many of those are protected. */
async function protection(stack: string): Promise<Record<string, { registered: number; guarded: number }>> {
  const file = readFileSync(new URL(`../stacks/Pulumi.${stack}.yaml`, import.meta.url), "utf8");
  const { config } = parse(file) as { config: Record<string, unknown> };
  const text = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(text));
  const types: Record<string, { registered: number; guarded: number }> = {};
  await runProgram(() => {
    const monitor = pulumi.runtime.getMonitor() as unknown as {
      registerResource(request: Request, done: unknown): void;
    };
    const register = monitor.registerResource.bind(monitor);
    vi.spyOn(monitor, "registerResource").mockImplementation((request, done) => {
      const before = types[request.getType()] ?? { registered: 0, guarded: 0 };
      const guarded = before.guarded + (request.getProtect() ? 1 : 0);
      types[request.getType()] = { registered: before.registered + 1, guarded };
      register(request, done);
    });
    return program();
  });
  return types;
}

/** What people's sign-in, and the tools' secrets, would be lost with. */
const KEPT = {
  "azuread:index/application:Application": 1,
  "azuread:index/servicePrincipal:ServicePrincipal": 1,
  "azuread:index/group:Group": 5,
  "azure-native:keyvault:Vault": 1,
};

describe("deletion", () => {
  afterEach(() => vi.restoreAllMocks());

  it("of registrations, groups and the vault is refused in prod, each of them", async () => {
    const types = await protection("prod");
    const counts = Object.keys(KEPT).map((type) => [type, types[type]]);
    expect(Object.fromEntries(counts)).toEqual(
      Object.fromEntries(Object.entries(KEPT).map(([type, count]) => [type, { registered: count, guarded: count }])),
    );
    expect(types["azure-native:resources:ResourceGroup"]?.guarded).toBeGreaterThanOrEqual(1);
  });

  it.each(["dev", "staging"])("is open in %s, where environments come and go", async (stack) => {
    const types = await protection(stack);
    expect(types["azure-native:keyvault:Vault"]?.registered).toBe(1);
    expect(Object.entries(types).filter(([, { guarded }]) => guarded > 0)).toEqual([]);
  });
});
