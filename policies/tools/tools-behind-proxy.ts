import { type Finding, type StackSubject, stackRule } from "../core/rule.ts";
import { elements, known, text, value } from "../core/values.ts";
import { namespaceOf, namespaceType } from "../kubernetes/namespaces.ts";
import { containers, podMetadata, podSpec, workloadTypes } from "../kubernetes/pods.ts";
import { chooses, type Labels, labelsAt, policyChooses } from "../kubernetes/selection.ts";
import { hasSingleSignOn, isMetabase, isOnLoopback } from "./metabase.ts";
import { OPENMETADATA_PORT } from "./openmetadata.ts";
import { processes } from "./settings.ts";

const service = "kubernetes:core:Service";
const route = "kubernetes:gateway.networking.k8s.io:HTTPRoute";
const networkPolicy = "kubernetes:networking.k8s.io:NetworkPolicy";

/** Pods of a tool that lets in more people than it should. */
interface OpenPods {
  readonly what: string;
  readonly namespace: string | undefined;
  readonly labels: Labels;
}

/** OpenMetadata's server, and Metabase where it knows nothing but passwords. Their Jobs serve nobody. */
function openPods(workload: StackSubject, namespaces: readonly StackSubject[], reason: string): OpenPods | undefined {
  if (workload.type === "kubernetes:batch:Job" || workload.type === "kubernetes:batch:CronJob") return undefined;
  const metadata = podMetadata(workload);
  const labels = metadata === undefined ? new Map() : labelsAt(metadata.value, "labels");
  const namespace = namespaceOf(workload, namespaces);
  if (reason === "" && servesOpenMetadata(workload)) {
    return { what: "OpenMetadata, which takes a token of any application", namespace, labels };
  }
  const byPassword = processes(workload).some((one) => isMetabase(one) && !hasSingleSignOn(one) && !isOnLoopback(one));
  return byPassword ? { what: "Metabase with passwords", namespace, labels } : undefined;
}

function servesOpenMetadata(workload: StackSubject): boolean {
  const pod = podSpec(workload);
  return (pod ? containers(pod) : []).some(({ value: container }) =>
    elements(container, "ports").some(
      ({ item }) => item.kind === "value" && value(item.value, "containerPort") === OPENMETADATA_PORT,
    ),
  );
}

/** The Services that a route leads to. */
function backends(
  from: StackSubject,
  services: readonly StackSubject[],
  namespaces: readonly StackSubject[],
): readonly StackSubject[] {
  const names = elements(from.props, "spec.rules").flatMap(({ item: rule }) =>
    rule.kind !== "value"
      ? []
      : elements(rule.value, "backendRefs").flatMap(({ item }) =>
          item.kind === "value" ? [text(item.value, "name")] : [],
        ),
  );
  const here = namespaceOf(from, namespaces);
  const origins = new Set(from.dependenciesOf("spec"));
  return services.filter((one) => {
    const name = text(one.props, "metadata.name");
    if (name === undefined) return origins.has(one.urn);
    return names.includes(name) && namespaceOf(one, namespaces) === here;
  });
}

/** Namespaces of the Gateways that routes are attached to. */
function gatewayNamespaces(routes: readonly StackSubject[]): ReadonlySet<string> {
  const found = routes.flatMap(({ props }) =>
    elements(props, "spec.parentRefs").flatMap(({ item }) =>
      item.kind === "value" ? (text(item.value, "namespace") ?? []) : [],
    ),
  );
  return new Set(found);
}

/** What a policy lets people through from: a Gateway's namespace, any namespace, or anywhere. */
function opening(policy: unknown, gateways: ReadonlySet<string>): Finding | undefined {
  const wanted = "the proxy's pods";
  for (const { path, item: rule } of elements(policy, "spec.ingress")) {
    if (rule.kind !== "value") continue;
    const from = known(rule.value, "from");
    if (from.kind === "absent") return { at: `${path}.from`, found: "empty (everybody)", wanted };
    for (const { path: at, item: peer } of elements(rule.value, "from")) {
      if (peer.kind !== "value") continue;
      if (known(peer.value, "ipBlock").kind !== "absent") return { at: `${path}.${at}.ipBlock`, found: "set", wanted };
      const selector = known(peer.value, "namespaceSelector");
      if (selector.kind !== "value") continue;
      const name = text(selector.value, ["matchLabels", "kubernetes.io/metadata.name"]);
      const everywhere =
        elements(selector.value, []).length === 0 && known(peer.value, "podSelector").kind === "absent";
      if (!everywhere && (name === undefined || !gateways.has(name))) continue;
      const found = everywhere ? "every namespace" : `the Gateway's namespace ${JSON.stringify(name)}`;
      return { at: `${path}.${at}.namespaceSelector`, found, wanted };
    }
  }
  return undefined;
}

/** Tools that cannot tell who people are let nobody in but the identity-aware proxy. */
export const toolsBehindProxy = stackRule<{ openMetadataReason: string }>(
  {
    name: "tools-behind-proxy",
    title: "Tools that cannot guard themselves stand behind the proxy",
    what: "OpenMetadata, and Metabase with passwords, are reached by people through the identity-aware proxy alone.",
    why: "OpenMetadata checks a token's signature and end, not for whom or by whom it was made: a token of any application, even of another tenant with the right name in it, signs in. Open-source Metabase has only passwords, without a second factor.",
    fix: "Let the route lead to the proxy and the network policy let the proxy in. For OpenMetadata alone, the settings may say why not: `proxy: { off: <reason> }`.",
    severity: "critical",
    url: "https://docs.open-metadata.org/latest/deployment/security",
  },
  {
    types: [namespaceType, service, route, networkPolicy, ...workloadTypes],
    config: {
      openMetadataReason: {
        type: "string",
        default: "",
        description:
          "Why OpenMetadata stands without the proxy in this environment, as its settings say; empty where it does not.",
      },
    },
    check(resources, report, { openMetadataReason }) {
      const of = (type: string) => resources.filter((one) => one.type === type);
      const namespaces = of(namespaceType);
      const open = resources
        .filter(({ type }) => workloadTypes.includes(type))
        .flatMap((workload) => openPods(workload, namespaces, openMetadataReason) ?? []);
      if (open.length === 0) return;
      const served = (pods: OpenPods) =>
        of(service).filter(
          (one) =>
            namespaceOf(one, namespaces) === pods.namespace &&
            chooses(labelsAt(one.props, "spec.selector"), pods.labels),
        );
      for (const from of of(route)) {
        const led = backends(from, of(service), namespaces);
        const pods = open.find((one) => served(one).some((each) => led.includes(each)));
        if (pods) report(from, { at: "spec.rules.backendRefs", found: pods.what, wanted: "the proxy's Service" });
      }
      const gateways = gatewayNamespaces(of(route));
      for (const policy of of(networkPolicy)) {
        const pods = open.find(
          (one) =>
            namespaceOf(policy, namespaces) === one.namespace &&
            policyChooses(policy.props, "spec.podSelector", one.labels),
        );
        const finding = pods && opening(policy.props, gateways);
        if (finding) report(policy, finding);
      }
    },
  },
);
