import type { Page } from "playwright-core";
import type { Person } from "../person.ts";
import { andArrive, isProvider } from "../provider-pages.ts";
import { Tool } from "./tool.ts";

/** Superset: roles and rights as `/api/v1/me/` and the API's own checks tell them. */
export class Superset extends Tool {
  readonly id = "superset";
  protected readonly quietPath = "/health";

  async roles(person: Person): Promise<string[]> {
    const { result } = await this.fact(person, "/api/v1/me/roles/");
    return Object.keys(result.roles).sort();
  }

  rights(person: Person): Promise<string[]> {
    return this.allowed(person, {
      "see users": [200, "/api/v1/security/users/"],
      "write SQL": [200, "/api/v1/sqllab/"],
      "see dashboards": [200, "/api/v1/dashboard/"],
    });
  }

  async identity(person: Person): Promise<string> {
    const { result } = await this.fact(person, "/api/v1/me/");
    return `${result.id} ${result.username}`;
  }

  async isOpen(person: Person): Promise<boolean> {
    return (await this.ask(person, "/api/v1/me/")).status === 200;
  }

  async signOut(person: Person): Promise<void> {
    await person.open(`${this.url}/logout/`);
  }

  protected buttonPath(provider: string): string {
    return `/login/${provider}`;
  }

  /** The page is drawn by a script, with a link for each provider. */
  protected async chooseProvider(page: Page, provider: string): Promise<void> {
    if (isProvider(page.url()) || !new URL(page.url()).pathname.startsWith("/login")) return;
    await andArrive(page, () => page.locator(`a[href^="/login/${provider}"]`).click());
  }
}
