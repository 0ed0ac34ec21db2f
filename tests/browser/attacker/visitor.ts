import { setTimeout as delay } from "node:timers/promises";
import type { SandboxFetch } from "../../../cli/sign-in/network.ts";
import { PERSON_FIELD } from "../../../sandbox/emulator/entra/index.ts";
import { CookieJar } from "../../sandbox/cookie-jar.ts";

/** What a request brought back. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  /** Where a redirect leads, as a whole address; empty for other answers. */
  readonly location: string;
  readonly header: (name: string) => string | undefined;
  /** `Set-Cookie` lines as they came. */
  readonly setCookies: readonly string[];
}

export interface Sent {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

export interface Way {
  /** Who is picked at the provider. Without a name the provider's page is where the way ends. */
  readonly as?: string;
  /** Sent with each request to a tool. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends before this address is opened: the answer's `location` has it. */
  readonly until?: (location: URL) => boolean;
}

/**
 * What every request to a tool says of itself. A gateway that sets it anew, as ours does, is not moved by it; where that was
 * removed, sign-ins still come out right and only what an attack changes is wrong.
 */
const OVER_TLS = { "x-forwarded-proto": "https" };

/** `AUTH_RATE_LIMIT` of Superset counts by the second. */
const TOO_MANY = 429;
const RATE_MS = 1_000;

const PROVIDERS = /^(login\.microsoftonline\.com|[^.]+\.okta\.com)$/;

/**
 * A browser's side of a sign-in over plain HTTP: it keeps cookies by host and never follows a redirect unasked. It can do what
 * no browser does: send forbidden headers, open another person's address, keep a cookie that a browser would drop.
 */
export class Visitor {
  readonly #fetch: SandboxFetch;
  readonly #jar: CookieJar;

  constructor(fetch: SandboxFetch, jar = new CookieJar()) {
    this.#fetch = fetch;
    this.#jar = jar;
  }

  /** Another browser with the same cookies as this one has now. */
  copy(): Visitor {
    return new Visitor(this.#fetch, this.#jar.copy());
  }

  /** Value of a cookie. */
  cookie(host: string, name: string): string | undefined {
    return this.#jar.of(host).get(name);
  }

  /** Name → value of a host's cookies. */
  cookies(host: string): ReadonlyMap<string, string> {
    return this.#jar.of(host);
  }

  /** One request; made again after a while where the tool counts sign-ins and asks to wait. */
  async send(url: string, sent: Sent = {}): Promise<Answer> {
    const answer = await this.#sendOnce(url, sent);
    if (answer.status !== TOO_MANY) return answer;
    await delay(RATE_MS);
    return this.send(url, sent);
  }

  async #sendOnce(url: string, { method, headers = {}, form, json }: Sent): Promise<Answer> {
    const { host } = new URL(url);
    const cookie = this.#jar.header(host);
    const body = form ? new URLSearchParams(form).toString() : json === undefined ? undefined : JSON.stringify(json);
    const type = form ? "application/x-www-form-urlencoded" : "application/json";
    const response = await this.#fetch(url, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: { ...(cookie && { cookie }), ...(body !== undefined && { "content-type": type }), ...headers },
      ...(body !== undefined && { body }),
    });
    const setCookies = response.headers.getSetCookie();
    for (const line of setCookies) this.#jar.keep(host, line);
    const location = response.headers.get("location");
    return {
      url,
      status: response.status,
      text: await response.text(),
      location: location === null ? "" : new URL(location, url).href,
      header: (name) => response.headers.get(name) ?? undefined,
      setCookies,
    };
  }

  /** Follows redirects as a person would, and answers the provider's pages. All answers, the last one last. */
  async go(url: string, { as, headers = {}, until = () => false }: Way = {}): Promise<readonly Answer[]> {
    const own = (to: string): Sent =>
      PROVIDERS.test(new URL(to).host) ? {} : { headers: { ...OVER_TLS, ...headers } };
    const answers: Answer[] = [await this.send(url, own(url))];
    while (answers.length < 16) {
      const last = answers[answers.length - 1] as Answer;
      if (last.location !== "") {
        if (until(new URL(last.location))) return answers;
        answers.push(await this.send(last.location, own(last.location)));
        continue;
      }
      const form = as === undefined || !PROVIDERS.test(new URL(last.url).host) ? undefined : asked(last, as);
      if (form === undefined) return answers;
      answers.push(await this.send(last.url, { form }));
    }
    throw new Error(`${url} leads round in circles, at last to ${answers.at(-1)?.url.split("?")[0]}.`);
  }
}

/** What the provider's page asks for: the person, or the first method that it offers. */
function asked({ status, text }: Answer, person: string): Record<string, string> | undefined {
  const method = /name="mfa" value="([^"]+)"/.exec(text)?.[1];
  if (method !== undefined) return { mfa: method };
  return status === 200 && text.includes(`name="${PERSON_FIELD}"`) ? { [PERSON_FIELD]: person } : undefined;
}
