import { readFileSync } from "node:fs";
import { ProxyAgent, request } from "undici";

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One request, one answer; throws only when there is no answer at all. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpConnection {
  readonly http: Http;
  close(): Promise<void>;
}

/** HTTPS through a CONNECT proxy (`http://127.0.0.1:<port>`), trusting the given CA file only. */
export function proxiedHttp(options: { readonly proxyUrl: string; readonly caFile: string }): HttpConnection {
  const ca = readFileSync(options.caFile, "utf8");
  const dispatcher = new ProxyAgent({ uri: options.proxyUrl, requestTls: { ca }, connections: 16 });
  const http: Http = async ({ method, url, headers, body }) => {
    const response = await request(url, { method, headers, body, dispatcher });
    const answered = Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
    return { status: response.statusCode, headers: Object.fromEntries(answered), body: await response.body.text() };
  };
  return { http, close: () => dispatcher.close() };
}
