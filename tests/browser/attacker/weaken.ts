import type { KubernetesClient, KubernetesObject } from "../../../sandbox/cluster/client.ts";
import type { GraphClient } from "../../sandbox/live.ts";
import { addedFiles, type Known, PROTECTIONS, type Protection } from "./protections/index.ts";
import type { Target } from "./targets.ts";

type Undo = () => Promise<void>;

/** As the program itself applies, so that no other owner of the fields is left when they are put back. */
const AS_THE_PROGRAM = { fieldManager: "pulumi-kubernetes", force: "true" };

/** What the hand works with. */
export interface Hand {
  readonly kubernetes: KubernetesClient;
  readonly graph: GraphClient;
  readonly known: Known;
  /** Client id of a tool's registration. */
  readonly clientId: (target: Target) => string;
  /** Subject of the other pod whose token shall be taken. */
  readonly otherSubject: (target: Target) => string;
}

/**
 * A hand removes protections of a tool at once, in the API server and in Entra. The pods have to be started anew.
 *
 * @returns puts everything back
 */
export async function removeProtections(
  hand: Hand,
  target: Target,
  which: (one: Protection) => boolean,
): Promise<Undo> {
  const undo: Undo[] = [];
  const putBack = async () => {
    for (const one of undo.splice(0).reverse()) await one();
  };
  try {
    const lines = PROTECTIONS.filter((one) => one.target === target.id && which(one));
    const files = lines.filter(({ place }) => place.startsWith("ConfigMap "));
    for (const name of new Set(files.map(mapOf))) {
      const own = files.filter((one) => mapOf(one) === name);
      undo.push(await changeMap(hand, target.namespace, name, own));
    }
    if (lines.some(({ place }) => place.startsWith("HTTPRoute "))) undo.push(await openRoute(hand, target));
    if (lines.some(({ place }) => place === "registration")) undo.push(await loosenRegistration(hand, target));
    return putBack;
  } catch (error) {
    await putBack();
    throw error;
  }
}

const mapOf = ({ place }: Protection): string => /^ConfigMap ([^,]+),/.exec(place)?.[1] ?? "";
const fileOf = ({ place }: Protection): string => place.split(", ")[1] ?? "";

async function changeMap(hand: Hand, namespace: string, name: string, lines: readonly Protection[]): Promise<Undo> {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  const before = await hand.kubernetes.request<KubernetesObject & { data: Record<string, string> }>("GET", path);
  const data = removeLines(before.data, lines, hand.known);
  if (name === "reports-proxy") Object.assign(data, addedFiles(hand.known));
  return apply(hand.kubernetes, path, before, { data }, { data: before.data });
}

/** The files without the lines. @throws Error for a line that does not stand there: its removal would show nothing. */
export function removeLines(
  files: Readonly<Record<string, string>>,
  lines: readonly Protection[],
  known: Known,
): Record<string, string> {
  const data = { ...files };
  for (const protection of lines) {
    const { line, instead = "" } = protection;
    const file = fileOf(protection);
    const text = data[file] ?? "";
    if (!text.includes(line)) throw new Error(`${protection.place} has no line "${line}".`);
    data[file] = text.replace(line, () => (typeof instead === "string" ? instead : instead(known)));
  }
  return data;
}

interface RouteSpec {
  readonly rules: readonly { readonly filters?: unknown; readonly [field: string]: unknown }[];
}

/** The route without its filters: what a client sends goes through, and the answer is as the tool made it. */
async function openRoute({ kubernetes }: Hand, { namespace, id }: Target): Promise<Undo> {
  const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes/${id}`;
  const before = await kubernetes.request<KubernetesObject & { spec: RouteSpec }>("GET", path);
  const rules = before.spec.rules.map(({ filters: _, ...rule }) => rule);
  return apply(kubernetes, path, before, { spec: { ...before.spec, rules } }, { spec: before.spec });
}

async function apply(
  kubernetes: KubernetesClient,
  path: string,
  { apiVersion, kind, metadata }: KubernetesObject,
  now: object,
  before: object,
): Promise<Undo> {
  const { name, namespace, labels, annotations } = metadata ?? {};
  const put = async (content: object) => {
    const body = { apiVersion, kind, metadata: { name, namespace, labels, annotations }, ...content };
    await kubernetes.request("PATCH", path, {
      query: AS_THE_PROGRAM,
      contentType: "application/apply-patch+yaml",
      body,
    });
  };
  await put(now);
  return () => put(before);
}

interface Registration {
  readonly id: string;
  readonly web: { readonly redirectUris: readonly string[] };
}

/** The registration takes codes to the attacker's host, and proofs of another pod. */
async function loosenRegistration({ graph, clientId, otherSubject }: Hand, target: Target): Promise<Undo> {
  const { id, web } = (await graph("GET", `/v1.0/applications(appId='${clientId(target)}')`)) as Registration;
  const application = `/v1.0/applications/${id}`;
  const { value: credentials } = (await graph("GET", `${application}/federatedIdentityCredentials`)) as {
    value: { issuer: string; audiences: string[] }[];
  };
  const [own] = credentials;
  if (own === undefined) throw new Error(`${target.id} has no federated credential.`);
  const redirectUris = [...web.redirectUris, `https://evil.example${target.callback}`];
  await graph("PATCH", application, { web: { redirectUris } });
  const added = (await graph("POST", `${application}/federatedIdentityCredentials`, {
    name: "another-pod",
    issuer: own.issuer,
    subject: otherSubject(target),
    audiences: own.audiences,
  })) as { id: string };
  return async () => {
    await graph("DELETE", `${application}/federatedIdentityCredentials/${added.id}`);
    await graph("PATCH", application, { web: { redirectUris: web.redirectUris } });
  };
}
