import { setTimeout as sleepFor } from "node:timers/promises";
import type { Http, HttpResponse } from "./http.ts";
import type { TokenSource } from "./token.ts";

export type Json = Record<string, unknown>;

/** An answer that is no success, in the words of Microsoft Graph, Azure Resource Manager, Key Vault or Databricks. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(method: string, path: string, status: number, code: string, message: string) {
    super(`${method} ${path} was answered with ${status} ${code}: ${message}`);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: HttpResponse["headers"];
  /** The JSON body; empty when there is none. */
  readonly body: Json;
}

export interface CallOptions {
  /** Statuses besides the retried ones that are worth another try: 404 where a fresh object may not be seen everywhere yet. */
  readonly retry?: (status: number, codeAndMessage: string) => boolean;
}

export interface Api {
  call(method: string, path: string, body?: Json, options?: CallOptions): Promise<Answer>;
  /** GET; undefined when the answer is 404. */
  find(path: string): Promise<Json | undefined>;
  /** Every page of a list. */
  list(path: string): Promise<Json[]>;
  /** Polls until a GET answers 404; fails after the seconds given. */
  gone(path: string, timeoutSeconds: number): Promise<void>;
}

export interface ApiOptions {
  readonly http: Http;
  readonly token: TokenSource;
  /** `https://graph.microsoft.com`, without a slash at the end. */
  readonly base: string;
  /** Sent with every request beside the token. */
  readonly headers?: () => Promise<Readonly<Record<string, string>>>;
  /** For tests: waits for real by default. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/** As the official clients wait: 1, 2, 4, 8 and 16 seconds. After that the answer stands. */
const ATTEMPTS = 6;
/** Objects that were made a moment ago are soon everywhere: short waits. */
const REPLICATION_WAIT = 250;
const POLL = 250;

const isTransient = (status: number) =>
  status === 429 || status === 408 || status === 424 || (status >= 500 && status !== 501);

/** A JSON client for one host, with its token and the retries of the official providers. */
export function createApi({ http, token, base, headers, sleep = sleepFor }: ApiOptions): Api {
  const call: Api["call"] = async (method, path, body, options) => {
    for (let attempt = 1; ; attempt++) {
      const response = await http({
        method,
        url: path.startsWith("https://") ? path : `${base}${path}`,
        headers: {
          ...(await headers?.()),
          authorization: `Bearer ${await token()}`,
          accept: "application/json",
          ...(body && { "content-type": "application/json" }),
        },
        body: body && JSON.stringify(body),
      });
      const answer = { status: response.status, headers: response.headers, body: parse(response.body) };
      if (response.status < 400) return answer;
      const { code, message } = errorOf(answer.body);
      const replicating = options?.retry?.(response.status, `${code}: ${message}`) === true;
      if (attempt < ATTEMPTS && (isTransient(response.status) || replicating)) {
        const asked = Number(response.headers["retry-after"]) * 1000;
        await sleep(asked > 0 ? asked : replicating ? REPLICATION_WAIT : 1000 * 2 ** (attempt - 1));
        continue;
      }
      throw new ApiError(method, path, response.status, code, message);
    }
  };
  const find: Api["find"] = async (path) => {
    try {
      return (await call("GET", path)).body;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  };
  return {
    call,
    find,
    list: async (path) => {
      const items: Json[] = [];
      for (let next: string | undefined = path; next; ) {
        const { body } = await call("GET", next);
        items.push(...((body.value ?? []) as Json[]));
        next = body["@odata.nextLink"] as string | undefined;
      }
      return items;
    },
    gone: async (path, timeoutSeconds) => {
      for (let waited = 0; await find(path); waited += POLL) {
        if (waited >= timeoutSeconds * 1000)
          throw new Error(`${path} is still there ${timeoutSeconds} s after its deletion.`);
        await sleep(POLL);
      }
    },
  };
}

function parse(text: string): Json {
  try {
    return (text === "" ? {} : JSON.parse(text)) as Json;
  } catch {
    return { error: { code: "InvalidAnswer", message: "The answer is not JSON." } };
  }
}

function errorOf(body: Json): { code: string; message: string } {
  // Databricks says it without a wrapper.
  if ("error_code" in body) return { code: String(body.error_code), message: String(body.message) };
  const error = (body.error ?? {}) as { code?: unknown; message?: unknown };
  return { code: String(error.code ?? "Unknown"), message: String(error.message ?? "no message was given") };
}
