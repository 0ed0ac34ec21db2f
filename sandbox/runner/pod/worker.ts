import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { V1Container } from "@kubernetes/client-node";
import type { KubernetesClient } from "../../cluster/client.ts";
import { type KnownImage, knownImage, type Program } from "../images.ts";
import type { VaultReader } from "../vault-files.ts";
import { type Container, startContainer } from "./container.ts";
import { containerVariables, expand, type NodeVariables } from "./environment.ts";
import { CA_FILE, fileSystem, writeEtc } from "./file-system.ts";
import { type PodNetwork, type Reachable, startPodNetwork } from "./network.ts";
import { ask } from "./probe.ts";
import { ProbeLoop } from "./probe-loop.ts";
import { type ContainerRecord, podStatus } from "./status.ts";
import { describePod, type Pod } from "./types.ts";
import { mountVolumes, type Volumes } from "./volumes.ts";

/** What all pods of the node share. */
export interface NodeServices {
  readonly client: KubernetesClient;
  readonly vault: VaultReader;
  readonly bwrap: string;
  readonly nsenter: string;
  /** Volatile folder: sockets, tokens, secrets. */
  readonly runtime: string;
  /** Folder of the pods' own files. */
  readonly disk: string;
  readonly logs: string;
  readonly caPem: string;
  readonly proxy: string;
  readonly apiHost: string;
  /** What a pod of a namespace may connect to, beside the proxy. */
  reachable(namespace: string): Promise<readonly Reachable[]>;
  /** An address that no other pod has. */
  nextAddress(): string;
  log(line: string): void;
}

/** First and longest pause before a container that ended is started again, in milliseconds. The kubelet's own. */
const BACKOFF = { first: 10_000, longest: 300_000 };

/** One pod's life on this machine: from its binding to its end. */
export class PodWorker {
  readonly #node: NodeServices;
  #pod: Pod;
  readonly #startedAt = new Date();
  readonly #init: readonly ContainerRecord[];
  readonly #main: readonly ContainerRecord[];
  readonly #running = new Map<ContainerRecord, { container: Container; probes: ProbeLoop }>();
  #network: PodNetwork | undefined;
  #volumes: Volumes | undefined;
  #ending: Promise<void> | undefined;
  #reported = "";
  #reporting: Promise<void> = Promise.resolve();
  readonly #life: Promise<void>;
  readonly #abort = new AbortController();

  constructor(node: NodeServices, pod: Pod) {
    this.#node = node;
    this.#pod = pod;
    const record = (container: V1Container): ContainerRecord => ({
      container,
      state: { kind: "waiting", reason: "ContainerCreating" },
      restarts: 0,
      started: false,
      ready: false,
    });
    this.#init = (pod.spec.initContainers ?? []).map(record);
    this.#main = pod.spec.containers.map(record);
    this.#life = this.#live().catch((error: unknown) => this.#fail(error as Error));
  }

  get pod(): Pod {
    return this.#pod;
  }

  /** The address that was reported, once the pod has one. */
  get ip(): string | undefined {
    return this.#network?.ip;
  }

  /** A connection to one of the pod's ports. */
  dial(port: number) {
    return this.#network?.dial(port);
  }

