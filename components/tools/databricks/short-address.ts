import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "../../kubernetes/namespace.ts";
import type { GatewayName } from "../../kubernetes/route.ts";

export interface ShortAddressArgs {
  readonly namespace: string;
  readonly gateway: GatewayName;
  /** @example "databricks.data.contoso.com" */
  readonly host: string;
  /** Host to which people are sent on. */
  readonly target: pulumi.Input<string>;
}

/**
 * An address in the company's own domain that sends people on to a host that Azure named. Azure Databricks serves no
 * workspace under a host of ours, and the workspace's own host changes when it is made anew: this one stays.
 */
export class ShortAddress extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: ShortAddressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:databricks:ShortAddress", name, {}, opts);
    const child = { parent: this };
    const { namespace } = new Namespace(`${name}-namespace`, { namespace: args.namespace }, child);
    const { gateway } = args;
    const section = gateway.sectionName === undefined ? {} : { sectionName: gateway.sectionName };
    new CustomResource(
      name,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: "databricks", namespace },
        spec: {
          parentRefs: [{ name: gateway.name, namespace: gateway.namespace, ...section }],
          hostnames: [args.host],
          rules: [
            {
              matches: [{ path: { type: "PathPrefix", value: "/" } }],
              filters: [
                {
                  type: "RequestRedirect",
                  // Not for ever: a browser that remembered would go on to a workspace that is gone.
                  requestRedirect: { scheme: "https", hostname: args.target, statusCode: 302 },
                },
              ],
            },
          ],
        },
      },
      child,
    );
    this.namespace = namespace;
    this.registerOutputs({ namespace });
  }
}
