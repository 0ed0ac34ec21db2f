import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeViolations } from "./axe.ts";
import { open, startChromium, until } from "./chromium.ts";
import { companyOf } from "./company-of.ts";
import { pagesFolder } from "./report-file.ts";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1440, height: 900 };
const windows = [PHONE, DESKTOP].map((window) => [window.width, window] as const);

const pages = pagesFolder();
let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  pages.remove();
});

describe.each([5, 5000])("the access review of %i people", (size) => {
  let file: string;

  beforeAll(() => {
    file = pages.report(`company-${size}`, companyOf(size));
  });

  it.each(windows)("paints within 2 s at %i px, fits, asks nobody and breaks no rule of its own", async (_, window) => {
    const { page, requests, complaints } = await open(browser, file, window);
    expect(await until<number>(page, "look.firstPaint()")).toBeLessThan(2000);
    expect(await page.evaluate("look.overflow()")).toEqual([]);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(/^file:/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(windows)("has no accessibility violation by axe at %i px, in light and in dark", async (_, window) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await open(browser, file, { ...window, colorScheme });
      expect(await axeViolations(page)).toEqual([]);
      await page.context().close();
    }
  });

  it("loses nothing on paper that is folded on the screen, and repeats the headings of tables", async () => {
    const { page } = await open(browser, file, DESKTOP);
    const folded = page.locator("details:not([open]) li, details:not([open]) td");
    const count = await folded.count();
    expect(count).toBeGreaterThan(20);
    expect(await page.evaluate("look.invisibleInFolds()")).toBe(count);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate("look.invisibleInFolds()")).toBe(0);
    const paper = { headings: ["table-header-group"], contents: "none", ink: "rgb(0, 0, 0)" };
    expect(await page.evaluate("look.paper()")).toEqual(paper);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? [];
    // Each person stands under the access, and once more in each of the teams: a sheet takes less than 150 lines.
    expect(sheets.length).toBeGreaterThan(Math.max(3, size / 150));
    await page.context().close();
  });
});

/** What has the focus. */
interface Focus {
  readonly name: string | null;
  readonly tag: string;
  readonly visible: boolean;
}

describe("the access review, by keyboard and by ear", () => {
  let file: string;

  beforeAll(() => {
    file = pages.report("company-60", companyOf(60));
  });

  const focused = (page: Page) => page.evaluate<Focus>("look.focus()");

  it("begins with a way past the contents, and reaches every link, table and fold", async () => {
    const { page } = await open(browser, file, DESKTOP);
    await page.keyboard.press("Tab");
    expect(await focused(page)).toEqual({ name: "Skip to the report", tag: "a", visible: true });
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    const stops = await page.evaluate<number>("look.stops()");
    const seen: Focus[] = [];
    for (let step = 0; step < stops; step++) {
      await page.keyboard.press("Tab");
      seen.push(await focused(page));
    }
    expect(seen.filter(({ visible }) => !visible)).toEqual([]);
    expect(new Set(seen.map(({ tag }) => tag))).toEqual(new Set(["a", "region", "summary"]));
    expect(seen.filter(({ tag }) => tag === "region").map(({ name }) => name)).toContain("People with access");
    await page.context().close();
  });

  it("forbids eval, and is waited for all the same", async () => {
    const { page } = await open(browser, file, PHONE);
    await expect(page.waitForFunction("globalThis.later")).rejects.toThrow("unsafe-eval");
    await page.evaluate("setTimeout(() => { globalThis.later = 'come'; }, 300)");
    expect(await until(page, "globalThis.later")).toBe("come");
    await expect(until(page, "globalThis.never", 0.2)).rejects.toThrow(
      "globalThis.never is still undefined after 0.2 s",
    );
    await page.context().close();
  });

  it("unfolds by Enter", async () => {
    const { page } = await open(browser, file, PHONE);
    await page.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.querySelector('details').open")).toBe(true);
    await page.context().close();
  });

  it("scrolls a table that is wider than the window by itself, by keyboard", async () => {
    const { page } = await open(browser, file, { width: 760, height: 900 });
    expect(await page.evaluate("look.overflow()")).toEqual([]);
    await page.getByRole("region", { name: "People with access" }).focus();
    const { left, room } = await page.evaluate<{ left: number; room: number }>("look.scrolled()");
    expect(left).toBe(0);
    expect(room).toBeGreaterThan(0);
    await page.keyboard.press("ArrowRight");
    await until(page, "look.scrolled().left > 0");
    await page.context().close();
  });

  it("stays tables with headings for screen readers where rows look like cards", async () => {
    const { page } = await open(browser, file, PHONE);
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const roles = nodes.filter(({ ignored }) => !ignored).map(({ role }) => String(role?.value));
    const unfolded = (await page.locator("table").count()) - (await page.locator("details table").count());
    expect(roles.filter((role) => role === "table")).toHaveLength(unfolded);
    for (const role of ["row", "rowheader", "columnheader", "cell", "caption"]) expect(roles).toContain(role);
    for (const role of ["banner", "navigation", "main", "contentinfo"]) expect(roles).toContain(role);
    await page.context().close();
  });

  it("opens the fold in which a search finds somebody", async () => {
    const { page } = await open(browser, file, DESKTOP);
    const name = await page.locator("#people details:not([open]) .upn").last().textContent();
    await page.context().close();
    const found = await open(browser, file, DESKTOP, `:~:text=${encodeURIComponent(name ?? "")}`);
    await until(found.page, "document.querySelector('details[open]') !== null");
    expect(await found.page.locator("details[open]").first().textContent()).toContain(name);
    await found.page.context().close();
  });

  it("shows names that are written as markup, and runs none of them", async () => {
    const settings = companyOf(5);
    const planted = `<img src=x onerror="document.title='planted'"></style><script>document.title='planted'</script>`;
    for (const person of Object.values(settings.people)) person.displayName = `Ana ${planted}`;
    const { page, requests, complaints } = await open(browser, pages.report("planted", settings), PHONE);
    expect(await page.title()).not.toContain("planted");
    expect(await page.locator("#people li").first().textContent()).toContain(`Ana ${planted}`);
    expect([requests.length, complaints]).toEqual([1, []]);
    expect(await page.evaluate("look.overflow()")).toEqual([]);
    await page.context().close();
  });
});
