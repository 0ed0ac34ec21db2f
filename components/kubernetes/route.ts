import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";

/** A Gateway (Gateway API) that ends TLS. */
export interface GatewayName {
  readonly name: string;
  readonly namespace: string;
  /** Listener. @default whichever accepts the host */
  readonly sectionName?: string;
}

export interface RouteArgs {
  readonly namespace: pulumi.Input<string>;
  /** Name of the HTTPRoute. @example "superset" */
  readonly routeName: string;
  readonly gateway: GatewayName;
  /** @example "superset.data.contoso.com" */
  readonly host: string;
  /** Service that answers, and its port. */
  readonly service: { readonly name: pulumi.Input<string>; readonly port: number };
  /** How long a request may take. @default "120s" */
  readonly timeout?: string;
}

/** What a proxy in front of a tool sets and a tool may believe; nobody outside may send it. */
const SPOOFABLE = [
  "X-Forwarded-Prefix",
  "X-Forwarded-User",
  "X-Forwarded-Email",
  "X-Forwarded-Groups",
  "X-Forwarded-Preferred-Username",
  "X-Forwarded-Access-Token",
  "X-Auth-Request-User",
  "X-Auth-Request-Email",
  "X-Auth-Request-Groups",
  "X-Auth-Request-Preferred-Username",
  "X-Auth-Request-Access-Token",
  "Remote-User",
  "X-Remote-User",
  "X-Original-URL",
  // oauth2-proxy before 7.15.2 let requests past the sign-in for it (GHSA-7x63-xv5r-3p2x).
  "X-Forwarded-Uri",
  "X-Real-IP",
];

/** Two years, as browsers' preload lists ask for at least one. */
const STRICT_TRANSPORT_SECURITY = "max-age=63072000; includeSubDomains";

/** Sends a host's requests from an existing Gateway to a Service. */
export class Route extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: RouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:kubernetes:Route", name, {}, opts);
    new CustomResource(
      name,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: args.routeName, namespace: args.namespace },
        spec: routeSpec(args),
      },
      { parent: this },
    );
    this.url = pulumi.output(`https://${args.host}`);
    this.registerOutputs({ url: this.url });
  }
}

/**
 * The route's spec. Scheme and host are set and not passed on: the tool builds its redirect URI from them, and a wrong
 * one ends in AADSTS50011.
 */
export function routeSpec(args: RouteArgs) {
  const { name, namespace, sectionName } = args.gateway;
  return {
    parentRefs: [{ name, namespace, ...(sectionName === undefined ? {} : { sectionName }) }],
    hostnames: [args.host],
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        filters: [
          {
            type: "RequestHeaderModifier",
            requestHeaderModifier: {
              set: [
                { name: "X-Forwarded-Proto", value: "https" },
                { name: "X-Forwarded-Host", value: args.host },
              ],
              remove: SPOOFABLE,
            },
          },
          {
            type: "ResponseHeaderModifier",
            responseHeaderModifier: {
              set: [{ name: "Strict-Transport-Security", value: STRICT_TRANSPORT_SECURITY }],
            },
          },
        ],
        timeouts: { request: args.timeout ?? "120s" },
        backendRefs: [{ name: args.service.name, port: args.service.port }],
      },
    ],
  };
}
