import { expect, test } from "vitest";
import { createApi } from "./api.ts";
import type { Http, HttpResponse } from "./http.ts";
import { claimOf, clientCredentials } from "./token.ts";

type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

/** An API whose answers are given one after the other; the last one stays. */
function scripted(...replies: Reply[]) {
  const waits: number[] = [];
  const sent: {
    method: string;
    url: string;
    headers: Readonly<Record<string, string>> | undefined;
    body: string | undefined;
  }[] = [];
  const http: Http = async ({ method, url, headers, body }): Promise<HttpResponse> => {
    sent.push({ method, url, headers, body });
    const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? { status: 500 };
    return {
      status: reply.status,
      headers: reply.headers ?? {},
      body: reply.body === undefined ? "" : JSON.stringify(reply.body),
    };
  };
  const api = createApi({
    http,
    token: async () => "t",
    base: "https://graph.microsoft.com",
    sleep: async (milliseconds) => void waits.push(milliseconds),
  });
  return { api, waits, sent };
}
const refused = (status: number, code = "Code") => ({ status, body: { error: { code, message: "why" } } });

test("a request carries the token and its JSON", async () => {
  const { api, sent } = scripted({ status: 201, body: { id: "1" } });
  expect((await api.call("POST", "/v1.0/groups", { a: 1 })).body).toEqual({ id: "1" });
  expect(sent).toEqual([
    {
      method: "POST",
      url: "https://graph.microsoft.com/v1.0/groups",
      headers: { authorization: "Bearer t", accept: "application/json", "content-type": "application/json" },
      body: '{"a":1}',
    },
  ]);
});

test.each([429, 408, 424, 500, 503])("%i is tried again, after 1, 2 and 4 seconds", async (status) => {
  const { api, waits } = scripted(refused(status), refused(status), refused(status), { status: 204 });
  expect((await api.call("DELETE", "/x")).status).toBe(204);
  expect(waits).toEqual([1000, 2000, 4000]);
});

test("Retry-After is obeyed, and in the end the answer stands", async () => {
  const asked = scripted({ ...refused(429), headers: { "retry-after": "7" } }, { status: 200, body: {} });
  await asked.api.call("GET", "/x");
  expect(asked.waits).toEqual([7000]);
  const down = scripted(refused(503, "Busy"));
  await expect(down.api.call("GET", "/x")).rejects.toThrow("GET /x was answered with 503 Busy: why");
  expect(down.waits).toEqual([1000, 2000, 4000, 8000, 16000]);
});

test.each([400, 403, 409, 501])("%i is told at once", async (status) => {
  const { api, waits } = scripted(refused(status));
  await expect(api.call("POST", "/x", {})).rejects.toMatchObject({ status, code: "Code" });
  expect(waits).toEqual([]);
});

test("what is not everywhere yet is tried again shortly", async () => {
  const { api, waits } = scripted(refused(404), refused(404), { status: 204 });
  await api.call("POST", "/x", {}, { retry: (status) => status === 404 });
  expect(waits).toEqual([250, 250]);
});

test("lists follow their pages, find tells nothing for 404, gone waits for it", async () => {
  const pages = scripted(
    { status: 200, body: { value: [{ id: 1 }], "@odata.nextLink": "https://graph.microsoft.com/v1.0/x?p=2" } },
    { status: 200, body: { value: [{ id: 2 }] } },
  );
  expect(await pages.api.list("/v1.0/x")).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await scripted(refused(404)).api.find("/x")).toBeUndefined();
  const leaving = scripted({ status: 200, body: {} }, { status: 200, body: {} }, refused(404));
  await leaving.api.gone("/x", 5);
  expect(leaving.waits).toEqual([250, 250]);
  await expect(scripted({ status: 200, body: {} }).api.gone("/x", 1)).rejects.toThrow("still there 1 s after");
});

test("a token is asked for once until a minute before its end; a refusal is told and not kept", async () => {
  let now = 0;
  let refuse = true;
  const bodies: string[] = [];
  const http: Http = async ({ url, body }) => {
    bodies.push(`${url} ${body}`);
    if (refuse)
      return {
        status: 401,
        headers: {},
        body: JSON.stringify({ error_description: "AADSTS7000215: Invalid client secret." }),
      };
    return { status: 200, headers: {}, body: JSON.stringify({ access_token: `t${bodies.length}`, expires_in: 3600 }) };
  };
  const token = clientCredentials(
    http,
    { tenantId: "tid", clientId: "c", clientSecret: "s&s" },
    "https://graph.microsoft.com",
    () => now,
  );
  await expect(token()).rejects.toThrow("AADSTS7000215");
  refuse = false;
  expect(await Promise.all([token(), token()])).toEqual(["t2", "t2"]);
  now = 3_539_000;
  expect(await token()).toBe("t2");
  now = 3_541_000;
  expect(await token()).toBe("t3");
  expect(bodies[1]).toBe(
    "https://login.microsoftonline.com/tid/oauth2/v2.0/token grant_type=client_credentials&client_id=c&client_secret=s%26s&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default",
  );
});

test("a claim is read from a token", () => {
  const token = `h.${Buffer.from('{"oid":"1"}').toString("base64url")}.s`;
  expect(claimOf(token, "oid")).toBe("1");
  expect(() => claimOf(token, "tid")).toThrow('no claim "tid"');
});
