import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import * as pulumi from "@pulumi/pulumi";
import { toolUrl } from "../../../model/callbacks.ts";
import { OidcClient } from "../../entra/oidc-client.ts";
import { hashOf } from "../../kubernetes/config-files.ts";
import { Namespace } from "../../kubernetes/namespace.ts";
import { NetworkPolicies } from "../../kubernetes/network-policies.ts";
import { Route } from "../../kubernetes/route.ts";
import { Workload } from "../../kubernetes/workload.ts";
import { proxyAccount } from "../../proxy/callback.ts";
import { IdentityProxy, proxyTraffic } from "../../proxy/identity-proxy.ts";
import { registrationOf } from "../registration.ts";
import type { DeployTool, ToolArgs } from "../tool.ts";
import type { CustomSettings } from "./contract.ts";
import { appLabels, appPod } from "./pods.ts";

/** Port of the app's Service. */
const SERVICE_PORT = 80;

/**
 * A company's own web app: its registration in Entra, its pods, and the identity-aware proxy as the only way to them.
 *
 * @example new CustomApp("reports", { contract, settings, environment, owners, partners: [] })
 */
export class CustomApp extends pulumi.ComponentResource {
  readonly url: string;
  /** Client id of the registration. */
  readonly clientId: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  /** The proxy's service account, which the registration trusts. */
  readonly serviceAccount: pulumi.Output<string>;

  constructor(name: string, args: ToolArgs<CustomSettings>, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:custom:CustomApp", name, {}, opts);
    const { settings, environment, contract, partners } = args;
    const child = { parent: this };
    this.url = toolUrl(settings);

    const client = new OidcClient(name, registrationOf(name, args, proxyAccount(name)), child);
    const { namespace } = new Namespace(`${name}-namespace`, { namespace: settings.namespace }, child);
    const network = new NetworkPolicies(
      `${name}-network`,
      { namespace, egress: environment.egress, ...traffic(name, args) },
      child,
    );
    // An account without any rights, in Azure and in the cluster: whatever the app needs, it is given on purpose.
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata: { name, namespace }, automountServiceAccountToken: false },
      child,
    );
    const app = new Workload(
      name,
      {
        namespace,
        workloadName: name,
        pod: appPod(name, settings, account.metadata.name, hashOf(settings.image, JSON.stringify(settings.env))),
        scale: settings.replicas,
        service: { serviceName: name, port: SERVICE_PORT, targetPort: settings.port },
      },
      { ...child, dependsOn: [network] },
    );
    const proxy = new IdentityProxy(
      `${name}-proxy`,
      {
        tool: name,
        namespace,
        namespaceName: settings.namespace,
        host: settings.host,
        environment,
        clientId: client.clientId,
        allowedRoles: contract.roles(settings).map(({ value }) => value),
        upstream: { service: app.serviceName ?? name, port: SERVICE_PORT },
        partners,
      },
      { ...child, dependsOn: [network] },
    );
    new Route(
      `${name}-route`,
      {
        namespace,
        routeName: name,
        gateway: environment.gateway,
        host: settings.host,
        service: { name: proxy.service, port: proxy.port },
      },
      child,
    );

    this.clientId = client.clientId;
    this.namespace = namespace;
    this.serviceAccount = proxy.serviceAccount;
    this.registerOutputs({ url: this.url, clientId: this.clientId, namespace, serviceAccount: this.serviceAccount });
  }
}

/** What reaches the app, and what it reaches. */
function traffic(name: string, { settings, environment, partners }: ToolArgs<CustomSettings>) {
  const { allow, reach } = proxyTraffic(name, environment, { pods: appLabels(name), port: settings.port }, partners);
  if (settings.egress.length === 0) return { allow, reach };
  return { allow, reach: { ...reach, "allow-https": { pods: appLabels(name), hosts: settings.egress } } };
}

/** The tool as the registry takes it. */
export const deploy: DeployTool<CustomSettings> = (name, args, opts) => {
  const { url, clientId, namespace, serviceAccount } = new CustomApp(name, args, opts);
  const { tenantId, oidcIssuer: issuer } = args.environment;
  return { url, clientId, tenantId, namespace, serviceAccount, issuer };
};