  /** Takes in what the API server says of the pod now. */
  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) void this.terminate();
  }

  /** Ends the pod's containers, takes away its volumes, and lets the API server forget it. */
  terminate(): Promise<void> {
    this.#ending ??= this.#terminate();
    return this.#ending;
  }

  /** File with the output of a container's present run, or of the one before; undefined when it has had none. */
  logOf(name: string, previous = false): { path: string; open: () => boolean } | undefined {
    const record = [...this.#init, ...this.#main].find(({ container }) => container.name === name);
    const run = record === undefined ? -1 : record.restarts - (previous ? 1 : 0);
    if (record === undefined || run < 0) return undefined;
    return { path: this.#logFile(name, run), open: () => !previous && this.#running.has(record) };
  }

  #logFile(container: string, run: number): string {
    const { namespace, name } = this.#pod.metadata;
    return join(this.#node.logs, `${namespace}_${name}_${container}_${run}.log`);
  }

  async #live(): Promise<void> {
    await this.#report();
    const programs = await this.#programs();
    if (programs === undefined) return;
    const { namespace, name, uid } = this.#pod.metadata;
    const ports = [...this.#init, ...this.#main].flatMap(({ container }) =>
      (container.ports ?? []).map(({ containerPort }) => containerPort),
    );
    this.#network = await startPodNetwork({
      folder: join(this.#node.runtime, "n", uid.slice(0, 8)),
      bwrap: this.#node.bwrap,
      hostname: name,
      ip: this.#node.nextAddress(),
      ports: [...new Set(ports)],
      reachable: await this.#node.reachable(namespace),
      proxy: this.#node.proxy,
    });
    this.#volumes = await mountVolumes({
      client: this.#node.client,
      vault: this.#node.vault,
      pod: this.#pod,
      volatileFolder: join(this.#node.runtime, "v", uid),
      diskFolder: join(this.#node.disk, uid),
      log: this.#node.log,
    });
    for (const record of this.#init) {
      if (!(await this.#initialize(record, programs))) return;
    }
    await Promise.all(this.#main.map((record) => this.#keep(record, programs)));
  }

  /** The programs of all images; undefined when one is unknown, which the status says. */
  async #programs(): Promise<Map<ContainerRecord, Program> | undefined> {
    const programs = new Map<ContainerRecord, Program>();
    const wanted: [ContainerRecord, KnownImage][] = [];
    for (const record of [...this.#init, ...this.#main]) {
      const known = knownImage(record.container.image ?? "");
      if (known) wanted.push([record, known]);
      else {
        const message = `no program on this machine stands for the image ${record.container.image}`;
        record.state = { kind: "waiting", reason: "ErrImageNeverPull", message };
      }
    }
    const complete = wanted.length === this.#init.length + this.#main.length;
    if (!complete) {
      await this.#report();
      return undefined;
    }
    for (const [record, known] of wanted) programs.set(record, await known.prepare({ log: this.#node.log }));
    return programs;
  }

  /** Runs an init container to its end, or a sidecar until it has started. @returns whether the pod may go on */
  async #initialize(record: ContainerRecord, programs: Map<ContainerRecord, Program>): Promise<boolean> {
    if (record.container.restartPolicy === "Always") {
      void this.#keep(record, programs);
      while (!record.started && !this.#abort.signal.aborted) await delay(100);
      return !this.#abort.signal.aborted;
    }
    const ended = await this.#keep(record, programs);
    return ended && record.state.kind === "terminated" && record.state.exitCode === 0;
  }

  /** Keeps a container running as the pod's restart policy says. @returns once it has ended for good */
  async #keep(record: ContainerRecord, programs: Map<ContainerRecord, Program>): Promise<boolean> {
    const isInit = this.#init.includes(record);
    const policy =
      record.container.restartPolicy ??
      (isInit && this.#pod.spec.restartPolicy === "Always" ? "OnFailure" : this.#pod.spec.restartPolicy);
    for (let pause = BACKOFF.first; ; pause = Math.min(pause * 2, BACKOFF.longest)) {
      const exitCode = await this.#runOnce(record, programs.get(record));
      if (this.#abort.signal.aborted) return false;
      const again = policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
      if (!again) {
        await this.#report();
        return true;
      }
      record.last = record.state;
      record.restarts += 1;
      record.state = { kind: "waiting", reason: "CrashLoopBackOff", message: `starting it again in ${pause / 1000} s` };
      await this.#report();
      await delay(pause, undefined, { signal: this.#abort.signal }).catch(() => {});
      if (this.#abort.signal.aborted) return false;
    }
  }

  async #runOnce(record: ContainerRecord, program: Program | undefined): Promise<number> {
    if (!program || this.#abort.signal.aborted) return 0;
    const container = await this.#start(record, program);
    const startedAt = container.startedAt;
    record.state = { kind: "running", startedAt };
    const probes = new ProbeLoop(
      record.container,
      (probe) => ask(probe, { container: record.container, dial: (port) => this.dial(port), exec: container.exec }),
      {
        onStarted: () => this.#change(() => (record.started = true)),
        onReady: (ready) => this.#change(() => (record.ready = ready)),
        onDead: (reason) => {
          this.#node.log(`${describePod(this.#pod)}: ${record.container.name} is ended: ${reason}`);
          void container.stop(this.#graceMs());
        },
      },
    );
    this.#running.set(record, { container, probes });
    const { exitCode } = await container.ended;
    probes.stop();
    this.#running.delete(record);
    record.started = false;
    record.ready = false;
    const reason = exitCode === 0 ? "Completed" : "Error";
    record.state = { kind: "terminated", exitCode, reason, startedAt, finishedAt: new Date() };
    return exitCode;
  }

  async #start({ container, restarts }: ContainerRecord, program: Program): Promise<Container> {
    const network = this.#network;
    const volumes = this.#volumes;
    if (!network || !volumes) throw new Error(`${describePod(this.#pod)} has no network yet.`);
    const security = { ...this.#pod.spec.securityContext, ...container.securityContext };
    const user = security.runAsUser ?? 65_532;
    const group = security.runAsGroup ?? user;
    const etc = join(this.#node.runtime, "e", this.#pod.metadata.uid, container.name);
    writeEtc(etc, { user, group, hosts: network.hosts, hostname: this.#pod.metadata.name, caPem: this.#node.caPem });
    const nodeVariables: NodeVariables = { proxy: this.#node.proxy, caFile: CA_FILE, apiHost: this.#node.apiHost };
    const variables = await containerVariables(this.#node.client, this.#pod, container, {
      node: nodeVariables,
      image: program.env,
      ip: network.ip,
    });
    // As in Kubernetes: `command` takes the place of the image's entry point, `args` that of its arguments.
    const command = [...(container.command ?? program.command), ...(container.args ?? [])];
    const [file = "", ...rest] = command.map((word) => expand(word, variables));
    mkdirSync(this.#node.logs, { recursive: true, mode: 0o700 });
    return startContainer({
      bwrap: this.#node.bwrap,
      nsenter: this.#node.nsenter,
      holder: network.holder,
      fileSystem: fileSystem({
        program,
        etc,
        readOnlyRoot: security.readOnlyRootFilesystem === true,
        mounts: (container.volumeMounts ?? []).map(({ name, mountPath, readOnly = false }) => ({
          from: volumes.folder(name),
          to: mountPath,
          readOnly,
        })),
      }),
      user,
      group,
      command: [file, ...rest],
      variables,
      logFile: this.#logFile(container.name, restarts),
    });
  }

  #graceMs(): number {
    const { deletionGracePeriodSeconds } = this.#pod.metadata;
    return (deletionGracePeriodSeconds ?? this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  async #terminate(): Promise<void> {
    this.#abort.abort();
    const running = [...this.#running.values()];
    for (const { probes } of running) probes.stop();
    await Promise.all(running.map(({ container }) => container.stop(this.#graceMs())));
    await this.#life;
    await this.#release();
    await this.#report();
    await this.#forget();
  }

  /** What the pod leaves behind is nothing: sockets, tokens and secrets go as soon as no container needs them. */
  async #release(): Promise<void> {
    const [network, volumes] = [this.#network, this.#volumes];
    this.#network = undefined;
    this.#volumes = undefined;
    volumes?.stop();
    await network?.stop();
  }

  async #forget(): Promise<void> {
    const { namespace, name, uid } = this.#pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    const answer = await this.#node.client.send("DELETE", path, {
      body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0, preconditions: { uid } },
    });
    if (answer.status >= 400 && answer.status !== 404 && answer.status !== 409) {
      this.#node.log(`${describePod(this.#pod)} could not be taken from the API server: ${answer.status}`);
    }
  }

  /** Something before the containers went wrong: the pod waits with the reason, as it does at a kubelet. */
  async #fail(error: Error): Promise<void> {
    this.#node.log(`${describePod(this.#pod)}: ${error.message}`);
    for (const record of [...this.#init, ...this.#main]) {
      if (record.state.kind === "waiting") {
        record.state = { kind: "waiting", reason: "CreateContainerError", message: error.message };
      }
    }
    await this.#report();
  }

  #change(change: () => void): void {
    change();
    void this.#report();
  }

  /** Sends the status when it has changed; one request at a time, in order. */
  #report(): Promise<void> {
    this.#reporting = this.#reporting.then(() => this.#send());
    return this.#reporting;
  }

  async #send(): Promise<void> {
    const status = podStatus({
      pod: this.#pod,
      ip: this.#network?.ip,
      startedAt: this.#startedAt,
      init: this.#init,
      main: this.#main,
    });
    const text = JSON.stringify({
      ...status,
      conditions: status.conditions?.map(({ type, status: yes }) => [type, yes]),
    });
    if (text === this.#reported) return;
    const { namespace, name } = this.#pod.metadata;
    const answer = await this.#node.client.send("PATCH", `/api/v1/namespaces/${namespace}/pods/${name}/status`, {
      contentType: "application/strategic-merge-patch+json",
      body: { metadata: { uid: this.#pod.metadata.uid }, status },
    });
    if (answer.status < 400) {
      this.#reported = text;
      this.#pod = answer.body as Pod;
    } else if (answer.status !== 404 && answer.status !== 409) {
      this.#node.log(
        `${describePod(this.#pod)}: its status was not taken: ${JSON.stringify(answer.body).slice(0, 300)}`,
      );
    }
    if (status.phase === "Succeeded" || status.phase === "Failed") await this.#release();
  }
}
