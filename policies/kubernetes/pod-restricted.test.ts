import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { podRestricted } from "./pod-restricted.ts";

const podContext = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
const context = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

interface Change {
  readonly pod?: object;
  readonly podContext?: object;
  readonly container?: object;
  readonly context?: object;
}

function pod(change: Change = {}, list = "containers"): object {
  const container = { name: "web", ...change.container, securityContext: { ...context, ...change.context } };
  return { securityContext: { ...podContext, ...change.podContext }, [list]: [container], ...change.pod };
}

const run = (spec: unknown) =>
  messages(podRestricted, { type: "kubernetes:core/v1:Pod", name: "web", props: { spec } });

describe("accepts", () => {
  it.each<[string, Change]>([
    ["a restricted pod", {}],
    [
      "settings on the container instead of the pod",
      { podContext: { runAsNonRoot: undefined, seccompProfile: undefined }, context: podContext },
    ],
    ["binding low ports", { context: { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } } }],
    [
      "ordinary volumes",
      {
        pod: {
          volumes: [
            { name: "a", emptyDir: {} },
            { name: "b", csi: {} },
            { name: "c", projected: {} },
          ],
        },
      },
    ],
    ["a safe sysctl", { podContext: { sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] } }],
    [
      "host settings that say no",
      {
        pod: { hostNetwork: false },
        context: { privileged: false },
        container: { ports: [{ containerPort: 8088, hostPort: 0 }] },
      },
    ],
    ["a probe of the pod itself", { container: { livenessProbe: { httpGet: { path: "/health", port: 8088 } } } }],
    [
      "what is not known yet",
      {
        podContext: { runAsNonRoot: unknownText, seccompProfile: unknownText },
        context: { capabilities: unknownText, allowPrivilegeEscalation: unknownText },
      },
    ],
  ])("%s", (_, change) => {
    expect(run(pod(change))).toEqual([]);
  });

  it("a pod spec that is not known yet", () => {
    expect(run(unknownText)).toEqual([]);
  });
});

describe("refuses", () => {
  it.each<[string, Change, string]>([
    ["the host's network", { pod: { hostNetwork: true } }, "spec.hostNetwork is true"],
    ["the host's processes", { pod: { hostPID: true } }, "spec.hostPID is true"],
    ["the host's memory", { pod: { hostIPC: true } }, "spec.hostIPC is true"],
    ["a Windows host process", { podContext: { windowsOptions: { hostProcess: true } } }, "hostProcess is true"],
    ["root by number on the pod", { podContext: { runAsUser: 0 } }, "spec.securityContext.runAsUser is 0"],
    ["root by number on the container", { context: { runAsUser: 0 } }, "containers[0].securityContext.runAsUser is 0"],
    ["root allowed", { podContext: { runAsNonRoot: undefined } }, "runAsNonRoot is not set here nor on the pod"],
    ["a container that takes it back", { context: { runAsNonRoot: false } }, "runAsNonRoot is false"],
    ["no seccomp profile", { podContext: { seccompProfile: undefined } }, "seccompProfile.type is not set"],
    [
      "an unconfined container",
      { context: { seccompProfile: { type: "Unconfined" } } },
      'seccompProfile.type is "Unconfined"',
    ],
    ["privileged", { context: { privileged: true } }, "privileged is true"],
    [
      "escalation by default",
      { context: { allowPrivilegeEscalation: undefined } },
      "allowPrivilegeEscalation is not set",
    ],
    ["escalation", { context: { allowPrivilegeEscalation: true } }, "allowPrivilegeEscalation is true"],
    ["kept capabilities", { context: { capabilities: { drop: ["NET_RAW"] } } }, "capabilities.drop is without ALL"],
    [
      "an added capability",
      { context: { capabilities: { drop: ["ALL"], add: [unknownText, "SYS_ADMIN"] } } },
      'capabilities.add[1] is "SYS_ADMIN"',
    ],
    ["an unmasked proc", { context: { procMount: "Unmasked" } }, "procMount"],
    ["no AppArmor", { podContext: { appArmorProfile: { type: "Unconfined" } } }, "appArmorProfile.type"],
    ["another SELinux type", { context: { seLinuxOptions: { type: "spc_t" } } }, 'seLinuxOptions.type is "spc_t"'],
    ["an SELinux role", { podContext: { seLinuxOptions: { role: "sysadm_r" } } }, "seLinuxOptions.role"],
    ["an unsafe sysctl", { podContext: { sysctls: [{ name: "kernel.msgmax" }] } }, 'sysctls[0] is "kernel.msgmax"'],
    [
      "a host path, beside an unknown volume",
      { pod: { volumes: [unknownText, { name: "x", hostPath: { path: "/" } }] } },
      "volumes[1] is hostPath",
    ],
    ["a host port", { container: { ports: [{ hostPort: 80 }] } }, "ports[0].hostPort is 80"],
    [
      "a probe of another host",
      { container: { readinessProbe: { httpGet: { host: "169.254.169.254" } } } },
      "readinessProbe.httpGet.host",
    ],
    [
      "a hook that calls another host",
      { container: { lifecycle: { preStop: { tcpSocket: { host: "db" } } } } },
      "lifecycle.preStop.tcpSocket.host",
    ],
  ])("%s", (_, change, wanted) => {
    expect(run(pod(change))).toEqual([expect.stringContaining(wanted)]);
  });

  it.each(["initContainers", "ephemeralContainers"])("the same in %s", (list) => {
    const [message] = run(pod({ context: { privileged: true } }, list));
    expect(message).toContain(`spec.${list}[0].securityContext.privileged`);
  });

  it("AppArmor switched off by annotation, in a CronJob's pods", () => {
    const annotations = {
      "container.apparmor.security.beta.kubernetes.io/web": "unconfined",
      "container.apparmor.security.beta.kubernetes.io/side": "runtime/default",
    };
    const template = { metadata: { annotations }, spec: pod() };
    const props = { spec: { jobTemplate: { spec: { template } } } };
    expect(messages(podRestricted, { type: "kubernetes:batch/v1:CronJob", props })).toEqual([
      expect.stringContaining("wanted: runtime/default"),
    ]);
  });

  it("a bare pod, with everything that is missing", () => {
    expect(run({ containers: [{ name: "web" }] })).toHaveLength(4);
  });
});
