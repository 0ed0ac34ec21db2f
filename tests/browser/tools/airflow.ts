import type { Page } from "playwright-core";
import type { Person } from "../person.ts";
import { andArrive } from "../provider-pages.ts";
import { Tool } from "./tool.ts";

const RUN = { method: "POST", body: { logical_date: null } } as const;
const VARIABLE = "entrada-browser-test";

/** Airflow: it tells nobody their own roles, so an administrator's session reads them; rights are tried. */
export class Airflow extends Tool {
  readonly id = "airflow";
  protected readonly quietPath = "/api/v2/version";

  /** @param admin somebody whose session may read all users */
  constructor(
    url: string,
    private readonly admin: () => Promise<Person>,
  ) {
    super(url);
  }

  async roles(person: Person): Promise<string[]> {
    const { username } = await this.fact(person, "/ui/auth/me");
    const { users } = await this.fact(await this.admin(), "/auth/fab/v1/users?limit=100");
    const user = (users as { username: string; roles: { name: string }[] }[]).find((one) => one.username === username);
    return (user?.roles ?? []).map(({ name }) => name).sort();
  }

  /** There is no DAG in the database, so who may start one is told that it is missing (404), and who may not, 403. */
  async rights(person: Person): Promise<string[]> {
    const rights = await this.allowed(person, {
      "see users": [200, "/auth/fab/v1/users"],
      "write variables": [201, "/api/v2/variables", { method: "POST", body: { key: VARIABLE, value: "1" } }],
      "run every DAG": [404, "/api/v2/dags/any/dagRuns", RUN],
      "run the DAG sales": [404, "/api/v2/dags/sales/dagRuns", RUN],
      "see DAGs": [200, "/api/v2/dags"],
    });
    if (rights.includes("write variables"))
      await this.ask(person, `/api/v2/variables/${VARIABLE}`, { method: "DELETE" });
    return rights;
  }

  async identity(person: Person): Promise<string> {
    const { id, username } = await this.fact(person, "/ui/auth/me");
    return `${id} ${username}`;
  }

  async isOpen(person: Person): Promise<boolean> {
    return (await this.ask(person, "/ui/auth/me")).status === 200;
  }

  async signOut(person: Person): Promise<void> {
    await person.open(`${this.url}/api/v2/auth/logout`);
  }

  protected buttonPath(provider: string): string {
    return `/auth/login/${provider}`;
  }

  /** The first page is a script that finds out that nobody is signed in, and then goes to the page with the buttons. */
  protected async chooseProvider(page: Page, provider: string): Promise<void> {
    const button = page.locator(`#btn-signin-${provider}`);
    const inside = page.locator("nav").first();
    await button.or(inside).first().waitFor();
    if (await button.isVisible()) await andArrive(page, () => button.click());
  }
}
