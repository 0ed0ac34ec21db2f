import type { Page } from "playwright-core";
import type { Passed, Person, SignInAs } from "../person.ts";

/** An answer of a tool's own API. Status 302 stands for any redirect: the session is not taken. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

/** What is asked of a tool's own API. */
export interface Question {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: unknown;
}

/** Where a sign-in begins. */
export interface Entrance {
  /**
   * Page of the tool that is asked for, whose scripts then show the way to the provider. Default: straight to where the tool's
   * button leads, because those pages take seconds to draw and few tests are about them.
   */
  readonly path?: string;
  /** Key of the partner whose people come; absent for the company's own. */
  readonly partner?: string;
}

/** A running tool as a person meets it: its pages, and its own answer to who is there with which rights. */
export abstract class Tool {
  abstract readonly id: "superset" | "airflow" | "reports";
  /** Without a slash at its end. */
  readonly url: string;
  /** A page of the tool that needs no session and runs no script, from where its API can be asked. */
  protected abstract readonly quietPath: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Goes to a provider by the tool's page or by its button's address, and answers the provider's pages. */
  async signIn(person: Person, as: SignInAs, { path, partner }: Entrance = {}): Promise<Passed> {
    const provider = partner ?? "azure";
    await person.open(`${this.url}${path ?? this.buttonPath(provider)}`);
    if (path !== undefined) await this.chooseProvider(person.page, provider);
    const passed = await person.passProvider(as);
    if (path === undefined && passed.refusal === undefined) await person.lookAway();
    return passed;
  }

  /** The role names that the tool itself counts the person's session to hold, sorted. */
  abstract roles(person: Person): Promise<readonly string[]>;

  /** What the person's session may do, by trying it: a word for each thing that is allowed, sorted. */
  abstract rights(person: Person): Promise<readonly string[]>;

  /** The tool's own key of the person, which must never change. */
  abstract identity(person: Person): Promise<string>;

  /** Whether the person's session opens anything. */
  abstract isOpen(person: Person): Promise<boolean>;

  /** Signs out as the tool's own link does. */
  abstract signOut(person: Person): Promise<void>;

  /** Asks the tool's own API in the person's browser, with the person's session. */
  async ask(person: Person, path: string, question: Question = {}): Promise<Answer> {
    const page = await person.pageAt(`${this.url}${this.quietPath}`);
    return page.evaluate(
      async ({ path, method, body }) => {
        const headers = { accept: "application/json", ...(body && { "content-type": "application/json" }) };
        const answer = await fetch(path, { method, headers, redirect: "manual", ...(body && { body }) });
        const text = await answer.text();
        let value: unknown = text;
        try {
          value = JSON.parse(text);
        } catch {
          // A page of the tool's, which stays a text.
        }
        return { status: answer.type === "opaqueredirect" ? 302 : answer.status, body: value };
      },
      {
        path,
        method: question.method ?? "GET",
        body: question.body === undefined ? "" : JSON.stringify(question.body),
      },
    );
  }

  /** The answer, of which everything but 200 is a fault. */
  protected async fact(person: Person, path: string): Promise<Answer["body"]> {
    const { status, body } = await this.ask(person, path);
    if (status !== 200) throw new Error(`${this.url}${path} answers ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** The words whose question is answered as wanted, sorted. */
  protected async allowed(
    person: Person,
    tries: Readonly<Record<string, readonly [wanted: number, path: string, question?: Question]>>,
  ): Promise<string[]> {
    const words: string[] = [];
    for (const [word, [wanted, path, question]] of Object.entries(tries)) {
      const { status, body } = await this.ask(person, path, question);
      if (status === wanted) words.push(word);
      else if (status !== 403) throw new Error(`${this.url}${path} answers ${status}: ${JSON.stringify(body)}`);
    }
    return words.sort();
  }

  /** Where the tool's button for a provider leads. */
  protected abstract buttonPath(provider: string): string;

  /** Gets past the tool's own page where a provider is chosen, if it has one. */
  protected abstract chooseProvider(page: Page, provider: string): Promise<void>;
}
