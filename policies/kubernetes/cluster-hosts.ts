import { isIPv4 } from "node:net";

/** Ends of names that only the cluster or this machine resolves. */
const innerEnds = [".svc", ".svc.cluster.local", ".cluster.local", ".internal", ".localhost"];
/** Names that stand for a document's kind and are never called. */
const namesOnly = new Set(["www.w3.org", "schemas.openxmlformats.org", "json-schema.org"]);

/** Whether a host is inside the cluster or the pod: a bare Service name, `*.svc`, loopback. */
export function isInsideCluster(host: string): boolean {
  const name = host.toLowerCase();
  if (isIPv4(name)) return name === "0.0.0.0" || name.startsWith("127.");
  if (name.startsWith("[")) return name === "[::1]" || name === "[::]";
  return !name.includes(".") || innerEnds.some((end) => name.endsWith(end));
}

/** Hosts that a text addresses over http, those inside the cluster and names of document kinds left out. */
export function clearHosts(text: string): readonly string[] {
  const found = [
    ...text.matchAll(/\bhttp:\/\/(?:[^\s/@"']*@)?(\[[0-9a-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9])/gi),
  ];
  const hosts = found.flatMap(([, host]) => (host === undefined ? [] : [host.toLowerCase()]));
  return [...new Set(hosts)].filter((host) => !isInsideCluster(host) && !namesOnly.has(host));
}
