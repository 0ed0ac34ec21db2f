/** One answered request, for tests and for the sandbox's log. Bodies and headers are not kept: they may hold secrets. */
export interface CallRecord {
  readonly method: string;
  /** The route's pattern, for example `/groups/:id/members/$ref`, or the path itself when no route took it. */
  readonly route: string;
  /** Object id of the caller; undefined when the token was missing or wrong. */
  readonly callerId: string | undefined;
  readonly status: number;
}

const CALLS_KEPT = 5000;
const logs = new WeakMap<object, CallRecord[]>();

/** What an emulator app (or its context) has answered so far, oldest first; the last 5000 are kept. */
export function callsOf(app: object): readonly CallRecord[] {
  return logs.get(app) ?? [];
}

export function recordCall(app: object, call: CallRecord): void {
  const calls = logs.get(app) ?? [];
  calls.push(call);
  if (calls.length > CALLS_KEPT) calls.shift();
  logs.set(app, calls);
}
