import { randomUUID } from "node:crypto";
import { AADSTS } from "./aadsts-table.ts";

/** Values for the placeholders of a message. */
export type ErrorValues = Readonly<Record<string, string>>;

export interface AadstsError {
  readonly code: number;
  /** OAuth 2.0 error name. */
  readonly error: string;
  /** What the token endpoint says in its place. */
  readonly tokenError: string;
  readonly suberror?: string;
  readonly status: 400 | 401;
  /** Message with its number, as Entra writes it, without trace and time. */
  readonly message: string;
  /** What to change, in one line. */
  readonly fix: string;
}

/** Looks an error up; undefined for a number that the emulator does not know. Placeholders without a value stay readable. */
export function aadsts(code: number, values: ErrorValues = {}): AadstsError | undefined {
  const entry = AADSTS[code];
  if (entry === undefined) return undefined;
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? `<${name}>`);
  return {
    code,
    error: entry.error,
    tokenError: entry.tokenError ?? entry.error,
    ...(entry.suberror === undefined ? {} : { suberror: entry.suberror }),
    status: entry.status,
    message: `AADSTS${code}: ${fill(entry.message)}`,
    fix: fill(entry.fix),
  };
}

/** The number of the first AADSTS error in a text: an error page, an `error_description`, a tool's log line. */
export function findAadsts(text: string): number | undefined {
  const match = /AADSTS(\d+)/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

/** A refusal by number. Thrown by the rules, turned into a page, a redirect or a JSON body by the endpoint. */
export class EntraError extends Error {
  readonly details: AadstsError;
  /** What a client has to send back in `claims` of its next authorize request, as the token endpoint tells it. */
  readonly claims: string | undefined;
  constructor(code: number, values: ErrorValues = {}, claims?: string) {
    const details = aadsts(code, values);
    if (details === undefined) throw new RangeError(`AADSTS${code} stands in no table`);
    super(details.message);
    this.details = details;
    this.claims = claims;
  }
}

/** One refusal as it is told: what stands behind Entra's message, and what Entra's support would ask for. */
export interface ErrorReport {
  readonly error: string;
  readonly error_description: string;
  readonly error_codes: readonly number[];
  readonly timestamp: string;
  readonly trace_id: string;
  readonly correlation_id: string;
  readonly error_uri: string;
}

/** The JSON body of the token endpoint. */
export function tokenErrorReport(error: EntraError, now: Date, correlationId: string): object {
  const { tokenError, suberror } = error.details;
  return {
    ...errorReport(error, now, correlationId),
    error: tokenError,
    ...(suberror === undefined ? {} : { suberror }),
    ...(error.claims === undefined ? {} : { claims: error.claims }),
  };
}

/** A refusal as JSON; `error_description` is also what an authorize redirect carries. */
export function errorReport(error: EntraError, now: Date, correlationId: string = randomUUID()): ErrorReport {
  const { code, error: name, message } = error.details;
  const timestamp = `${now.toISOString().slice(0, 19).replace("T", " ")}Z`;
  const traceId = randomUUID();
  return {
    error: name,
    error_description: `${message}\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  };
}
