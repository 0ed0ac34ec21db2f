import { describe, expect, it } from "vitest";
import { PROXY_CALLBACK } from "../../proxy/callback.ts";
import { type Run, runProgram } from "../../testing/mocks.ts";
import { TEST_TENANT, testEnvironment } from "../../testing/tool-environment.ts";
import type { ToolOutputs } from "../tool.ts";
import { customContract } from "./contract.ts";
import { deploy } from "./custom.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const minimal = {
  image: "contoso.azurecr.io/reports:1.4.0",
  access: { reader: ["analysts", "sales"] },
  host: "reports.data.contoso.com",
  namespace: "reports",
};

async function create(changes: object = {}): Promise<{ run: Run; outputs: ToolOutputs }> {
  let outputs: ToolOutputs | undefined;
  const run = await runProgram(() => {
    outputs = deploy(
      "reports",
      {
        contract: customContract.named?.("reports") ?? customContract,
        settings: customContract.settings.parse({ ...minimal, ...changes }),
        environment: testEnvironment(),
        owners: ["owner-id"],
        partners: [],
      },
      {},
    );
  });
  if (outputs === undefined) throw new Error("nothing was deployed");
  return { run, outputs };
}

describe("an own web app", () => {
  it("registers exactly this", async () => {
    const { run } = await create();
    expect(run.counts()).toEqual({
      "azure-native:resources:ResourceGroup": 1,
      "azure-native:keyvault:Vault": 1,
      "azuread:index/application:Application": 1,
      "azuread:index/servicePrincipal:ServicePrincipal": 1,
      "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant": 1,
      "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": 1,
      "azuread:index/appRoleAssignment:AppRoleAssignment": 2,
      "azure-native:keyvault:Secret": 2,
      "azure-native:managedidentity:UserAssignedIdentity": 1,
      "azure-native:managedidentity:FederatedIdentityCredential": 1,
      "azure-native:authorization:RoleAssignment": 2,
      "random:index/randomPassword:RandomPassword": 2,
      "kubernetes:core/v1:Namespace": 1,
      "kubernetes:core/v1:ServiceAccount": 2,
      "kubernetes:core/v1:ConfigMap": 1,
      "kubernetes:core/v1:Service": 2,
      "kubernetes:apps/v1:Deployment": 2,
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": 1,
      "kubernetes:policy/v1:PodDisruptionBudget": 2,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy": 4,
      "kubernetes:cilium.io/v2:CiliumNetworkPolicy": 3,
      "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": 1,
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": 1,
    });
  });

  it("is registered for the proxy's callback, which alone holds the credential", async () => {
    const { run, outputs } = await create();
    const application = run.find("azuread:index/application:Application", "reports-app").inputs;
    expect(application).toMatchObject({
      displayName: "Reports (dev)",
      web: { redirectUris: [`https://reports.data.contoso.com${PROXY_CALLBACK.path}`] },
      appRoles: [{ value: "reader" }],
    });
    const federation = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
    expect(run.find(federation, "reports-federation").inputs.subject).toBe(
      "system:serviceaccount:reports:reports-proxy",
    );
    expect(outputs).toMatchObject({ url: "https://reports.data.contoso.com", tenantId: TEST_TENANT });
  });

  it("has its route end at the proxy, and the proxy in front of the app", async () => {
    const { run } = await create();
    const route = run.find("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "reports-route").inputs;
    expect(route.spec).toMatchObject({ rules: [{ backendRefs: [{ name: "reports-proxy", port: 80 }] }] });
    const proxy = JSON.stringify(run.find(DEPLOYMENT, "reports-proxy").inputs);
    expect(proxy).toContain('{"name":"OAUTH2_PROXY_UPSTREAMS","value":"http://reports.reports.svc:80/"}');
  });

  it("runs without token, secret and rights, with its port and variables", async () => {
    const { run } = await create({ port: 3000, env: { LOG_LEVEL: "info" }, health: "/healthz" });
    const { template } = run.find(DEPLOYMENT, "reports").inputs.spec as {
      template: { spec: { containers: [Record<string, unknown>]; volumes: { name: string }[] } };
    };
    expect(template.spec.volumes.map(({ name }) => name)).toEqual(["tmp"]);
    expect(template.spec).toMatchObject({ serviceAccountName: "reports", automountServiceAccountToken: false });
    expect(template.spec.containers[0]).toMatchObject({
      env: [
        { name: "PORT", value: "3000" },
        { name: "HOME", value: "/tmp" },
        { name: "TMPDIR", value: "/tmp" },
        { name: "LOG_LEVEL", value: "info" },
      ],
      ports: [{ containerPort: 3000 }],
      livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
    });
  });

  it("is reached by its proxy alone, and reaches nothing but what egress names", async () => {
    const { run } = await create({ egress: ["warehouse.contoso.com"] });
    const app: Record<string, string> = { "app.kubernetes.io/name": "reports", "app.kubernetes.io/component": "app" };
    const intoApp = run.resources
      .filter(({ type }) => type === POLICY)
      .map(({ inputs }) => inputs.spec as { podSelector: { matchLabels?: Record<string, string> }; ingress?: unknown })
      .filter(({ podSelector, ingress }) => {
        const chosen = Object.entries(podSelector.matchLabels ?? {});
        return ingress !== undefined && chosen.every(([label, value]) => app[label] === value);
      });
    expect(intoApp).toEqual([
      expect.objectContaining({
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "reports-proxy" } } }],
            ports: [{ protocol: "TCP", port: 8080 }],
          },
        ],
      }),
    ]);
    const names = run.find("kubernetes:cilium.io/v2:CiliumNetworkPolicy", "reports-network-allow-https").inputs;
    expect(JSON.stringify(names)).toContain("warehouse.contoso.com");
  });

  it("changes its pods when the image or a variable changes, and not when its number of pods does", async () => {
    const hash = async (changes: object) => {
      const { run } = await create(changes);
      const text = JSON.stringify(run.find(DEPLOYMENT, "reports").inputs);
      return /"entrada\/config-hash":"([0-9a-f]+)"/.exec(text)?.[1];
    };
    const before = await hash({});
    expect(before).toBeDefined();
    expect(await hash({ replicas: 3 })).toBe(before);
    expect(await hash({ env: { LOG_LEVEL: "debug" } })).not.toBe(before);
  });
});
