const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (one) => ESCAPES[one] ?? one);

/** An element with text, or with elements that were made by this function; attributes are escaped too. */
export function element(
  name: string,
  content: string | { readonly xml: readonly string[] },
  attributes: Readonly<Record<string, string>> = {},
): string {
  const inner = typeof content === "string" ? escaped(content) : content.xml.join("");
  const start = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(" ");
  return inner === "" ? `<${start} />` : `<${start}>${inner}</${name}>`;
}

export const xmlDocument = (root: string) => `<?xml version="1.0" encoding="utf-8"?>${root}`;
