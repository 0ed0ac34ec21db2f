import { z } from "zod";
import { GraphError } from "./errors.ts";

const MAX_REQUESTS = 20;

const batchBody = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        id: z.string(),
        method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
        url: z.string(),
        headers: z.record(z.string(), z.string()).optional(),
        body: z.unknown().optional(),
        dependsOn: z.array(z.string()).optional(),
      }),
    )
    .min(1)
    .max(MAX_REQUESTS),
});

interface BatchAnswer {
  id: string;
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}

/**
 * `POST /$batch` (https://learn.microsoft.com/graph/json-batching): runs each request as the caller of the batch, in the
 * given order; one whose dependency failed is 424.
 */
export async function answerBatch(
  body: unknown,
  version: string,
  authorization: string,
  send: (request: Request) => Promise<Response>,
): Promise<unknown> {
  const parsed = batchBody.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new GraphError(400, "BadRequest", `Invalid batch payload: ${issue?.path.join(".")} ${issue?.message}`);
  }
  const answers: BatchAnswer[] = [];
  for (const { id, method, url, headers, body: inner, dependsOn } of parsed.data.requests) {
    const failed = dependsOn?.some((other) => (answers.find((answer) => answer.id === other)?.status ?? 424) >= 400);
    if (failed) {
      answers.push({
        id,
        status: 424,
        headers: {},
        body: { error: { code: "FailedDependency", message: "A request that this one depends on failed." } },
      });
      continue;
    }
    const sent = new Headers({ ...headers, authorization });
    const response = await send(
      new Request(`https://graph.microsoft.com/${version}/${url.replace(/^\/+/, "")}`, {
        method,
        headers: sent,
        body: inner === undefined || method === "GET" ? null : JSON.stringify(inner),
      }),
    );
    const text = await response.text();
    const type = response.headers.get("content-type");
    answers.push({
      id,
      status: response.status,
      headers: type === null ? {} : { "Content-Type": type },
      ...(text !== "" && { body: JSON.parse(text) as unknown }),
    });
  }
  return { responses: answers };
}
