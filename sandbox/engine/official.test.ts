import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prepareLayout, sandboxLayout } from "../layout.ts";
import type { SupervisorRecord } from "../supervisor/record.ts";
import { attachedProviders } from "./attached.ts";
import { findOfficialPlugins, OFFICIAL, officialVariables, pluginFolders } from "./official.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrada-official-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(...place: string[]): string {
  const file = join(folder, ...place);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}

const pinned = (name: string) =>
  (
    JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      dependencies: Record<string, string>;
    }
  ).dependencies[`@pulumi/${name}`];

it("finds plugins on PATH and in Pulumi's cache, in the version of the SDK", () => {
  const onPath = install("bin", "pulumi-resource-kubernetes");
  const own = install("home", "plugins", `resource-azuread-v${pinned("azuread")}`, "pulumi-resource-azuread");
  const users = install(
    ".pulumi",
    "plugins",
    `resource-azure-native-v${pinned("azure-native")}`,
    "pulumi-resource-azure-native",
  );
  const found = findOfficialPlugins({ PATH: join(folder, "bin"), PULUMI_HOME: join(folder, "home"), HOME: folder });
  expect(found).toEqual([
    { name: "azuread", file: own },
    { name: "azure-native", file: users },
    { name: "kubernetes", file: onPath },
  ]);
  expect(pluginFolders(found)).toEqual([own, users, onPath].map((file) => dirname(file)));
});

it("names every missing one, with what installs it", () => {
  install(".pulumi", "plugins", "resource-azuread-v1.0.0", "pulumi-resource-azuread");
  install("bin", "pulumi-resource-kubernetes");
  const find = () => findOfficialPlugins({ PATH: join(folder, "bin"), HOME: folder });
  expect(find).toThrow(`pulumi plugin install resource azuread v${pinned("azuread")}`);
  expect(find).toThrow(`pulumi plugin install resource azure-native v${pinned("azure-native")}`);
  expect(find).toThrow("--providers stand-in is the default");
  expect(find).not.toThrow("resource kubernetes");
});

it("leaves the stand-ins of the others, and signs the plugins in as the deployer", () => {
  const providers = { azuread: 1, "azure-native": 2, kubernetes: 3, random: 4, tls: 5 };
  const official = OFFICIAL.map((name) => ({ name, file: join(folder, name) }));
  expect(attachedProviders({ providers }, official)).toBe("random:4,tls:5");
  const layout = sandboxLayout(join(folder, "sandbox"));
  prepareLayout(layout);
  const record = { proxy: "http://127.0.0.1:1", caFile: "/ca", tenantId: "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10" };
  expect(officialVariables(layout, record as SupervisorRecord)).toEqual(
    expect.arrayContaining([
      { name: "HTTPS_PROXY", value: "http://127.0.0.1:1" },
      { name: "SSL_CERT_FILE", value: "/ca" },
      { name: "ARM_TENANT_ID", value: record.tenantId },
      { name: "ARM_CLIENT_SECRET", file: join(layout.secrets, "deployer") },
    ]),
  );
});
