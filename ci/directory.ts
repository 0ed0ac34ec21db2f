import type { Job } from "./job.ts";
import { outputOf } from "./process.ts";
import type { Directory } from "./undeclared.ts";

const GRAPH = "https://graph.microsoft.com";

/** How a page is asked for; tests give their own. */
export type Ask = (url: string, token: string) => Promise<{ readonly status: number; readonly body: unknown }>;

/** Microsoft Graph with the job's own sign-in. The token goes from `az` to Graph, and into no argument and no log. */
export async function openDirectory(job: Job, ask: Ask = askOverHttp): Promise<Directory> {
  const args = ["account", "get-access-token", "--resource", GRAPH, "--query", "accessToken", "--output", "tsv"];
  const token = (await outputOf(job.run, "az", args)).trim();
  const get = async (url: string) => {
    const { status, body } = await ask(url, token);
    if (status !== 200) throw new Error(`Microsoft Graph answered ${status} to GET ${new URL(url).pathname}.`);
    return body as Record<string, unknown>;
  };
  return {
    object: (path) => get(`${GRAPH}/v1.0${path}`),
    list: async (path) => {
      const items: Record<string, unknown>[] = [];
      let next: string | undefined = `${GRAPH}/v1.0${path}`;
      while (next !== undefined) {
        const page = await get(next);
        items.push(...(page.value as Record<string, unknown>[]));
        next = page["@odata.nextLink"] as string | undefined;
      }
      return items;
    },
  };
}

const askOverHttp: Ask = async (url, token) => {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(60_000),
  });
  return { status: response.status, body: await response.json() };
};
