import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { networking } from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { allowDns, allowPublicHttps, denyAll, type PodLabels } from "./network-rules.ts";

export interface NetworkPoliciesArgs {
  readonly namespace: pulumi.Input<string>;
  /**
   * What is allowed on top of names (DNS), by a name that says it; built with the functions of network-rules.ts.
   * @example { "allow-entra": allowPublicHttps({ app: "superset" }) }
   */
  readonly allow: Readonly<Record<string, networking.v1.NetworkPolicySpec>>;
  /**
   * Hosts outside that pods reach over HTTPS, by a name that says it.
   * @example { "allow-entra": { pods: { app: "superset" }, hosts: ENTRA_HOSTS } }
   */
  readonly reach: Readonly<Record<string, Reach>>;
}

/** Pods and the hosts that they need. */
export interface Reach {
  readonly pods: PodLabels;
  readonly hosts: readonly string[];
}

/** A namespace's traffic: nothing but DNS and what is named. */
export class NetworkPolicies extends pulumi.ComponentResource {
  readonly policies: readonly NetworkPolicy[];

  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:kubernetes:NetworkPolicies", name, {}, opts);
    const open = Object.entries(args.reach).map(([policy, { pods }]) => [policy, allowPublicHttps(pods)] as const);
    const specs = { "default-deny": denyAll(), "allow-dns": allowDns(), ...args.allow, ...Object.fromEntries(open) };
    this.policies = Object.entries(specs).map(
      ([policy, spec]) =>
        new NetworkPolicy(
          `${name}-${policy}`,
          { metadata: { name: policy, namespace: args.namespace }, spec },
          { parent: this },
        ),
    );
    this.registerOutputs({});
  }
}
