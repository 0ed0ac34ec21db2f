import type { NodeServices } from "./node-services.ts";
import { podStatus, type StatusFacts } from "./status.ts";
import { describePod, type Pod } from "./types.ts";

export interface PodReportOptions {
  /** How the pod stands now. */
  readonly facts: () => Omit<StatusFacts, "startedAt">;
  /** Gets the pod as the API server has it once it has taken a status. */
  readonly onTaken: (pod: Pod) => void;
}

/** Tells the API server how a pod stands. Nothing here rejects: what it has not heard is said again. */
export class PodReport {
  readonly #node: Pick<NodeServices, "client" | "log">;
  readonly #facts: PodReportOptions["facts"];
  readonly #onTaken: PodReportOptions["onTaken"];
  readonly #startedAt = new Date();
  #reported = "";
  #complained = "";
  /** One request at a time, in order: a later status must not be overtaken by an earlier one. */
  #queue: Promise<unknown> = Promise.resolve();
  #over = false;
  #forgotten = false;

  constructor(node: Pick<NodeServices, "client" | "log">, { facts, onTaken }: PodReportOptions) {
    this.#node = node;
    this.#facts = facts;
    this.#onTaken = onTaken;
  }

  /** Sends the status when it has changed. @returns it */
  send(): Promise<ReturnType<typeof podStatus>> {
    return this.#inTurn(() => this.#send()).then(() => this.#status());
  }

  /** The pod is over: sends the last status and takes the pod from the API server. */
  async forget(): Promise<void> {
    this.#over = true;
    await this.#inTurn(() => this.#send());
    await this.#inTurn(() => this.#forget());
  }

  /** Does once more what went wrong, if anything did. */
  async again(): Promise<void> {
    await this.#inTurn(() => this.#send());
    if (this.#over) await this.#inTurn(() => this.#forget());
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work).catch((error: unknown) => this.#complain((error as Error).message));
    this.#queue = turn;
    return turn;
  }

  #status() {
    return podStatus({ ...this.#facts(), startedAt: this.#startedAt });
  }

  async #send(): Promise<void> {
    const status = this.#status();
    const conditions = status.conditions?.map(({ type, status: yes }) => [type, yes]);
    const text = JSON.stringify({ ...status, conditions });
    if (text === this.#reported || this.#forgotten) return;
    const { uid } = this.#facts().pod.metadata;
    const { status: code, body } = await this.#node.client.send("PATCH", `${this.#path()}/status`, {
      contentType: "application/strategic-merge-patch+json",
      body: { metadata: { uid }, status },
    });
    if (code < 400) {
      this.#reported = text;
      this.#onTaken(body as Pod);
    }
    // 404 and 409: the pod is not there any more, or another one of its name.
    else if (code !== 404 && code !== 409)
      this.#complain(`its status was not taken: ${JSON.stringify(body).slice(0, 300)}`);
  }

  async #forget(): Promise<void> {
    if (this.#forgotten) return;
    const { uid } = this.#facts().pod.metadata;
    const { status } = await this.#node.client.send("DELETE", this.#path(), {
      body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0, preconditions: { uid } },
    });
    if (status < 400 || status === 404 || status === 409) this.#forgotten = true;
    else this.#complain(`it could not be taken from the API server: ${status}`);
  }

  #path(): string {
    const { namespace, name } = this.#facts().pod.metadata;
    return `/api/v1/namespaces/${namespace}/pods/${name}`;
  }

  /** Once, not at every try. */
  #complain(text: string): void {
    if (text === this.#complained) return;
    this.#complained = text;
    this.#node.log(`${describePod(this.#facts().pod)}: ${text}`);
  }
}
