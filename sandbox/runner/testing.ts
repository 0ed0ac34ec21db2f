import { type KubernetesClient, KubernetesError, type RequestOptions } from "../cluster/client.ts";
import type { Http } from "../providers/http/http.ts";
import { testPod } from "./pod/testing.ts";
import type { Pod } from "./pod/types.ts";

/** What was asked of an API server. */
export interface Call extends RequestOptions {
  readonly method: string;
  readonly path: string;
}

/**
 * An API server of tests.
 * @param answer the body; a number is a status without one, undefined says that there is no such object
 */
export function fakeApi(answer: (call: Call) => unknown): {
  readonly client: KubernetesClient;
  readonly calls: Call[];
  /** `METHOD path` of the calls that change something. */
  changes(): string[];
} {
  const calls: Call[] = [];
  const send = async (method: string, path: string, options: RequestOptions = {}) => {
    const call = { method, path, ...options };
    calls.push(call);
    const body = answer(call);
    if (typeof body === "number") return { status: body, body: { message: `answers ${body}` } };
    return body === undefined ? { status: 404, body: { message: "not found" } } : { status: 200, body };
  };
  const request = async (method: string, path: string, options?: RequestOptions) => {
    const { status, body } = await send(method, path, options);
    if (status >= 400) throw new KubernetesError(status, body, `${method} ${path}`);
    return body;
  };
  const find = async (path: string) => {
    const { status, body } = await send("GET", path);
    return status === 404 ? undefined : body;
  };
  return {
    client: { send, request, find } as unknown as KubernetesClient,
    calls,
    changes: () => calls.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`),
  };
}

/** A pod of tests with a controller. */
export function ownedPod(
  name: string,
  owner?: { kind?: string; uid: string },
  metadata: Partial<Pod["metadata"]> = {},
): Pod {
  const controller = owner && {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: owner.uid,
    controller: true,
    ...owner,
  };
  return testPod({}, { name, uid: `u-${name}`, ...(controller ? { ownerReferences: [controller] } : {}), ...metadata });
}

/** Answers by `METHOD url`, and what was sent. */
export function fakeHttp(answers: Readonly<Record<string, { status: number; body: unknown }>>) {
  const sent: Parameters<Http>[0][] = [];
  const http = (async (request: Parameters<Http>[0]) => {
    sent.push(request);
    const found = answers[`${request.method} ${request.url}`] ?? { status: 404, body: {} };
    return {
      status: found.status,
      headers: {},
      body: typeof found.body === "string" ? found.body : JSON.stringify(found.body),
    };
  }) as unknown as Http;
  return { http, sent };
}
