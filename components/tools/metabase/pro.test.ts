import { beforeAll, describe, expect, it } from "vitest";
import { isSecretValue, type Run, settled } from "../../testing/mocks.ts";
import { TEST_NOW, TEST_TENANT } from "../../testing/tool-environment.ts";
import type { ToolOutputs } from "../tool.ts";
import { labelsOf } from "./pods.ts";
import { proSettings } from "./tests/fixtures.ts";
import {
  BOTH,
  CRON_JOB,
  create,
  DEPLOYMENT,
  environmentOf,
  JOB,
  NAMES,
  POLICY,
  readers,
  template,
} from "./tests/program.ts";

/** With every default; most tests only look at it. */
let pro: Run;
let outputs: ToolOutputs;

beforeAll(async () => {
  const created = await create(proSettings());
  pro = created.run;
  outputs = created.outputs;
}, 60_000);

describe("Metabase pro", () => {
  it("consists of exactly these resources", async () => {
    expect(pro.counts()).toEqual({
      ...BOTH,
      "azuread:index/applicationPassword:ApplicationPassword": 2,
      // Two client secrets, database, encryption key, break-glass, API key.
      "azure-native:keyvault:Secret": 6,
      "random:index/randomPassword:RandomPassword": 4,
      "azure-native:managedidentity:UserAssignedIdentity": 3,
      "azure-native:managedidentity:FederatedIdentityCredential": 3,
      "azure-native:authorization:RoleAssignment": 10,
      "kubernetes:core/v1:ServiceAccount": 3,
      "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": 3,
      "kubernetes:core/v1:ConfigMap": 4,
      "kubernetes:rbac.authorization.k8s.io/v1:Role": 1,
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": 1,
      [DEPLOYMENT]: 1,
      "kubernetes:core/v1:Service": 1,
      "kubernetes:policy/v1:PodDisruptionBudget": 1,
      [POLICY]: 4,
      [NAMES]: 7,
    });
  });

  it("signs in with the newer of two client secrets, mounted as a file", async () => {
    const versions = template(pro, DEPLOYMENT, "metabase-web").metadata.annotations["entrada/secret-versions"];
    expect(versions).toBe(
      [
        "database-password=version-of-metabase-database-password",
        "encryption-key=version-of-metabase-encryption-key",
        "licence=external",
        "api-key=version-of-metabase-api-key",
        "client-secret=version-of-metabase-client-secret-b",
      ].join(","),
    );
    const { run: later } = await create(proSettings(), new Date("2027-01-02T00:00:00Z"));
    expect(template(later, DEPLOYMENT, "metabase-web").metadata.annotations["entrada/secret-versions"]).toMatch(
      /client-secret=version-of-metabase-client-secret-a$/,
    );
  });

  it("gives its web pods exactly these variables, none of them secret", async () => {
    const { run } = await create(proSettings({ session: { lifetime: "90m" }, logLevel: "WARN" }));
    const [main] = template(run, DEPLOYMENT, "metabase-web").spec.containers;
    expect(main.command).toEqual(["/bin/sh", "/etc/metabase/config/start.sh", "/app/run_metabase.sh"]);
    expect(environmentOf(main)).toEqual({
      METABASE_EDITION: "pro",
      METABASE_SECRETS_FOLDER: "/mnt/secrets",
      METABASE_LOG_LEVEL: "WARN",
      MB_SITE_URL: "https://metabase.data.contoso.com",
      MB_JETTY_PORT: "3000",
      MB_DB_TYPE: "postgres",
      MB_DB_CONNECTION_URI:
        "jdbc:postgresql://contoso.postgres.database.azure.com:5432/metabase?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory",
      MB_DB_USER: "metabase",
      MAX_SESSION_AGE: "90",
      MB_ENABLE_PUBLIC_SHARING: "false",
      MB_ANON_TRACKING_ENABLED: "false",
      MB_CHECK_FOR_UPDATES: "false",
      MB_LOAD_SAMPLE_CONTENT: "false",
      MB_PLUGINS_DIR: "/tmp/plugins",
      HOME: "/tmp",
      JAVA_OPTS: "-XX:MaxRAMPercentage=70 -Dlog4j.configurationFile=file:/etc/metabase/config/log4j2.xml",
      ENTRA_CLIENT_ID: "client-of-metabase-app",
      METABASE_OIDC_TEMPLATE: "/etc/metabase/settings/oidc-providers.json",
      METABASE_GROUPS_FILE: "/etc/metabase/groups/group-mappings.json",
      METABASE_ADMINISTRATOR: "metabase-break-glass@contoso.com",
      MB_CONFIG_FILE_PATH: "/etc/metabase/config/config.yml",
      MB_OIDC_USER_PROVISIONING_ENABLED: "true",
      MB_OIDC_ALLOWED_NETWORKS: "external-only",
      MB_ENABLE_PASSWORD_LOGIN: "false",
    });
  });

  it("keeps secrets in the vault, each for the pods that need it, and nowhere else", async () => {
    const run = pro;
    expect(readers(run)).toEqual({
      "metabase-identity": [
        "metabase-api-key",
        "metabase-client-secret-b",
        "metabase-database-password",
        "metabase-encryption-key",
        "metabase-licence",
      ],
      "metabase-bootstrap-identity": [
        "metabase-break-glass-password",
        "metabase-database-password",
        "metabase-encryption-key",
        "metabase-licence",
      ],
      "metabase-reconciler-identity": ["metabase-api-key"],
    });
    for (const name of ["metabase-api-key", "metabase-encryption-key", "metabase-break-glass-password"]) {
      const { properties } = run.find("azure-native:keyvault:Secret", name).inputs;
      expect(isSecretValue(properties) && properties.value).toMatchObject({ value: `random-of-${name}` });
    }
    const elsewhere = run.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(JSON.stringify(elsewhere)).not.toMatch(/random-of-|password-of-/);
  });

  it("sets Metabase up with one that only its own pod reaches, and lets that pod write one ConfigMap", async () => {
    const run = pro;
    const { spec } = template(run, JOB, "metabase-bootstrap");
    const [server] = spec.initContainers ?? [];
    if (server === undefined) throw new Error("no sidecar");
    expect(server).toMatchObject({
      name: "metabase",
      image: "contoso.azurecr.io/metabase-enterprise:v1.65.4",
      restartPolicy: "Always",
    });
    const env = environmentOf(server);
    expect(env.MB_JETTY_HOST).toBe("127.0.0.1");
    expect(Object.keys(env).filter((name) => /OIDC|PASSWORD|CONFIG_FILE|ENTRA/.test(name))).toEqual([]);
    expect(spec.containers[0]).toMatchObject({
      image: "contoso.azurecr.io/python:3.12.11",
      command: ["python3", "/etc/metabase/jobs/bootstrap.py"],
    });
    expect(environmentOf(spec.containers[0])).toEqual({
      METABASE_URL: "http://127.0.0.1:3000",
      METABASE_SETTINGS_FILE: "/etc/metabase/settings/settings.json",
      METABASE_SECRETS_FOLDER: "/mnt/secrets",
      PYTHONDONTWRITEBYTECODE: "1",
      METABASE_GROUPS_MAP: "metabase-groups",
      CLUSTER_API: "https://kubernetes.default.svc",
      CLUSTER_TOKEN_FOLDER: "/var/run/secrets/kubernetes.io/serviceaccount",
    });
    expect(spec.volumes.map(({ name }) => name)).toEqual([
      "tmp",
      "jobs",
      "settings",
      "config",
      "secrets",
      "cluster-token",
    ]);
    expect(run.find("kubernetes:core/v1:ConfigMap", "metabase-groups").inputs).not.toHaveProperty("data");
    expect(run.find("kubernetes:rbac.authorization.k8s.io/v1:Role", "metabase-groups-role").inputs.rules).toEqual([
      { apiGroups: [""], resources: ["configmaps"], resourceNames: ["metabase-groups"], verbs: ["patch"] },
    ]);
    expect(
      run.find("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "metabase-groups-binding").inputs,
    ).toMatchObject({
      roleRef: { kind: "Role", name: "metabase-groups" },
      subjects: [{ kind: "ServiceAccount", name: "metabase-bootstrap", namespace: "metabase" }],
    });
  });

  it("lets the reconciler alone read the directory, every few minutes", async () => {
    const { run } = await create(proSettings({ namespace: "bi", reconcile: { every: "5m" } }));
    const grants = run.resources.filter(
      ({ inputs }) => inputs.principalObjectId === "principal-of-metabase-reconciler-identity",
    );
    expect(grants.map(({ name, inputs }) => [name, inputs.appRoleId, inputs.resourceObjectId])).toEqual(
      [
        ["Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"],
        ["GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6"],
        ["User.Read.All", "df021288-bdef-4463-88db-98f22de89214"],
      ].map(([permission, id]) => [
        `metabase-reconciler-directory-${permission}`,
        id,
        "principal-of-00000003-0000-0000-c000-000000000000",
      ]),
    );
    expect(run.find(CRON_JOB, "metabase-reconcile").inputs.spec).toMatchObject({ schedule: "*/5 * * * *" });
    const { spec } = template(run, CRON_JOB, "metabase-reconcile");
    expect(spec.serviceAccountName).toBe("metabase-reconciler");
    expect(spec.volumes.map(({ name }) => name)).toEqual([
      "tmp",
      "jobs",
      "settings",
      "secrets",
      "azure-identity-token",
    ]);
    expect(environmentOf(spec.containers[0])).toEqual({
      METABASE_URL: "http://metabase.bi.svc",
      METABASE_SETTINGS_FILE: "/etc/metabase/settings/settings.json",
      METABASE_SECRETS_FOLDER: "/mnt/secrets",
      PYTHONDONTWRITEBYTECODE: "1",
      ENTRA_SERVICE_PRINCIPAL_ID: "object-of-metabase-sp",
      AZURE_CLIENT_ID: "client-of-metabase-reconciler-identity",
      AZURE_TENANT_ID: TEST_TENANT,
      AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
      AZURE_FEDERATED_TOKEN_FILE: "/var/run/secrets/azure/tokens/azure-identity-token",
    });
    for (const [type, name] of [
      [DEPLOYMENT, "metabase-web"],
      [JOB, "metabase-bootstrap"],
    ] as const) {
      expect(template(run, type, name).spec.volumes.map((volume) => volume.name)).not.toContain("azure-identity-token");
    }
  });

  it("opens only these ways", async () => {
    const { run } = await create(proSettings({ egress: ["warehouse.contoso.com"] }));
    const names = (type: string) =>
      run.resources
        .filter((resource) => resource.type === type)
        .map(({ name }) => name.replace("metabase-network-", ""));
    expect(names(POLICY).sort()).toEqual([
      "allow-gateway",
      "allow-reconciler-to-web",
      "allow-web-from-reconciler",
      "default-deny",
    ]);
    const hosts = (policy: string) => {
      const { egress } = run.find(NAMES, `metabase-network-${policy}`).inputs.spec as {
        egress: { toFQDNs?: { matchName: string }[] }[];
      };
      return egress.flatMap(({ toFQDNs }) => toFQDNs ?? []).map(({ matchName }) => matchName);
    };
    expect(Object.fromEntries(names(NAMES).map((name) => [name, hosts(name)]))).toEqual({
      "allow-dns": [],
      "allow-database": ["contoso.postgres.database.azure.com"],
      "allow-bootstrap-database": ["contoso.postgres.database.azure.com"],
      "allow-directory": ["login.microsoftonline.com", "graph.microsoft.com"],
      "allow-entra": ["login.microsoftonline.com", "token-check.metabase.com", "warehouse.contoso.com"],
      "allow-bootstrap-licence": ["token-check.metabase.com"],
      "allow-bootstrap-cluster": [],
    });
    expect(run.find(NAMES, "metabase-network-allow-bootstrap-cluster").inputs.spec).toMatchObject({
      endpointSelector: { matchLabels: labelsOf("bootstrap") },
      egress: [{ toEntities: ["kube-apiserver"] }],
    });
    expect(run.find(POLICY, "metabase-network-allow-web-from-reconciler").inputs.spec).toEqual({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "metabase", "app.kubernetes.io/component": "web" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            {
              podSelector: {
                matchLabels: { "app.kubernetes.io/name": "metabase", "app.kubernetes.io/component": "reconcile" },
              },
            },
          ],
          ports: [{ protocol: "TCP", port: 3000 }],
        },
      ],
    });
  });

  it("says where the client's secret is and who may read it", async () => {
    if (outputs.clientSecret === undefined) throw new Error("no secret");
    const { clientSecret, serviceAccount, namespace, ...rest } = outputs;
    expect(clientSecret.secretName).toBe("metabase-client-secret-b");
    expect(rest).toMatchObject({
      url: "https://metabase.data.contoso.com",
      tenantId: TEST_TENANT,
      issuer: "https://oidc.contoso.com/cluster-1",
    });
    const values = [serviceAccount, namespace, clientSecret.identity, clientSecret.vault];
    expect(await Promise.all(values.map((value) => settled(value as never)))).toEqual([
      "metabase",
      "metabase",
      "client-of-metabase-identity",
      "kv-dev",
    ]);
  });

  it("sets up again and rolls its pods when roles, rights or versions change, and only then", async () => {
    const state = async (changes: Record<string, unknown>, now = TEST_NOW) => {
      const { run } = await create(proSettings(changes), now);
      const { name } = run.find(JOB, "metabase-bootstrap").inputs.metadata as { name: string };
      return [name, template(run, DEPLOYMENT, "metabase-web").metadata.annotations["entrada/config-hash"]];
    };
    const before = await state({});
    expect(before[0]).toMatch(/^metabase-bootstrap-[0-9a-f]{8}$/);
    expect(await state({ reconcile: { every: "5m" }, replicas: 3 })).toEqual(before);
    // The pods roll by the secret's version; what was set up stays.
    expect(await state({}, new Date("2027-01-02T00:00:00Z"))).toEqual(before);
    // One after the other: the mocks are one for all.
    const others = [
      await state({ data: { "sales-query": { warehouse: ["sales"] } } }),
      await state({ image: "contoso.azurecr.io/metabase-enterprise:v1.65.4-2" }),
      await state({ jobs: { image: "contoso.azurecr.io/python:3.13.1" } }),
    ];
    expect(new Set([before, ...others].map(([name]) => name)).size).toBe(4);
    expect(new Set([before, ...others].map(([, hash]) => hash)).size).toBe(4);
  }, 60_000);

  it("knows its settings and the Job's name in a preview, while ids are unknown", async () => {
    const [preview, update] = [(await create(proSettings(), TEST_NOW, true)).run, pro];
    for (const map of ["metabase-settings", "metabase-config", "metabase-jobs"]) {
      const type = "kubernetes:core/v1:ConfigMap";
      expect(preview.find(type, map).inputs).toEqual(update.find(type, map).inputs);
    }
    const job = (run: typeof pro) => (run.find(JOB, "metabase-bootstrap").inputs.metadata as { name: string }).name;
    expect(job(preview)).toBe(job(update));
  });

  it("needs its own administrator's address only where the default does not fit", async () => {
    const { run } = await create(proSettings({ administrator: "bi@contoso.com" }));
    const [main] = template(run, DEPLOYMENT, "metabase-web").spec.containers;
    expect(environmentOf(main).METABASE_ADMINISTRATOR).toBe("bi@contoso.com");
    const map = run.find("kubernetes:core/v1:ConfigMap", "metabase-settings").inputs.data as Record<string, string>;
    expect(JSON.parse(map["settings.json"] ?? "")).toMatchObject({ administrator: "bi@contoso.com", edition: "pro" });
  });
});
