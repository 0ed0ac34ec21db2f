import { request } from "undici";
import { type SandboxFetch, sandboxFetch } from "../../cli/sign-in/network.ts";
import { PERSON_FIELD } from "../../sandbox/emulator/entra/index.ts";
import { CookieJar } from "./cookie-jar.ts";
import type { TestSandbox } from "./harness.ts";

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  /** Where a redirect leads; empty for other answers. */
  readonly location: string;
}

/** A browser without a screen: it keeps cookies by host, and sends what a Gateway would add to its requests. */
export class Browser {
  readonly #fetch: SandboxFetch;
  /** Host → address of who serves it on this machine. */
  readonly local: Readonly<Record<string, string>>;
  readonly #jar = new CookieJar();

  constructor(sandbox: TestSandbox, local: Readonly<Record<string, string>>) {
    this.#fetch = sandboxFetch(sandbox.record);
    this.local = local;
  }

  /** Names of the cookies of a host. */
  cookies(host: string): string[] {
    return [...this.#jar.of(host).keys()];
  }

  /** One request; redirects are not followed. */
  async get(url: string, headers: Record<string, string> = {}, form?: Record<string, string>): Promise<Page> {
    const { host } = new URL(url);
    const local = this.local[host];
    const sent = { ...headers, cookie: this.#jar.header(host) };
    const answer = local === undefined ? await this.#outside(url, sent, form) : await this.#inside(url, local, sent);
    for (const cookie of answer.setCookies) this.#jar.keep(host, cookie);
    return { url, status: answer.status, text: answer.text, location: absolute(answer.location, url) };
  }

  /**
   * Opens a page as a person would: redirects are followed, at the provider's page the person is picked, and where another
   * method is asked for, the first one that is offered.
   */
  async open(url: string, person: string): Promise<Page> {
    let page = await this.get(url);
    for (let step = 0; step < 12; step++) {
      if (page.location !== "") page = await this.get(page.location);
      else if (page.status === 200 && this.local[new URL(page.url).host] === undefined && person !== "") {
        page = await this.#answer(page.url, { [PERSON_FIELD]: person });
        const method = /name="mfa" value="([^"]+)"/.exec(page.text)?.[1];
        if (page.location === "" && method !== undefined) page = await this.#answer(page.url, { mfa: method });
        if (page.location === "") return page;
      } else return page;
    }
    throw new Error(`${url} leads round in circles, at last to ${page.url}`);
  }

  /** Fills in a form of the provider's. */
  #answer(url: string, form: Record<string, string>): Promise<Page> {
    return this.get(url, { "content-type": "application/x-www-form-urlencoded" }, form);
  }

  async #outside(url: string, headers: Record<string, string>, form: Record<string, string> | undefined) {
    const post = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form).toString() };
    const response = await this.#fetch(url, { headers, ...post });
    const { status } = response;
    const location = response.headers.get("location") ?? "";
    return { status, text: await response.text(), location, setCookies: response.headers.getSetCookie() };
  }

  async #inside(url: string, local: string, headers: Record<string, string>) {
    const { host, pathname, search } = new URL(url);
    const gateway = { host, "x-forwarded-host": host, "x-forwarded-proto": "https" };
    const response = await request(`${local}${pathname}${search}`, { headers: { ...gateway, ...headers } });
    const values = (name: string): string[] => [response.headers[name] ?? []].flat();
    const [location = ""] = values("location");
    return {
      status: response.statusCode,
      text: await response.body.text(),
      location,
      setCookies: values("set-cookie"),
    };
  }
}

function absolute(location: string, base: string): string {
  return location === "" ? "" : new URL(location, base).toString();
}
