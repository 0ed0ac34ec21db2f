import { describe, expect, it } from "vitest";
import { escapeHtml, Html, html, joined } from "./html.ts";

const planted = `<script>alert(1)</script>"onload='x'</style>&amp;`;

describe("html", () => {
  it("escapes every value, in elements and in attributes", () => {
    const text = html`<p title="${planted}">${planted}</p>`.toString();
    expect(text).not.toMatch(/<script|<\/style/);
    expect(text.match(/"/g)).toHaveLength(2);
    expect(text).not.toContain("'");
    expect(text).toContain("&amp;amp;");
  });

  it("takes pieces, lists, numbers and nothing", () => {
    const items = ["a<b", html`<i>${"&"}</i>`, 3];
    expect(html`<p>${items}${undefined}${false}</p>`.toString()).toBe("<p>a&lt;b<i>&amp;</i>3</p>");
    expect(html`${joined(["a", "b"], html`<br>`)}`.toString()).toBe("a<br>b");
  });

  it("takes nothing for a piece that only looks like one", () => {
    const forged = { toString: () => "<b>" } as unknown as Html;
    expect(() => html`${forged}`.toString()).toThrow();
  });

  it("shows control characters as what cannot be shown", () => {
    expect(escapeHtml("a\u0000b\u001bc\u0085d\te")).toBe("a\uFFFDb\uFFFDc\uFFFDd\te");
  });

  it("takes no stylesheet that ends its own element", () => {
    expect(() => Html.style("p::before { content: '</STYLE>' }")).toThrow("end of its own element");
  });
});
