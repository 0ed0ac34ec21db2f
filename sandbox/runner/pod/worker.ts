import { rmSync } from "node:fs";
import { join } from "node:path";
import type { V1Container } from "@kubernetes/client-node";
import type { KnownImage, Program } from "../images.ts";
import { pause } from "../pause.ts";
import { ContainerKeeper } from "./container-keeper.ts";
import { type PodNetwork, startPodNetwork } from "./network.ts";
import type { NodeServices } from "./node-services.ts";
import { etcFolder, startPodContainer } from "./pod-container.ts";
import { PodReport } from "./pod-report.ts";
import { ask } from "./probe.ts";
import type { ContainerRecord } from "./status.ts";
import { describePod, type Pod } from "./types.ts";
import { mountVolumes, type Volumes } from "./volumes.ts";

/** Pauses before network and volumes are tried again, in milliseconds. */
const RETRY = { first: 1_000, longest: 60_000 };

/**
 * One pod's life on this machine: from its binding to its end. None of its promises rejects: what goes wrong stands in the
 * pod's status and the log, and never ends the runner, which would take all other pods along.
 */
export class PodWorker {
  readonly #node: NodeServices;
  #pod: Pod;
  readonly #report: PodReport;
  readonly #init: readonly ContainerRecord[];
  readonly #main: readonly ContainerRecord[];
  readonly #keepers = new Map<ContainerRecord, ContainerKeeper>();
  #network: PodNetwork | undefined;
  #volumes: Volumes | undefined;
  #failure: string | undefined;
  readonly #life: Promise<void>;
  readonly #abort = new AbortController();
  #ending: Promise<void> | undefined;
  #graceMs = Number.POSITIVE_INFINITY;

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
    this.#report = new PodReport(node, {
      facts: () => ({ pod: this.#pod, ip: this.ip, init: this.#init, main: this.#main, failure: this.#failure }),
      onTaken: (taken) => {
        this.#pod = taken;
      },
    });
    this.#life = this.#live().catch((error: unknown) => this.#log(`${(error as Error).stack}`));
    if (pod.metadata.deletionTimestamp !== undefined) void this.terminate();
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

