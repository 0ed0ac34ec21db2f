import type { SupervisorRecord } from "./record.ts";

/** Asks the running supervisor. Its answers are JSON; an error's message is meant for people. */
export async function control<T>(
  sandbox: Pick<SupervisorRecord, "control">,
  method: "GET" | "POST",
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${sandbox.control.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.control.token}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The sandbox answered ${response.status} to ${method} ${path}.`);
  return answer;
}

/** The id of what an interrupted create left behind in the cloud, if anything. */
export async function findLeftover(
  sandbox: Pick<SupervisorRecord, "control">,
  resource: { type: string; urn: string; inputs: Record<string, unknown> },
): Promise<string | undefined> {
  return (await control<{ id?: string }>(sandbox, "POST", "/find", resource)).id;
}
