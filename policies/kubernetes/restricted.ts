import type { Finding } from "../core/rule.ts";
import { elements, known, text, value } from "../core/values.ts";
import type { Part } from "./pods.ts";

/** Reports one finding, with a path below the part at hand. */
type Report = (finding: Finding) => void;

const seccompTypes = ["RuntimeDefault", "Localhost"];
const seLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
const safeSysctls = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
]);
const volumeKinds = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);
const hostHandlers = [
  "livenessProbe.httpGet.host",
  "readinessProbe.httpGet.host",
  "startupProbe.httpGet.host",
  "livenessProbe.tcpSocket.host",
  "readinessProbe.tcpSocket.host",
  "startupProbe.tcpSocket.host",
  "lifecycle.postStart.httpGet.host",
  "lifecycle.preStop.httpGet.host",
  "lifecycle.postStart.tcpSocket.host",
  "lifecycle.preStop.tcpSocket.host",
];

/** Reports a property that is set to anything but the allowed values; absent and unknown pass. */
function only(part: Part, path: string, allowed: readonly unknown[], wanted: string, report: Report): void {
  const found = known(part.value, path);
  if (found.kind !== "value" || allowed.includes(found.value)) return;
  report({ at: `${part.path}.${path}`, found: JSON.stringify(found.value), wanted });
}

/** What the standard asks of a pod's and a container's security context alike. */
function checkContext(part: Part, report: Report): void {
  only(part, "securityContext.seccompProfile.type", seccompTypes, seccompTypes.join(" or "), report);
  only(part, "securityContext.appArmorProfile.type", seccompTypes, seccompTypes.join(" or "), report);
  only(part, "securityContext.runAsNonRoot", [true], "true", report);
  only(part, "securityContext.windowsOptions.hostProcess", [false], "false", report);
  only(part, "securityContext.seLinuxOptions.type", seLinuxTypes, "a container type such as container_t", report);
  only(part, "securityContext.seLinuxOptions.user", [""], "none", report);
  only(part, "securityContext.seLinuxOptions.role", [""], "none", report);
  if (value(part.value, "securityContext.runAsUser") === 0) {
    report({ at: `${part.path}.securityContext.runAsUser`, found: "0 (root)", wanted: "another user id" });
  }
}

/** The pod's own part of the restricted standard. */
export function checkPod(pod: Part, report: Report): void {
  for (const path of ["hostNetwork", "hostPID", "hostIPC"]) only(pod, path, [false], "false", report);
  checkContext(pod, report);
  for (const { path, item } of elements(pod.value, "securityContext.sysctls")) {
    const name = item.kind === "value" ? text(item.value, "name") : undefined;
    if (name === undefined || safeSysctls.has(name)) continue;
    report({ at: `${pod.path}.${path}`, found: JSON.stringify(name), wanted: "one of the safe sysctls" });
  }
  for (const { path, item } of elements(pod.value, "volumes")) {
    for (const { key, item: source } of item.kind === "value" ? elements(item.value, []) : []) {
      if (key === "name" || source.kind === "absent" || volumeKinds.has(key)) continue;
      report({ at: `${pod.path}.${path}`, found: key, wanted: `a volume of kind ${[...volumeKinds].join(", ")}` });
    }
  }
}

/** Whether a setting that container or pod may carry is missing from both. An unknown is not missing. */
function missing(pod: Part, container: Part, path: string): boolean {
  return known(container.value, path).kind === "absent" && known(pod.value, path).kind === "absent";
}

function checkCapabilities(container: Part, report: Report): void {
  const { path, value: spec } = container;
  const dropped = elements(spec, "securityContext.capabilities.drop");
  if (!dropped.some(({ item }) => item.kind === "unknown" || (item.kind === "value" && item.value === "ALL"))) {
    report({ at: `${path}.securityContext.capabilities.drop`, found: "without ALL", wanted: '["ALL"]' });
  }
  for (const { path: at, item } of elements(spec, "securityContext.capabilities.add")) {
    if (item.kind !== "value" || item.value === "NET_BIND_SERVICE") continue;
    report({ at: `${path}.${at}`, found: JSON.stringify(item.value), wanted: "none, or NET_BIND_SERVICE" });
  }
}

/** What the restricted standard asks of each container. */
export function checkContainer(pod: Part, container: Part, report: Report): void {
  const { path, value: spec } = container;
  only(container, "securityContext.privileged", [false], "false", report);
  only(container, "securityContext.procMount", ["Default"], "Default", report);
  checkContext(container, report);
  if (missing(pod, container, "securityContext.runAsNonRoot")) {
    report({ at: `${path}.securityContext.runAsNonRoot`, found: "not set here nor on the pod", wanted: "true" });
  }
  if (missing(pod, container, "securityContext.seccompProfile.type")) {
    const at = `${path}.securityContext.seccompProfile.type`;
    report({ at, found: "not set here nor on the pod", wanted: seccompTypes.join(" or ") });
  }
  const escalation = known(spec, "securityContext.allowPrivilegeEscalation");
  if (escalation.kind === "absent" || (escalation.kind === "value" && escalation.value !== false)) {
    const found = escalation.kind === "absent" ? "not set" : JSON.stringify(escalation.value);
    report({ at: `${path}.securityContext.allowPrivilegeEscalation`, found, wanted: "false" });
  }
  checkCapabilities(container, report);
  for (const { path: at, item } of elements(spec, "ports")) {
    if (item.kind === "value") only({ path: `${path}.${at}`, value: item.value }, "hostPort", [0], "none", report);
  }
  for (const handler of hostHandlers)
    only(container, handler, [""], "none: probes and hooks reach the pod itself", report);
}

/** The older way to choose an AppArmor profile, per container in the pod's annotations. */
export function checkAnnotations(metadata: Part, report: Report): void {
  for (const { path, key, item } of elements(metadata.value, "annotations")) {
    if (!key.startsWith("container.apparmor.security.beta.kubernetes.io/") || item.kind !== "value") continue;
    const profile = String(item.value);
    if (profile === "runtime/default" || profile.startsWith("localhost/")) continue;
    report({
      at: `${metadata.path}.${path}`,
      found: JSON.stringify(profile),
      wanted: "runtime/default or localhost/…",
    });
  }
}
