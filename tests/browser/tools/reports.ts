import type { Page } from "playwright-core";
import type { Person } from "../person.ts";
import { Tool } from "./tool.ts";

/** The company's own app behind the identity-aware proxy: what the proxy tells it is all that it knows. */
export class Reports extends Tool {
  readonly id = "reports";
  protected readonly quietPath = "/ping";

  /** @param tenantId of Entra, at which the proxy's sign-out may end */
  constructor(
    url: string,
    private readonly tenantId: string,
  ) {
    super(url);
  }

  async roles(person: Person): Promise<string[]> {
    return [...(await this.fact(person, "/api/me")).groups].sort();
  }

  rights(person: Person): Promise<string[]> {
    return this.allowed(person, {
      "read reports": [200, "/api/reports"],
      "publish reports": [201, "/api/reports", { method: "POST" }],
    });
  }

  async identity(person: Person): Promise<string> {
    return (await this.fact(person, "/api/me")).user;
  }

  async isOpen(person: Person): Promise<boolean> {
    return (await this.ask(person, "/api/me")).status === 200;
  }

  async signOut(person: Person): Promise<void> {
    const entra = `https://login.microsoftonline.com/${this.tenantId}/oauth2/v2.0/logout`;
    await person.open(`${this.url}/oauth2/sign_out?rd=${encodeURIComponent(entra)}`);
  }

  /** The proxy leads straight to its only provider. */
  protected buttonPath(): string {
    return "/";
  }

  protected async chooseProvider(_page: Page): Promise<void> {}
}
