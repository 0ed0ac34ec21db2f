/** A fenced block of a page whose first line says where it goes. */
export interface Block {
  /** Below the checkout. */
  readonly file: string;
  readonly how: { readonly kind: "write" | "append" } | { readonly kind: "below"; readonly line: string };
  readonly text: string;
}

/**
 * The blocks of a page that name a file: `file=<path>` is a whole file, `append=<path>` goes to a file's end,
 * `below="<line>" file=<path>` goes below that line. Blocks without such words are for reading.
 */
export function blocks(page: string): Block[] {
  const fences = page.matchAll(/^```\w+ (?:below="([^"]*)" )?(file|append)=(\S+)\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, line, word, file = "", text = ""]) => {
    const kind = word === "append" ? "append" : "write";
    return { file, how: line === undefined ? { kind } : { kind: "below", line }, text };
  });
}
