import { beforeAll, describe, expect, it } from "vitest";
import { type Run, settled } from "../../testing/mocks.ts";
import type { ToolOutputs } from "../tool.ts";
import { ossSettings } from "./tests/fixtures.ts";
import { BOTH, create, DEPLOYMENT, environmentOf, JOB, NAMES, POLICY, readers, template } from "./tests/program.ts";

/** With every default; most tests only look at it. */
let oss: Run;
let outputs: ToolOutputs;

beforeAll(async () => {
  const created = await create(ossSettings());
  oss = created.run;
  outputs = created.outputs;
}, 60_000);

describe("Metabase oss", () => {
  it("consists of exactly these resources", async () => {
    // The proxy's own resources are its tests' business.
    const counts: Record<string, number> = {};
    for (const { type, name } of oss.resources) {
      if (/^(entrada|pulumi):/.test(type) || /^metabase-(proxy|network-allow-(proxy|tool-from-proxy))/.test(name))
        continue;
      counts[type] = (counts[type] ?? 0) + 1;
    }
    expect(counts).toEqual({
      ...BOTH,
      "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": 1,
      "azure-native:keyvault:Secret": 3,
      "random:index/randomPassword:RandomPassword": 3,
      "azure-native:managedidentity:UserAssignedIdentity": 3,
      "azure-native:managedidentity:FederatedIdentityCredential": 3,
      "azure-native:authorization:RoleAssignment": 6,
      "kubernetes:core/v1:ServiceAccount": 3,
      "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": 3,
      "kubernetes:core/v1:ConfigMap": 3,
      [DEPLOYMENT]: 1,
      "kubernetes:core/v1:Service": 1,
      "kubernetes:policy/v1:PodDisruptionBudget": 1,
      [POLICY]: 3,
      [NAMES]: 5,
    });
  });

  it("stands behind the proxy, which any of its roles passes", async () => {
    const run = oss;
    const route = run.find("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "metabase-route").inputs.spec as {
      rules: { backendRefs: { name: string }[] }[];
    };
    const [deployment] = run.resources.filter(({ type, name }) => type === DEPLOYMENT && name !== "metabase-web");
    expect(deployment?.name).toMatch(/^metabase-proxy/);
    expect(route.rules[0]?.backendRefs[0]?.name).toBe("metabase-proxy");
    expect(run.resources.map(({ name }) => name)).not.toContain("metabase-network-allow-gateway");
    const federation = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
    expect(run.find(federation, "metabase-federation").inputs.subject).toBe(
      "system:serviceaccount:metabase:metabase-proxy",
    );
    const files = run.resources
      .filter(({ type }) => type === "kubernetes:core/v1:ConfigMap")
      .flatMap(({ inputs }) => Object.values((inputs.data ?? {}) as Record<string, string>));
    const lists = files.flatMap((text) =>
      [...text.matchAll(/^allowed_groups = \[([^\]]*)\]/gm)].map(([, list]) => list),
    );
    expect(lists.map((list) => list?.match(/[\w-]+/g))).toEqual([["admin", "query", "sales-query", "view"]]);
  });

  it("sends invitations and has no sign-in settings, no API key and no configuration file", async () => {
    const { run } = await create(
      ossSettings({ mail: { host: "mail.contoso.com", from: "m@contoso.com", user: "metabase" } }),
    );
    const [main] = template(run, DEPLOYMENT, "metabase-web").spec.containers;
    const env = environmentOf(main);
    expect(env).toMatchObject({
      METABASE_EDITION: "oss",
      MB_EMAIL_SMTP_HOST: "mail.contoso.com",
      MB_EMAIL_SMTP_PORT: "587",
      MB_EMAIL_SMTP_SECURITY: "starttls",
      MB_EMAIL_SMTP_USERNAME: "metabase",
      MB_EMAIL_FROM_ADDRESS: "m@contoso.com",
    });
    expect(Object.keys(env).filter((name) => /OIDC|CONFIG_FILE|ENTRA|PASSWORD_LOGIN/.test(name))).toEqual([]);
    expect(readers(run)).toMatchObject({
      "metabase-identity": ["metabase-database-password", "metabase-encryption-key", "metabase-mail-password"],
      "metabase-reconciler-identity": ["metabase-break-glass-password"],
    });
    expect(run.find(NAMES, "metabase-network-allow-mail").inputs.spec).toMatchObject({
      egress: [{}, { toFQDNs: [{ matchName: "mail.contoso.com" }], toPorts: [{ ports: [{ port: "587" }] }] }],
    });
  });

  it("asks the mail relay for nothing secret where there is no user", () => {
    expect(readers(oss)["metabase-identity"]).toEqual(["metabase-database-password", "metabase-encryption-key"]);
  });

  it("sets up without a right in the cluster", () => {
    const { spec } = template(oss, JOB, "metabase-bootstrap");
    expect(spec.volumes.map(({ name }) => name)).toEqual(["tmp", "jobs", "settings", "config", "secrets"]);
    expect(environmentOf(spec.containers[0])).not.toHaveProperty("CLUSTER_API");
  });

  it("tells who proves itself at the registration: the proxy", async () => {
    expect(outputs.clientSecret).toBeUndefined();
    expect(await settled(outputs.serviceAccount as never)).toBe("metabase-proxy");
  });
});
