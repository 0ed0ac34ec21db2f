import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { V1Container } from "@kubernetes/client-node";
import type { Program } from "../images.ts";
import { type Container, startContainer } from "./container.ts";
import { containerVariables, expand } from "./environment.ts";
import { CA_FILE, fileSystem, writeEtc } from "./file-system.ts";
import type { PodNetwork } from "./network.ts";
import type { NodeServices } from "./node-services.ts";
import type { Pod } from "./types.ts";
import type { Volumes } from "./volumes.ts";

/** User of a container for which nobody names one. */
const NOBODY = 65_532;

export interface PodContainerOptions {
  readonly node: NodeServices;
  readonly pod: Pod;
  readonly container: V1Container;
  readonly program: Program;
  readonly network: PodNetwork;
  readonly volumes: Volumes;
  readonly logFile: string;
}

/** Where a pod's containers have their /etc. */
export function etcFolder({ runtime }: Pick<NodeServices, "runtime">, { metadata }: Pod): string {
  return join(runtime, "e", metadata.uid);
}

/** Starts a container of a pod as the pod says: its user, command, variables and mounts. */
export async function startPodContainer(options: PodContainerOptions): Promise<Container> {
  const { node, pod, container, program, network, volumes, logFile } = options;
  const security = { ...pod.spec.securityContext, ...container.securityContext };
  const user = security.runAsUser ?? NOBODY;
  const group = security.runAsGroup ?? user;
  const etc = join(etcFolder(node, pod), container.name);
  writeEtc(etc, { user, group, hosts: network.hosts, hostname: pod.metadata.name, caPem: node.caPem });
  const variables = await containerVariables(node.client, pod, container, {
    node: { proxy: node.proxy, caFile: CA_FILE, apiHost: node.apiHost },
    image: program.env,
    ip: network.ip,
  });
  // As in Kubernetes: `command` takes the place of the image's entry point, `args` that of its arguments.
  const command = [...(container.command ?? program.command), ...(container.args ?? [])];
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  // A StatefulSet's pod has the name of the one before it, and shall not show its log.
  rmSync(logFile, { force: true });
  return startContainer({
    bwrap: node.bwrap,
    nsenter: node.nsenter,
    holder: network.holder,
    fileSystem: fileSystem({
      program: { ...program, workingDirectory: container.workingDir ?? program.workingDirectory },
      etc,
      readOnlyRoot: security.readOnlyRootFilesystem === true,
      mounts: mountsOf(container, volumes),
    }),
    user,
    group,
    command: command.map((word) => expand(word, variables)),
    variables,
    logFile,
  });
}

function mountsOf({ name: container, volumeMounts = [] }: V1Container, volumes: Volumes) {
  return volumeMounts.map(({ name, mountPath, readOnly = false, subPath, subPathExpr }) => {
    if (subPath || subPathExpr) {
      throw new Error(
        `The container ${container} mounts a part of the volume ${name} (subPath), which this machine does not: mount all of it.`,
      );
    }
    return { from: volumes.folder(name), to: mountPath, readOnly };
  });
}
