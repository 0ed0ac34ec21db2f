import { describe, expect, it } from "vitest";
import type { ToolPartner } from "../../../model/partners.ts";
import { isSecretValue, type Run, runProgram } from "../../testing/mocks.ts";
import { TEST_NOW, TEST_TENANT, testEnvironment } from "../../testing/tool-environment.ts";
import { acme } from "../fab/tests/partner.ts";
import { supersetContract } from "./contract.ts";
import { supersetTraffic } from "./network.ts";
import { configFiles, settingsFiles } from "./settings-files.ts";
import { Superset } from "./superset.ts";
import { supersetSettings } from "./tests/fixtures.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

function create(
  changes: Record<string, unknown> = {},
  now = TEST_NOW,
  preview = false,
  partners: readonly ToolPartner[] = [],
): Promise<Run> {
  return runProgram(
    () => {
      new Superset("superset", {
        contract: supersetContract,
        settings: supersetSettings(changes),
        environment: testEnvironment({}, now),
        owners: ["owner-id"],
        partners,
      });
    },
    { preview },
  );
}

interface Container {
  readonly command: string[];
  readonly env: { name: string; value: unknown }[];
}

interface PodTemplate {
  readonly metadata: { annotations: Record<string, string> };
  readonly spec: { containers: [Container]; volumes: { name: string }[] };
}

function template(run: Run, type: string, name: string): PodTemplate {
  return (run.find(type, name).inputs.spec as { template: PodTemplate }).template;
}

describe("Superset", () => {
  it("runs web, worker, beat and the migrations, and only web pods hold a token", async () => {
    const run = await create();
    const volumes = (type: string, name: string) => template(run, type, name).spec.volumes.map((volume) => volume.name);
    expect(volumes(DEPLOYMENT, "superset-web")).toEqual([
      "tmp",
      "config",
      "settings",
      "secrets",
      "azure-identity-token",
    ]);
    expect(volumes(DEPLOYMENT, "superset-worker")).toEqual(["tmp", "config", "settings", "secrets"]);
    expect(volumes(DEPLOYMENT, "superset-beat")).toEqual(["tmp", "config", "settings", "secrets"]);
    expect(volumes("kubernetes:batch/v1:Job", "superset-migrate")).toEqual(["tmp", "config", "settings", "secrets"]);
  });

  it("gives ids by environment and no secret, in no pod and no ConfigMap", async () => {
    const run = await create();
    const env = Object.fromEntries(
      template(run, DEPLOYMENT, "superset-web").spec.containers[0].env.map(({ name, value }) => [name, value]),
    );
    expect(env).toMatchObject({
      ENTRA_CLIENT_ID: "client-of-superset-app",
      AZURE_CLIENT_ID: "client-of-superset-identity",
      AZURE_TENANT_ID: TEST_TENANT,
      AZURE_FEDERATED_TOKEN_FILE: "/var/run/secrets/azure/tokens/azure-identity-token",
      SCARF_ANALYTICS: "false",
    });
    const elsewhere = run.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(JSON.stringify(elsewhere)).not.toContain("random-of-");
  });

  it("writes every secret to the vault as a secret, readable by Superset's identity alone", async () => {
    const run = await create();
    const names = [
      "superset-database-password",
      "superset-redis-password",
      "superset-secret-key-a",
      "superset-secret-key-b",
    ];
    for (const name of names) {
      const { properties } = run.find("azure-native:keyvault:Secret", name).inputs;
      expect(isSecretValue(properties) && properties.value).toMatchObject({ value: `random-of-${name}` });
      expect(run.find("azure-native:authorization:RoleAssignment", `superset-access-${name}`).inputs).toMatchObject({
        scope: `/id/vault/secrets/${name}`,
        principalId: "principal-of-superset-identity",
      });
    }
  });

  it("gives the newer key as the key and the older one for what is encrypted with it", async () => {
    const files = async (now: Date) => {
      const run = await create({}, now);
      return template(run, DEPLOYMENT, "superset-web").metadata.annotations["entrada/secret-versions"];
    };
    expect(await files(TEST_NOW)).toMatch(
      /^secret-key=version-of-superset-secret-key-b,previous-secret-key=version-of-superset-secret-key-a,/,
    );
    expect(await files(new Date("2027-01-02T00:00:00Z"))).toMatch(/^secret-key=version-of-superset-secret-key-a,/);
  });

  it("rolls all pods and runs the migrations again when settings or keys change, and only then", async () => {
    const state = async (changes: Record<string, unknown>, now = TEST_NOW) => {
      const run = await create(changes, now);
      const job = run.find("kubernetes:batch/v1:Job", "superset-migrate").inputs.metadata as { name: string };
      return [job.name, template(run, DEPLOYMENT, "superset-web").metadata.annotations["entrada/config-hash"]];
    };
    const before = await state({});
    expect(before[0]).toMatch(/^superset-migrate-[0-9a-f]{8}$/);
    expect(await state({}, new Date("2026-12-26T00:00:00Z"))).toEqual(before);
    const later = await state({ session: { lifetime: "4h" } });
    const rotated = await state({}, new Date("2027-01-02T00:00:00Z"));
    expect(new Set([before, later, rotated].map(([name]) => name)).size).toBe(3);
    expect(new Set([before, later, rotated].map(([, hash]) => hash)).size).toBe(3);
  });

  it("trusts one service account, in the registration and in the identity", async () => {
    const run = await create({ namespace: "bi" });
    const subject = "system:serviceaccount:bi:superset";
    const federation = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
    expect(run.find(federation, "superset-federation").inputs.subject).toBe(subject);
    const identity = run.find(
      "azure-native:managedidentity:FederatedIdentityCredential",
      "superset-identity-bi-superset",
    );
    expect(identity.inputs.subject).toBe(subject);
    expect(run.find("kubernetes:core/v1:ServiceAccount", "superset-account").inputs).toMatchObject({
      metadata: {
        name: "superset",
        namespace: "bi",
        annotations: { "azure.workload.identity/client-id": "client-of-superset-identity" },
      },
      automountServiceAccountToken: false,
    });
  });

  it("mounts a partner's secret, lets Superset's identity read it and reaches the partner's provider", async () => {
    const [run, without] = [await create({}, TEST_NOW, false, [acme()]), await create()];
    const added = run.resources.filter(({ name }) => !without.resources.some((one) => one.name === name));
    expect(added.map(({ type, name }) => [type, name])).toEqual([
      ["azure-native:authorization:RoleAssignment", "superset-access-acme-superset-client-secret"],
    ]);
    const { spec } = run.find(
      "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass",
      "superset-secrets",
    ).inputs;
    expect((spec as { parameters: { objects: string } }).parameters.objects).toMatch(
      /objectName: acme-superset-client-secret\n.*\n.*objectAlias: partner-acme-client-secret\n/,
    );
    const { reach } = supersetTraffic(supersetSettings(), "gateway", ["acme.okta.com"]);
    expect(reach["allow-entra"]?.hosts).toEqual(["login.microsoftonline.com", "acme.okta.com"]);
  });

  it("knows settings and Job names in a preview, while ids are unknown", async () => {
    const [preview, update] = [await create({}, TEST_NOW, true), await create()];
    const map = "kubernetes:core/v1:ConfigMap";
    expect(preview.find(map, "superset-settings").inputs).toEqual(update.find(map, "superset-settings").inputs);
    expect(preview.find(map, "superset-config").inputs).toEqual(update.find(map, "superset-config").inputs);
    const job = (run: Run) =>
      (run.find("kubernetes:batch/v1:Job", "superset-migrate").inputs.metadata as { name: string }).name;
    expect(job(preview)).toBe(job(update));
  });
});

