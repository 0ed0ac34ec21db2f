import type { BrowserContext, Page, Request } from "playwright-core";
import { CONDITIONS, type PlayedConditions } from "../../model/conditional-access/played.ts";
import { andArrive, provided, type Refusal, type ShownPage, shownPage } from "./provider-pages.ts";

/** Who signs in, and how. */
export interface SignInAs {
  /** User principal name, a guest's mail address, or the mail address at the partner. */
  readonly name: string;
  /** What Conditional Access sees; absent means an ordinary day at home. */
  readonly conditions?: PlayedConditions;
  /** The method to answer with where one is asked for. Default: the first that the page offers. */
  readonly method?: string;
}

/** How a sign-in went on the provider's side. */
export interface Passed {
  /** The pages that were shown, in order; empty for a sign-in without a word. */
  readonly pages: readonly ShownPage["kind"][];
  /** Set when the provider turned the person away. */
  readonly refusal?: Refusal;
}

/** Somebody with a browser of their own: cookies of one person never meet another's. */
export class Person {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Hosts that this person's pages asked for; not those that a page's own content security policy kept it from. */
  readonly hosts = new Set<string>();

  readonly #pages = new Map<string, Promise<Page>>();

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    const note = (request: Request) => {
      const { protocol, host } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && request.failure()?.errorText !== "csp") this.hosts.add(host);
    };
    context.on("requestfinished", note);
    context.on("requestfailed", note);
  }

  static async in(context: BrowserContext): Promise<Person> {
    return new Person(context, await context.newPage());
  }

  /** Opens a page of a tool, whatever then leads elsewhere. A tool's page may still be drawing itself afterwards. */
  async open(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: "commit" });
    await provided(this.page);
  }

  /** Leaves the page that was reached before it has drawn itself, which takes a processor for seconds. */
  async lookAway(): Promise<void> {
    await this.page.goto("about:blank");
  }

  /**
   * Answers the provider's pages until the browser is back at a tool, or the provider refuses.
   * @throws Error when it asks for what was not expected, such as the person again.
   */
  async passProvider(as: SignInAs): Promise<Passed> {
    const pages: ShownPage["kind"][] = [];
    for (;;) {
      const shown = await shownPage(this.page);
      if (shown === undefined) return { pages };
      if (pages.includes(shown.kind)) throw new Error(`The provider shows the page "${shown.kind}" a second time.`);
      pages.push(shown.kind);
      if (shown.kind === "refused") return { pages, refusal: shown };
      if (shown.kind === "pick") await this.#pick(as);
      else if (shown.kind === "verify") await this.#verify(as.method ?? shown.methods[0]);
      else throw new Error("The provider signs out instead of in.");
    }
  }

  /** A second page that stays where it is, so that questions can be asked from there. */
  pageAt(url: string): Promise<Page> {
    const known = this.#pages.get(url) ?? this.#openAt(url);
    this.#pages.set(url, known);
    return known;
  }

  /** Names of the cookies that the browser would send there. */
  async cookieNames(url: string): Promise<string[]> {
    return (await this.context.cookies(url)).map(({ name }) => name).sort();
  }

  /** A picture of the page as it stands. */
  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file, animations: "disabled", caret: "hide" });
  }

  close(): Promise<void> {
    return this.context.close();
  }

  async #openAt(url: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(url, { waitUntil: "domcontentloaded" });
    return page;
  }

  async #pick({ name, conditions = {} }: SignInAs): Promise<void> {
    const { page } = this;
    if (Object.keys(conditions).length > 0) await page.getByText("Conditions of this sign-in").click();
    for (const [condition, value] of Object.entries(conditions)) {
      const field = page.locator(`#condition-${condition}`);
      const isChoice = CONDITIONS[condition as keyof PlayedConditions].words !== undefined;
      await (isChoice ? field.selectOption(value) : field.fill(value));
    }
    await page.locator("#username").fill(name);
    await andArrive(page, () => page.getByRole("button", { name: "Sign in", exact: true }).click());
  }

  async #verify(method: string | undefined): Promise<void> {
    const button = this.page.locator(`button[name="mfa"][value="${method}"]`);
    if ((await button.count()) === 0) throw new Error(`The page "Verify your identity" does not offer ${method}.`);
    await andArrive(this.page, () => button.click());
  }
}
