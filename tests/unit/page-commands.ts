/** A command as a page prints it, split into words as a shell would. */
export interface PageCommand {
  readonly line: string;
  readonly words: readonly string[];
}

/** The commands in the `sh` blocks of a page, in their order: lines that end in a backslash go on, comments are left out. */
export function commandsOf(page: string): PageCommand[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  return blocks
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, "").split("\n"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ line, words: wordsOf(line) }));
}

/** Words of a command line: quotes hold spaces together, a `#` after a space begins a comment. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [, single, double, plain] of line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    if (plain?.startsWith("#")) break;
    words.push(single ?? double ?? plain ?? "");
  }
  return words;
}
