import { createInterface } from "node:readline";
import { Refusal } from "../output.ts";

/** Somebody who answers questions, line by line. */
export interface Prompter {
  /** Prints a line. */
  say(text: string): void;
  /**
   * Asks for one line.
   * @throws Refusal when there are no more lines, or at Ctrl-C
   */
  ask(question: string): Promise<string>;
  close(): void;
}

/**
 * Asks over two streams. Lines that come before their question wait for it: node's own `question` would lose them when they are
 * pasted or piped.
 */
export function createPrompter(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Prompter {
  const lines: string[] = [];
  let waiting: { resolve(line: string): void; reject(error: Error): void } | undefined;
  let ended = false;
  const stopped = () => new Refusal("Stopped before the last answer; nothing was written.");
  const readline = createInterface({ input, output });
  readline.on("line", (line) => {
    if (waiting === undefined) lines.push(line);
    else waiting.resolve(line);
    waiting = undefined;
  });
  readline.on("SIGINT", () => readline.close());
  readline.on("close", () => {
    ended = true;
    waiting?.reject(stopped());
    waiting = undefined;
  });
  return {
    say: (text) => void output.write(`${text}\n`),
    close: () => readline.close(),
    async ask(question) {
      const ready = lines.shift();
      if (ready !== undefined || ended) output.write(question);
      if (ready !== undefined) {
        output.write("\n");
        return ready.trim();
      }
      if (ended) throw stopped();
      readline.setPrompt(question);
      readline.prompt();
      const line = await new Promise<string>((resolve, reject) => {
        waiting = { resolve, reject };
      });
      return line.trim();
    },
  };
}
