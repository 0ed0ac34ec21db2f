import type { networking } from "@pulumi/kubernetes/types/input.js";
import { ENTRA_HOSTS, GRAPH_HOSTS } from "../../kubernetes/hosts.ts";
import type { NetworkPoliciesArgs } from "../../kubernetes/network-policies.ts";
import { allowFromGateway, type PodLabels } from "../../kubernetes/network-rules.ts";
import { proxyTraffic } from "../../proxy/identity-proxy.ts";
import type { ToolEnvironment } from "../environment.ts";
import type { MetabaseSettings } from "./contract.ts";
import { labelsOf, WEB_PORT } from "./pods.ts";

type Traffic = Pick<NetworkPoliciesArgs, "allow" | "reach" | "clusterApi">;

/** Where the pro edition checks its licence; without the answer it becomes the open-source edition. */
const LICENCE_HOSTS = ["token-check.metabase.com"];

/**
 * The traffic that Metabase needs: people through the gateway (oss: through the proxy), its database, warehouses that speak
 * HTTPS, and the reconciler, which reaches Entra, Graph and the web pods. Warehouses on other ports need a policy of their own.
 *
 * @param tool the tool's id
 */
export function metabaseTraffic(tool: string, settings: MetabaseSettings, environment: ToolEnvironment): Traffic {
  const { database, egress } = settings;
  const web = labelsOf("web");
  const reconciler = labelsOf("reconcile");
  const way = settings.edition === "pro" ? proTraffic(egress, environment) : ossTraffic(tool, settings, environment);
  const server = { hosts: [database.host], port: database.port };
  return {
    allow: {
      "allow-reconciler-to-web": between("Egress", reconciler, web),
      "allow-web-from-reconciler": between("Ingress", web, reconciler),
      ...way.allow,
    },
    reach: {
      "allow-database": { pods: web, ...server },
      "allow-bootstrap-database": { pods: labelsOf("bootstrap"), ...server },
      "allow-directory": { pods: reconciler, hosts: [...ENTRA_HOSTS, ...GRAPH_HOSTS] },
      ...way.reach,
    },
    clusterApi: way.clusterApi,
  };
}

function proTraffic(egress: readonly string[], environment: ToolEnvironment): Traffic {
  const bootstrap = labelsOf("bootstrap");
  return {
    allow: {
      "allow-gateway": allowFromGateway(labelsOf("web"), environment.gateway.namespace, WEB_PORT),
    },
    clusterApi: { "allow-bootstrap-cluster": bootstrap },
    reach: {
      "allow-entra": { pods: labelsOf("web"), hosts: [...ENTRA_HOSTS, ...LICENCE_HOSTS, ...egress] },
      "allow-bootstrap-licence": { pods: bootstrap, hosts: LICENCE_HOSTS },
    },
  };
}

function ossTraffic(
  tool: string,
  { mail, egress }: Extract<MetabaseSettings, { edition: "oss" }>,
  environment: ToolEnvironment,
): Traffic {
  const web = labelsOf("web");
  const proxy = proxyTraffic(tool, environment, { pods: web, port: WEB_PORT });
  return {
    allow: proxy.allow,
    reach: {
      ...proxy.reach,
      "allow-mail": { pods: web, hosts: [mail.host], port: mail.port },
      ...(egress.length === 0 ? {} : { "allow-warehouses": { pods: web, hosts: egress } }),
    },
  };
}

function between(direction: "Ingress" | "Egress", pods: PodLabels, others: PodLabels): networking.v1.NetworkPolicySpec {
  const peers = [{ podSelector: { matchLabels: { ...others } } }];
  const ports = [{ protocol: "TCP", port: WEB_PORT }];
  const rule = direction === "Ingress" ? { ingress: [{ from: peers, ports }] } : { egress: [{ to: peers, ports }] };
  return { podSelector: { matchLabels: { ...pods } }, policyTypes: [direction], ...rule };
}
