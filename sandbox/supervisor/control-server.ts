import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request of a command; throws an error whose message is for people. */
export type ControlHandler = (body: unknown) => Promise<unknown> | unknown;

export interface ControlServer {
  readonly url: string;
  /** What a command has to show; stands in the supervisor's record, which only this user can read. */
  readonly token: string;
  close(): Promise<void>;
}

/** The supervisor's own endpoint on loopback: `"POST /seed"` → handler. */
export async function startControlServer(handlers: Readonly<Record<string, ControlHandler>>): Promise<ControlServer> {
  const token = randomBytes(32).toString("base64url");
  const expected = Buffer.from(`Bearer ${token}`);
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const shown = Buffer.from(request.headers.authorization ?? "");
    if (shown.length !== expected.length || !timingSafeEqual(shown, expected))
      return answer(401, { error: "Wrong control token." });
    const handler = handlers[`${request.method} ${request.url}`];
    if (!handler) return answer(501, { error: `The supervisor has no ${request.method} ${request.url}.` });
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString("utf8");
      answer(200, (await handler(text ? JSON.parse(text) : undefined)) ?? {});
    } catch (error) {
      answer(500, { error: (error as Error).message });
    }
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
