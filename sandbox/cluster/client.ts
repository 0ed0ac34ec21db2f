import { Agent, request } from "undici";
import type { ClusterAccess } from "./kubeconfig.ts";

/** An object as the API server gives it. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager?: string; readonly operation?: string }[];
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** The API server says no. The message is its own. */
export class KubernetesError extends Error {
  override readonly name = "KubernetesError";
  readonly status: number;
  /** Machine-readable, for example `NotFound`, `Conflict`, `Invalid`. */
  readonly reason: string;
  readonly causes: readonly { readonly field?: string; readonly message?: string; readonly reason?: string }[];
  constructor(status: number, body: unknown, action: string) {
    const details = (typeof body === "object" && body !== null ? body : {}) as {
      message?: string;
      reason?: string;
      details?: { causes?: KubernetesError["causes"] };
    };
    super(details.message ?? `${action} answers ${status}`);
    this.status = status;
    this.reason = details.reason ?? "";
    this.causes = details.details?.causes ?? [];
  }
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  /** An object becomes JSON; a string is sent as it is (a YAML text for apply). */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Default 60,000 ms. */
  readonly timeoutMs?: number;
}

/** A connection to one API server, kept open between requests. */
export class KubernetesClient {
  readonly namespace: string;
  readonly #server: string;
  readonly #agent: Agent;
  readonly #token: string | undefined;

  constructor(access: ClusterAccess) {
    this.namespace = access.namespace ?? "default";
    this.#server = access.server.replace(/\/$/, "");
    this.#token = access.token;
    this.#agent = new Agent({
      connect: { ca: access.caPem, cert: access.certPem, key: access.keyPem, timeout: 5_000 },
      connections: 16,
    });
  }

  /** The parsed answer. @throws KubernetesError for every status from 400 on. */
  async request<T = KubernetesObject>(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    options: RequestOptions = {},
  ): Promise<T> {
    const { status, body } = await this.send(method, path, options);
    if (status >= 400) throw new KubernetesError(status, body, `${method} ${path}`);
    return body as T;
  }

  /** Like `request`, but undefined when there is no such object. */
  async find<T = KubernetesObject>(path: string): Promise<T | undefined> {
    const { status, body } = await this.send("GET", path, {});
    if (status === 404) return undefined;
    if (status >= 400) throw new KubernetesError(status, body, `GET ${path}`);
    return body as T;
  }

  /** Status and body whatever they are; the body is parsed when it is JSON. */
  async send(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    options: RequestOptions,
  ): Promise<{ status: number; body: unknown }> {
    const url = new URL(this.#server + path);
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
    const timeout = options.timeoutMs ?? 60_000;
    const response = await request(url, {
      method,
      dispatcher: this.#agent,
      headersTimeout: timeout,
      bodyTimeout: timeout,
      headers: {
        // The issuer's keys have a media type of their own.
        accept: "application/json, */*;q=0.5",
        ...(options.body === undefined ? {} : { "content-type": options.contentType ?? "application/json" }),
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      body:
        options.body === undefined
          ? null
          : typeof options.body === "string"
            ? options.body
            : JSON.stringify(options.body),
    });
    const text = await response.body.text();
    return { status: response.statusCode, body: parseBody(text) };
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