describe("settingsFiles", () => {
  it("holds what the configuration reads: seconds, role lists and declared datasets", () => {
    const settings = supersetSettings({ session: { lifetime: "90m" } });
    const files = settingsFiles(settings, supersetContract.roles(settings), [acme()]);
    expect(JSON.parse(files["settings.json"] ?? "")).toEqual({
      version: "6.1.0",
      url: "https://superset.data.contoso.com",
      logLevel: "INFO",
      session: { lifetimeSeconds: 5400 },
      roles: {
        Admin: ["Admin"],
        Alpha: ["Alpha", "sql_lab"],
        Gamma: ["Gamma"],
        "sales-reader": ["Gamma", "sales-reader"],
        "lake-reader": ["Gamma", "lake-reader"],
      },
      partners: [
        {
          key: "acme",
          displayName: "Acme",
          issuer: "https://acme.okta.com",
          clientId: "0oa1acmesuperset",
          groupsClaim: "groups",
          roles: { "acme-viewers": ["Gamma"] },
        },
      ],
      database: {
        host: "contoso.postgres.database.azure.com",
        port: 5432,
        name: "superset",
        user: "superset",
        tls: true,
      },
      redis: { host: "contoso.redis.cache.windows.net", port: 6380, tls: true },
    });
    expect(JSON.parse(files["roles.json"] ?? "")).toEqual([
      { name: "sales-reader", databases: { warehouse: ["sales", "returns"] } },
      { name: "lake-reader", databases: { lake: ["*"] } },
    ]);
  });
});

describe("configFiles", () => {
  it("holds every file of the configuration's folder, below the ConfigMap limit of 1 MiB", () => {
    const files = configFiles();
    expect(Object.keys(files)).toContain("superset_config.py");
    expect(Object.values(files).every((content) => content.length > 100)).toBe(true);
    expect(Object.values(files).join("").length).toBeLessThan(512 * 1024);
  });
});