  /** Takes in what the API server says of the pod now, and says again what it has not heard. */
  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) void this.terminate();
    void this.#report.again();
  }

  /**
   * Ends the pod's containers, takes away its volumes, and lets the API server forget it.
   * @param atMostMs how long its containers may take, when that is less than the pod says
   */
  terminate(atMostMs = Number.POSITIVE_INFINITY): Promise<void> {
    const graceMs = Math.min(atMostMs, this.#graceOfPod());
    const shorter = graceMs < this.#graceMs;
    this.#graceMs = Math.min(this.#graceMs, graceMs);
    if (this.#ending && shorter) void this.#stopContainers();
    this.#ending ??= this.#terminate();
    return this.#ending;
  }

  /** File with the output of a container's present run, or of the one before; undefined when it has had none. */
  logOf(name: string, previous = false): { path: string; open: () => boolean } | undefined {
    const record = [...this.#init, ...this.#main].find(({ container }) => container.name === name);
    const run = record === undefined ? -1 : record.restarts - (previous ? 1 : 0);
    if (record === undefined || run < 0) return undefined;
    return { path: this.#logFile(name, run), open: () => !previous && this.#keepers.get(record)?.running === true };
  }

  #logFile(container: string, run: number): string {
    const { namespace, name } = this.#pod.metadata;
    return join(this.#node.logs, `${namespace}_${name}_${container}_${run}.log`);
  }

  async #live(): Promise<void> {
    await this.#report.send();
    const programs = await this.#prepared();
    if (programs !== undefined && (await this.#initialized(programs))) {
      await Promise.all(this.#main.map((record) => this.#keep(record, programs)));
    }
    // Sidecars have nobody left to serve; a pod that waits for its end is ended by `terminate`.
    if (!this.#abort.signal.aborted) await this.#stopSidecars();
    const { phase } = await this.#report.send();
    if (phase === "Succeeded" || phase === "Failed") await this.#release();
  }

  /** Runs the init containers one after the other. @returns whether the pod may go on */
  async #initialized(programs: ReadonlyMap<ContainerRecord, Program>): Promise<boolean> {
    for (const record of this.#init) {
      const ended = this.#keep(record, programs);
      if (isSidecar(record)) {
        while (!record.started && !this.#abort.signal.aborted) await pause(100, this.#abort.signal);
      } else {
        await ended;
        if (record.state.kind !== "terminated" || record.state.exitCode !== 0) return false;
      }
      if (this.#abort.signal.aborted) return false;
    }
    return true;
  }

  #keep(record: ContainerRecord, programs: ReadonlyMap<ContainerRecord, Program>): Promise<void> {
    if (this.#abort.signal.aborted) return Promise.resolve();
    const { container } = record;
    const podPolicy = this.#pod.spec.restartPolicy;
    const keeper = new ContainerKeeper({
      record,
      policy:
        container.restartPolicy ?? (this.#init.includes(record) && podPolicy === "Always" ? "OnFailure" : podPolicy),
      start: async () => {
        const [program, network, volumes] = [programs.get(record), this.#network, this.#volumes];
        if (!program || !network || !volumes) throw new Error("the pod has no network any more");
        const logFile = this.#logFile(container.name, record.restarts);
        return startPodContainer({ node: this.#node, pod: this.#pod, container, program, network, volumes, logFile });
      },
      ask: (probe, { exec }) => ask(probe, { container, dial: (port) => this.dial(port), exec }),
      changed: async () => void (await this.#report.send()),
      graceMs: () => this.#graceOfPod(),
      log: (line) => this.#log(line),
    });
    this.#keepers.set(record, keeper);
    return keeper.keep();
  }

  /**
   * Programs, network and volumes. Where something is missing the pod waits and tries again, as at a kubelet. A pod that is
   * started once fails instead: whoever waits for it shall hear of it now, and not at the end of a Job's time.
   * @returns undefined for a pod that has failed or is ended
   */
  async #prepared(): Promise<ReadonlyMap<ContainerRecord, Program> | undefined> {
    let said = "";
    for (let wait = RETRY.first; ; wait = Math.min(wait * 2, RETRY.longest)) {
      let problem: Problem;
      try {
        const unknown = this.#records().filter(
          ({ container }) => this.#node.image(container.image ?? "") === undefined,
        );
        if (unknown.length === 0) {
          const programs = await this.#prepare();
          this.#wait(this.#records(), { reason: "ContainerCreating" });
          return programs;
        }
        const images = [...new Set(unknown.map(({ container }) => container.image))].join(", ");
        const message = `no program on this machine stands for the image ${images}`;
        problem = { reason: "ErrImageNeverPull", message, waiting: unknown };
      } catch (error) {
        if (this.#abort.signal.aborted) return undefined;
        problem = { reason: "CreateContainerError", message: (error as Error).message, waiting: this.#records() };
        await this.#release();
      }
      const { reason, message, waiting } = problem;
      if (message !== said) this.#log(message);
      said = message;
      this.#wait(waiting, { reason, message });
      if (this.#pod.spec.restartPolicy !== "Always") {
        this.#failure = message;
        return undefined;
      }
      await this.#report.send();
      await pause(wait, this.#abort.signal);
      if (this.#abort.signal.aborted) return undefined;
    }
  }

  async #prepare(): Promise<ReadonlyMap<ContainerRecord, Program>> {
    const { metadata, spec } = this.#pod;
    const programs = new Map<ContainerRecord, Program>();
    for (const record of this.#records()) {
      const known = this.#node.image(record.container.image ?? "") as KnownImage;
      // The first time it may be loaded for minutes, which a pod's end does not wait for.
      programs.set(record, await this.#unlessEnded(known.prepare({ log: this.#node.log })));
    }
    const reachable = await this.#unlessEnded(this.#node.reachable(metadata.namespace));
    const ports = [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ ports = [] }) => ports);
    this.#network = await startPodNetwork({
      folder: join(this.#node.runtime, "n", metadata.uid.slice(0, 8)),
      bwrap: this.#node.bwrap,
      hostname: metadata.name,
      ip: this.#node.nextAddress(),
      ports: [...new Set(ports.map(({ containerPort }) => containerPort))],
      reachable,
      proxy: this.#node.proxy,
    });
    this.#volumes = await mountVolumes({
      client: this.#node.client,
      vault: this.#node.vault,
      pod: this.#pod,
      volatileFolder: join(this.#node.runtime, "v", metadata.uid),
      diskFolder: join(this.#node.disk, metadata.uid),
      log: this.#node.log,
    });
    return programs;
  }

  async #unlessEnded<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#abort;
    let end = () => {};
    const ended = new Promise<never>((_resolve, reject) => {
      end = () => reject(new Error("the pod is ended"));
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
    });
    try {
      return await Promise.race([work, ended]);
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  #wait(records: readonly ContainerRecord[], why: { readonly reason: string; readonly message?: string }): void {
    for (const record of records) record.state = { kind: "waiting", ...why };
  }

  #records(): ContainerRecord[] {
    return [...this.#init, ...this.#main];
  }

  #graceOfPod(): number {
    const { deletionGracePeriodSeconds } = this.#pod.metadata;
    return (deletionGracePeriodSeconds ?? this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  async #terminate(): Promise<void> {
    this.#abort.abort();
    await this.#stopContainers();
    await this.#life;
    await this.#release();
    await this.#report.forget();
  }

  /** First the containers that do the work, then the sidecars that serve them. */
  async #stopContainers(): Promise<void> {
    const others = [...this.#keepers].filter(([record]) => !isSidecar(record));
    await Promise.all(others.map(([, keeper]) => keeper.stop(this.#graceMs)));
    await this.#stopSidecars();
  }

  /** The last one first: the others may need the first. */
  async #stopSidecars(): Promise<void> {
    const graceMs = Math.min(this.#graceMs, this.#graceOfPod());
    for (const [record, keeper] of [...this.#keepers].reverse()) {
      if (isSidecar(record)) await keeper.stop(graceMs);
    }
  }

  /** What the pod leaves behind is nothing: sockets, tokens and secrets go as soon as no container needs them. */
  async #release(): Promise<void> {
    const [network, volumes] = [this.#network, this.#volumes];
    this.#network = undefined;
    this.#volumes = undefined;
    const steps = [
      () => volumes?.stop(),
      () => network?.stop(),
      () => rmSync(etcFolder(this.#node, this.#pod), { recursive: true, force: true }),
    ];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        this.#log(`something is left behind: ${(error as Error).message}`);
      }
    }
  }

  #log(line: string): void {
    this.#node.log(`${describePod(this.#pod)}: ${line}`);
  }
}

/** Why the pod cannot begin, and which containers wait. */
interface Problem {
  readonly reason: string;
  readonly message: string;
  readonly waiting: readonly ContainerRecord[];
}

function isSidecar({ container }: ContainerRecord): boolean {
  return container.restartPolicy === "Always";
}
