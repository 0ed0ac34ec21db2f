import * as pulumi from "@pulumi/pulumi";
import type { ToolPartner } from "../../model/partners.ts";
import { Route } from "../kubernetes/route.ts";
import type { ToolEnvironment } from "../tools/environment.ts";
import { proxyAccount } from "./callback.ts";
import { DEFAULT_API_ROUTES, entraConfig, type ProxyConfigArgs } from "./config.ts";
import { Gate, PROXY_SERVICE_PORT } from "./gate.ts";
import { partnerConfig } from "./partner-config.ts";
import { ENTRA_GATE, type PartnerGate, partnerGates } from "./partners.ts";
import { proxySettings } from "./settings.ts";
import { sessionTimes } from "./times.ts";

export { proxyTraffic } from "./network.ts";

export interface IdentityProxyArgs {
  /** The tool's id. @example "reports" */
  readonly tool: string;
  readonly namespace: pulumi.Input<string>;
  /** Namespace as the settings name it, known before it exists. */
  readonly namespaceName: string;
  /** Host that the company's people open. @example "reports.data.contoso.com" */
  readonly host: string;
  readonly environment: ToolEnvironment;
  /** Client id of the tool's registration, which has `PROXY_CALLBACK` among its callbacks. */
  readonly clientId: pulumi.Input<string>;
  /** Values of the `roles` claim that let a person in. */
  readonly allowedRoles: readonly string[];
  /** Service and port of the tool, in the same namespace. */
  readonly upstream: { readonly service: pulumi.Input<string>; readonly port: number };
  /** Partners whose people come in at a host of their own. @default none */
  readonly partners?: readonly ToolPartner[];
  /** Paths, as regular expressions, that are answered with 401 instead of a redirect to sign in. @default ["^/api/"] */
  readonly apiRoutes?: readonly string[];
}

/**
 * The identity-aware proxy (oauth2-proxy) in front of a tool: nobody reaches the tool who has not signed in with Entra and
 * holds one of the roles. It proves itself with its service account's token, so there is no client secret. Route the host
 * to its `service` and `port`, and spread `proxyTraffic` into the namespace's policies. Partners' hosts have their routes.
 *
 * @example new IdentityProxy("reports-proxy", { tool: "reports", namespace, namespaceName: "reports", host, environment,
 *   clientId: client.clientId, allowedRoles: ["reader"], upstream: { service: "reports", port: 80 } })
 */
export class IdentityProxy extends pulumi.ComponentResource {
  /** Service that the tool's route points to. */
  readonly service: pulumi.Output<string>;
  readonly port = PROXY_SERVICE_PORT;
  readonly serviceAccount: pulumi.Output<string>;

  constructor(name: string, args: IdentityProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    const { tool, host, environment, allowedRoles } = args;
    if (allowedRoles.length === 0)
      throw new Error(`The proxy of ${tool} needs a role: without one it lets everybody in.`);
    proxySettings(tool, environment);
    super("entrada:proxy:IdentityProxy", name, {}, opts);
    const { tenantId } = environment;
    const account = proxyAccount(tool);
    const content = entraConfig({ ...configArgs(args, account, host), tenantId, allowedRoles });

    const gate = new Gate(
      name,
      {
        ...args,
        provider: ENTRA_GATE,
        account,
        files: { config: { name: "oauth2-proxy.cfg", content } },
        federated: true,
      },
      { parent: this },
    );
    for (const partnerGate of partnerGates(tool, environment.domain, args.partners ?? [])) {
      createPartnerGate(name, args, partnerGate, this);
    }
    this.service = gate.service;
    this.serviceAccount = gate.serviceAccount;
    this.registerOutputs({ service: this.service, port: this.port, serviceAccount: this.serviceAccount });
  }
}

function createPartnerGate(name: string, args: IdentityProxyArgs, gate: PartnerGate, parent: pulumi.Resource): void {
  const { key, host, partner } = gate;
  const { namespace, environment } = args;
  const account = `${proxyAccount(args.tool)}-${key}`;
  const secret = `partner-${partner.key}-client-secret`;
  const { core, provider } = partnerConfig({ ...configArgs(args, account, host), gate, clientSecretFile: secret });
  const { service } = new Gate(
    `${name}-${key}`,
    {
      ...args,
      provider: key,
      account,
      clientId: partner.clientId,
      files: {
        config: { name: "oauth2-proxy.cfg", content: core },
        "alpha-config": { name: "provider.yaml", content: provider },
      },
      federated: false,
      // The partner hands the secret over and replaces it; Entrada never sees it.
      secrets: [{ secretName: partner.clientSecretName, file: secret, version: "external" }],
    },
    { parent },
  );
  new Route(
    `${name}-${key}-route`,
    {
      namespace,
      routeName: account,
      gateway: environment.gateway,
      host,
      service: { name: service, port: PROXY_SERVICE_PORT },
    },
    { parent },
  );
}

function configArgs(
  { tool, environment, apiRoutes }: IdentityProxyArgs,
  account: string,
  host: string,
): ProxyConfigArgs {
  const { redis } = proxySettings(tool, environment);
  return {
    host,
    account,
    redis,
    times: sessionTimes(environment.sessions),
    apiRoutes: apiRoutes ?? DEFAULT_API_ROUTES,
  };
}
