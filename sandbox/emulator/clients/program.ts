/** What the client programs have in common: they run steps and print what each gave, as one JSON object. */
export async function runSteps(steps: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  const results: Record<string, unknown> = {};
  for (const [name, step] of Object.entries(steps)) {
    try {
      results[name] = await step();
    } catch (error) {
      results[name] = { failed: error instanceof Error ? error.message : String(error) };
    }
  }
  process.stdout.write(JSON.stringify(results));
}

/** The refusal that a call is expected to meet; a call that works gives `{ accepted: true }`. */
export async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return { accepted: true };
  } catch (error) {
    const { statusCode, code, message } = error as { statusCode?: number; code?: string; message: string };
    return { statusCode, code, message };
  }
}

export async function collect<T, R>(items: AsyncIterable<T>, read: (item: T) => R): Promise<R[]> {
  const found: R[] = [];
  for await (const item of items) found.push(read(item));
  return found;
}

export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`The environment variable ${name} is missing.`);
  return value;
}
