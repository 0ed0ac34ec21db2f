/** Cookies by host, kept and sent as a browser does; what a browser would drop for its attributes is kept all the same. */
export class CookieJar {
  readonly #hosts: Map<string, Map<string, string>>;

  constructor(hosts = new Map<string, Map<string, string>>()) {
    this.#hosts = hosts;
  }

  /** Another jar with the same cookies as this one has now. */
  copy(): CookieJar {
    return new CookieJar(new Map([...this.#hosts].map(([host, cookies]) => [host, new Map(cookies)])));
  }

  /** Name → value of a host's cookies. */
  of(host: string): ReadonlyMap<string, string> {
    return this.#hosts.get(host) ?? new Map();
  }

  /** The `Cookie` header for a host; empty when there is none. */
  header(host: string): string {
    return [...this.of(host)].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Takes in a `Set-Cookie` line: a new value, or the cookie's end. */
  keep(host: string, line: string): void {
    const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf("="));
    const cookies = this.#hosts.get(host) ?? new Map<string, string>();
    const attribute = (key: string) => attributes.find((one) => one.toLowerCase().startsWith(key))?.slice(key.length);
    const expires = attribute("expires=");
    const over = attribute("max-age=") === "0" || (expires !== undefined && Date.parse(expires) <= Date.now());
    if (over) cookies.delete(name);
    else cookies.set(name, pair.slice(pair.indexOf("=") + 1));
    this.#hosts.set(host, cookies);
  }
}
