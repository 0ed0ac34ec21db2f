/** How the commands talk: plain lines for scripts, colour and a moving line on a terminal only. */

const interactive = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

const style = (code: number) => (text: string) => (interactive ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = style(1);
export const dim = style(2);
export const red = style(31);
export const green = style(32);
export const yellow = style(33);

/** A "no" that is an answer, not a crash: its message is printed as it is, the exit code is 1. */
export class Refusal extends Error {}

/** Wrong usage that only the settings can tell, such as a person whom nobody knows: exit code 2. */
export class WrongUse extends Error {
  /** @param problems one sentence each; all come at once */
  constructor(problems: readonly string[], command: string) {
    super([...problems, `(entrada ${command} --help shows the options)`].join("\n"));
  }
}

export function line(text = ""): void {
  process.stdout.write(`${text}\n`);
}

export function json(value: unknown): void {
  line(JSON.stringify(value, undefined, 2));
}

/** How tables are drawn where the output goes. */
export function terminal(): { readonly width: number; readonly color: boolean } {
  return { width: process.stdout.columns ?? 120, color: interactive };
}

export function seconds(sinceMs: number): string {
  const elapsed = (Date.now() - sinceMs) / 1000;
  return elapsed < 60 ? `${elapsed.toFixed(1)} s` : `${Math.floor(elapsed / 60)} min ${Math.round(elapsed % 60)} s`;
}

/** Runs one step of a longer command and prints how long it took; on a terminal its progress moves in place. */
export async function step<T>(title: string, run: (progress: (text: string) => void) => Promise<T>): Promise<T> {
  const started = Date.now();
  let shown = false;
  const progress = (text: string) => {
    if (interactive) process.stdout.write(`\r\u001b[K  ${title} ${dim(text)}`);
    else line(`  ${title} ${text}`);
    shown = true;
  };
  if (interactive) process.stdout.write(`  ${title}`);
  try {
    const result = await run(progress);
    if (interactive) process.stdout.write("\r\u001b[K");
    line(`  ${title} ${dim(`(${seconds(started)})`)}`);
    return result;
  } catch (error) {
    if (interactive || shown) line();
    throw error;
  }
}
