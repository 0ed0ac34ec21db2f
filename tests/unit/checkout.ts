import { execFileSync } from "node:child_process";
import { vi } from "vitest";
import { WrongUse } from "../../cli/output.ts";

/** Runs git in a checkout of the tests' own, as somebody who is nobody. */
export function gitIn(root: string, ...args: string[]): void {
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@contoso.com", ...args], {
    cwd: root,
    stdio: "ignore",
  });
}

/** What a command prints when it is called here, and its exit code. */
export function printedBy(command: () => void): { text: string; code: unknown } {
  const printed: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    command();
  } finally {
    vi.restoreAllMocks();
  }
  return { text: printed.join(""), code: process.exitCode };
}

/** The lines of a wrong use, without the last, which points to the help; none where the command runs. */
export function problemsOfUse(command: () => void): string[] {
  try {
    printedBy(command);
  } catch (error) {
    if (error instanceof WrongUse) return error.message.split("\n").slice(0, -1);
    throw error;
  }
  return [];
}
