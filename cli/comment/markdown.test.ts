import { describe, expect, it } from "vitest";
import { blocks, code, folded, markdownTable, text } from "./markdown.ts";

const ZWSP = "&#8203;";

describe("text", () => {
  it.each([
    ["Mei Tanaka", "Mei Tanaka"],
    ["Zoé Martin", "Zoé Martin"],
    ["a|b", "a&#124;b"],
    ["`rm -rf`", "&#96;rm -rf&#96;"],
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["<!-- entrada: -->", "&lt;!-- entrada: --&gt;"],
    ["AT&T", "AT&amp;T"],
    ["@contoso/admins please", `@${ZWSP}contoso/admins please`],
    ["ana@contoso.com", `ana@${ZWSP}contoso.com`],
    ["see #12 and GH-12", `see #${ZWSP}12 and GH${ZWSP}-12`],
    ["**bold** _and_ ~so~", "\\*\\*bold\\*\\* \\_and\\_ \\~so\\~"],
    ["[click](https://evil.example)", `\\[click\\](https:${ZWSP}//evil.example)`],
    ["www.evil.example", `www${ZWSP}.evil.example`],
    ["$x$", "&#36;x&#36;"],
    ["back\\slash", "back\\\\slash"],
    ["one\n\n## two\r\nthree", "one ## two three"],
    ["right\u202Eto left\u200B", "rightto left"],
  ])("takes a name as it is, whatever is in it: %j", (value, markdown) => {
    expect(text(value)).toBe(markdown);
  });

  it("shortens what nobody reads to the end, between characters", () => {
    const long = "😀".repeat(300);
    expect(text(long)).toBe(`${"😀".repeat(240)}…`);
  });
});

describe("code", () => {
  it("is a span of code where the value allows it, and else HTML with the value escaped", () => {
    expect(code("bi-admins")).toBe("`bi-admins`");
    expect(code("kai.larsen@acme")).toBe("`kai.larsen@acme`");
    expect(code("a`b|c")).toBe("<code>a&#96;b&#124;c</code>");
    expect(code("</code><b>@all")).toBe(`<code>&lt;/code&gt;&lt;b&gt;@${ZWSP}all</code>`);
    expect(code("")).toBe("<code></code>");
  });
});

describe("what is built of it", () => {
  it("keeps a table's rows in their lines", () => {
    expect(markdownTable(["A", "B"], [[text("x|y"), text("1\n2")]])).toBe(
      "| A | B |\n| --- | --- |\n| x&#124;y | 1 2 |",
    );
    expect(markdownTable(["A"], [])).toBe("");
  });

  it("leaves the empty lines that GitHub needs to read markdown inside HTML", () => {
    expect(folded("2 updated", "| A |")).toBe("<details><summary>2 updated</summary>\n\n| A |\n\n</details>");
    expect(blocks("a", "", undefined, "b")).toBe("a\n\nb");
  });
});
