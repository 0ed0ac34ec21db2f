import type { V1Probe } from "@kubernetes/client-node";
import { pause } from "../pause.ts";
import type { Container } from "./container.ts";
import type { Answer } from "./probe.ts";
import { ProbeLoop } from "./probe-loop.ts";
import type { ContainerRecord } from "./status.ts";

export interface KeeperOptions {
  readonly record: ContainerRecord;
  /** The pod's restart policy, or the container's own. */
  readonly policy: string | undefined;
  readonly start: () => Promise<Container>;
  readonly ask: (probe: V1Probe, container: Container) => Promise<Answer>;
  /** The record has changed. Must not throw. */
  readonly changed: () => Promise<void>;
  /** How long a container may take to end that its probes gave up. */
  readonly graceMs: () => number;
  readonly log: (line: string) => void;
}

/**
 * Pauses before a container is started again, in milliseconds: at once after the first end, then longer and longer
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-restarts).
 */
const PAUSE = { first: 10_000, longest: 300_000 };
/** After so long a run the pauses begin anew. */
const CALM_MS = 600_000;
/** What a container runtime says of a container that could not be started. */
const NOT_STARTED = 128;

/** Runs one container again and again, as its restart policy says. Neither method rejects: what goes wrong is in the record. */
export class ContainerKeeper {
  readonly #options: KeeperOptions;
  readonly #abort = new AbortController();
  #container: Container | undefined;
  #probes: ProbeLoop | undefined;
  #life: Promise<void> | undefined;
  #graceMs = Number.POSITIVE_INFINITY;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#container !== undefined;
  }

  /** Starts it; resolves when it has ended for good. */
  keep(): Promise<void> {
    this.#life ??= this.#keep();
    return this.#life;
  }

  /** Ends it, also while it is being started; a shorter time than before counts. Resolves when it has ended. */
  async stop(graceMs: number): Promise<void> {
    this.#abort.abort();
    this.#probes?.stop();
    this.#graceMs = Math.min(this.#graceMs, graceMs);
    if (this.#container) this.#end(this.#container, this.#graceMs);
    await this.#life;
  }

  async #keep(): Promise<void> {
    const { record, policy, changed } = this.#options;
    const { signal } = this.#abort;
    let wait = 0;
    while (!signal.aborted) {
      const before = Date.now();
      const exitCode = await this.#once();
      if (signal.aborted || !(policy === "Always" || (policy === "OnFailure" && exitCode !== 0))) break;
      if (Date.now() - before >= CALM_MS) wait = 0;
      await this.#beforeAgain(wait);
      wait = wait === 0 ? PAUSE.first : Math.min(wait * 2, PAUSE.longest);
    }
    // Ended while it waited: it is not going to be started any more.
    if (record.state.kind === "waiting" && record.last?.kind === "terminated") record.state = record.last;
    await changed();
  }

  async #beforeAgain(wait: number): Promise<void> {
    const { record, changed } = this.#options;
    record.last = record.state;
    record.state =
      wait === 0
        ? { kind: "waiting", reason: "ContainerCreating" }
        : {
            kind: "waiting",
            reason: "CrashLoopBackOff",
            message: `${endOf(record)}; starting it again in ${wait / 1000} s`,
          };
    await changed();
    await pause(wait, this.#abort.signal);
    // Only now: until the next run begins, its log is the one to show.
    if (!this.#abort.signal.aborted) record.restarts += 1;
  }

  /** One run from start to end. @returns its exit code */
  async #once(): Promise<number> {
    const { record, start, ask, changed, log } = this.#options;
    const begun = new Date();
    let container: Container;
    try {
      container = await start();
    } catch (error) {
      const { message } = error as Error;
      log(`${record.container.name} did not start: ${message}`);
      record.state = {
        kind: "terminated",
        exitCode: NOT_STARTED,
        reason: "StartError",
        message,
        startedAt: begun,
        finishedAt: new Date(),
      };
      return NOT_STARTED;
    }
    const { startedAt } = container;
    this.#container = container;
    record.state = { kind: "running", startedAt };
    if (this.#abort.signal.aborted) this.#end(container, this.#graceMs);
    else {
      void changed();
      this.#probes = new ProbeLoop(record.container, (probe) => ask(probe, container), this.#events(container));
    }
    const { exitCode } = await container.ended;
    this.#probes?.stop();
    this.#probes = undefined;
    this.#container = undefined;
    record.started = false;
    record.ready = false;
    const reason = exitCode === 0 ? "Completed" : "Error";
    record.state = { kind: "terminated", exitCode, reason, startedAt, finishedAt: new Date() };
    return exitCode;
  }

  #events(container: Container) {
    const { record, changed, graceMs, log } = this.#options;
    return {
      onStarted: () => {
        record.started = true;
        void changed();
      },
      onReady: (ready: boolean) => {
        record.ready = ready;
        void changed();
      },
      onDead: (reason: string) => {
        log(`${record.container.name} is ended: ${reason}`);
        this.#end(container, graceMs());
      },
    };
  }

  #end(container: Container, graceMs: number): void {
    container.stop(graceMs).catch((error: unknown) => {
      this.#options.log(`${this.#options.record.container.name} does not end: ${(error as Error).message}`);
    });
  }
}

function endOf({ last }: ContainerRecord): string {
  if (last?.kind !== "terminated") return "it ended";
  return last.message === undefined ? `it ended with exit code ${last.exitCode}` : `it did not start: ${last.message}`;
}
