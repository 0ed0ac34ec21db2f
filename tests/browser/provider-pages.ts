import type { Page } from "playwright-core";

/** The provider turned somebody away, on a page of its own. */
export interface Refusal {
  readonly kind: "refused";
  /** Entra's `AADSTS50105`, or a partner's `E0000004`. */
  readonly code: string;
  readonly message: string;
}

/** What a page of Entra's or of a partner's asks for. */
export type ShownPage =
  | { readonly kind: "pick" }
  | { readonly kind: "verify"; readonly methods: readonly string[] }
  | { readonly kind: "signed-out" }
  | Refusal;

/** Entra, and partners: their provider is Okta-like. */
const PROVIDERS = /^(login\.microsoftonline\.com|[^.]+\.okta\.com)$/;

/** The provider's page that stands in the browser; undefined at a tool. @throws Error for a page that nobody knows */
export async function shownPage(page: Page): Promise<ShownPage | undefined> {
  if (!isProvider(page.url())) return undefined;
  if (await has(page, "#error")) return refusal(page);
  if (await has(page, 'button[name="mfa"]')) {
    const buttons = await page.locator('button[name="mfa"]').all();
    const methods = await Promise.all(buttons.map((button) => button.getAttribute("value")));
    return { kind: "verify", methods: methods.map((method) => method ?? "") };
  }
  if (await has(page, "input#username")) return { kind: "pick" };
  const text = (await page.locator("main").innerText()).trim();
  if (/^You (signed out|are signed out) of /.test(text)) return { kind: "signed-out" };
  throw new Error(`${page.url()} shows a page that is not known here:\n${text}`);
}

export function isProvider(url: string): boolean {
  return URL.canParse(url) && PROVIDERS.test(new URL(url).hostname);
}

/** Waits until a provider's page is whole, so that it can be read; a tool's page is left to itself. */
export async function provided(page: Page): Promise<void> {
  if (isProvider(page.url())) await page.waitForLoadState("domcontentloaded");
}

/** Acts on a page, and waits until the one that follows is there, after all redirects. */
export async function andArrive(page: Page, act: () => Promise<unknown>): Promise<void> {
  const arrived = page.waitForEvent("framenavigated", { predicate: (frame) => frame === page.mainFrame() });
  await Promise.all([arrived, act()]);
  await provided(page);
}

async function refusal(page: Page): Promise<Refusal> {
  const message = (await page.locator("#error").innerText()).trim();
  const partnersCode = page.locator("#code");
  const code =
    (await partnersCode.count()) > 0 ? await partnersCode.innerText() : (/^AADSTS\d+/.exec(message)?.[0] ?? "");
  return { kind: "refused", code, message };
}

async function has(page: Page, selector: string): Promise<boolean> {
  return (await page.locator(selector).count()) > 0;
}
