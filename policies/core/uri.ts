const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** A URI as its parts, or undefined when it is none. */
export function parseUri(uri: string): URL | undefined {
  return URL.canParse(uri) ? new URL(uri) : undefined;
}

/** A URI for messages: without user name, password and query, which may hold a secret. */
export function showUri(uri: string): string {
  const bare = uri.replace(/\/\/[^/@]*@/, "//…@").replace(/\?.*$/s, "?…");
  return JSON.stringify(bare);
}

/** `http` to this machine itself, the one place where a code may travel in clear. */
export function isLoopbackHttp(uri: string): boolean {
  const parsed = parseUri(uri);
  return parsed?.protocol === "http:" && loopbackHosts.has(parsed.hostname);
}

/** Whether a host is one of the domains or lies below one. */
export function isWithin(host: string, domains: readonly string[]): boolean {
  const name = host.toLowerCase();
  return domains.map((domain) => domain.toLowerCase()).some((domain) => name === domain || name.endsWith(`.${domain}`));
}
