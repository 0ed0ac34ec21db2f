import { readFileSync } from "node:fs";
import { type Dispatcher, ProxyAgent, fetch as undiciFetch } from "undici";

/** A fetch that goes where the tools go: through the sandbox's proxy, trusting the sandbox's CA, following no redirect. */
export type SandboxFetch = (
  url: string,
  init?: { method?: string; headers?: Record<string, string>; body?: string },
) => Promise<SandboxResponse>;

export interface SandboxResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null; getSetCookie(): string[] };
  text(): Promise<string>;
  json(): Promise<unknown>;
}

export function sandboxFetch(sandbox: { readonly proxy: string; readonly caFile: string }): SandboxFetch {
  const dispatcher: Dispatcher = new ProxyAgent({
    uri: sandbox.proxy,
    requestTls: { ca: readFileSync(sandbox.caFile) },
  });
  return (url, init) => undiciFetch(url, { ...init, redirect: "manual", dispatcher });
}
