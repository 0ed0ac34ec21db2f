import type { V1Container, V1Probe } from "@kubernetes/client-node";
import type { Answer } from "./probe.ts";

/** What the probes of one container found. */
export interface ProbeEvents {
  /** The startup probe passed, or there is none. */
  readonly onStarted: () => void;
  /** The readiness probe changed its mind. */
  readonly onReady: (ready: boolean) => void;
  /** The startup or liveness probe gave up: the container is to be restarted. */
  readonly onDead: (reason: string) => void;
}

/** Asks a container's probes again and again, as the kubelet does: the others wait until the startup probe has passed. */
export class ProbeLoop {
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(
    {
      startupProbe,
      readinessProbe,
      livenessProbe,
    }: Pick<V1Container, "startupProbe" | "readinessProbe" | "livenessProbe">,
    ask: (probe: V1Probe) => Promise<Answer>,
    { onStarted, onReady, onDead }: ProbeEvents,
  ) {
    const ready = () => {
      onReady(true);
      return { over: false };
    };
    const started = () => {
      onStarted();
      if (!readinessProbe) onReady(true);
      else this.#repeat(readinessProbe, ask, { onPass: ready, onFail: () => onReady(false) });
      if (livenessProbe) this.#repeat(livenessProbe, ask, { onFail: (reason) => onDead(`liveness probe: ${reason}`) });
    };
    if (!startupProbe) started();
    else {
      this.#repeat(startupProbe, ask, {
        onPass: () => {
          started();
          return { over: true };
        },
        onFail: (reason) => onDead(`startup probe: ${reason}`),
      });
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** `onPass` after `successThreshold` yeses in a row, `onFail` after `failureThreshold` noes in a row. */
  #repeat(
    probe: V1Probe,
    ask: (probe: V1Probe) => Promise<Answer>,
    { onPass, onFail }: { onPass?: () => { readonly over: boolean }; onFail: (reason: string) => void },
  ): void {
    const { periodSeconds = 10, initialDelaySeconds = 0, failureThreshold = 3, successThreshold = 1 } = probe;
    let yes = 0;
    let no = 0;
    const round = async () => {
      const reason = await ask(probe);
      if (this.#stopped) return;
      if (reason === undefined) {
        yes += 1;
        no = 0;
        if (yes === successThreshold && onPass?.().over === true) return;
      } else {
        no += 1;
        yes = 0;
        if (no === failureThreshold) onFail(reason);
      }
      if (!this.#stopped) this.#later(periodSeconds * 1000, round);
    };
    this.#later(initialDelaySeconds * 1000, round);
  }

  #later(milliseconds: number, run: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void run();
    }, milliseconds);
    this.#timers.add(timer);
  }
}
