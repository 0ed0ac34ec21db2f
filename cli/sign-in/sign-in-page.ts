import { PERSON_FIELD } from "../../sandbox/emulator/entra/index.ts";
import type { SandboxFetch, SandboxResponse } from "./network.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/**
 * Answers the sign-in page as a person does: opens it, picks themselves, and where a second page asks for a method, takes the
 * first that it offers.
 * @param url of the authorize request
 * @param fields what is filled in beside the name: the conditions of the sign-in
 * @returns the answer that ends it: a redirect to the tool, or a refusal. Its body is not read.
 */
export async function answerSignInPage(
  fetch: SandboxFetch,
  url: string,
  person: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<SandboxResponse> {
  const page = await fetch(url);
  if (page.status !== 200) return page;
  // An answer that is left unread keeps its connection.
  await page.text();
  const picked = await post(fetch, url, { ...fields, [PERSON_FIELD]: person });
  if (picked.status !== 200) return picked;
  const text = await picked.text();
  const method = /name="mfa" value="([^"]+)"/.exec(text)?.[1];
  if (method === undefined) return withText(picked, text);
  const cookie = picked.headers.getSetCookie().map((one) => one.split(";")[0]);
  return post(fetch, url, { mfa: method }, { cookie: cookie.join("; ") });
}

function post(
  fetch: SandboxFetch,
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<SandboxResponse> {
  return fetch(url, {
    method: "POST",
    headers: { ...FORM, ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

/** An answer whose body was read already. */
function withText({ status, headers }: SandboxResponse, text: string): SandboxResponse {
  return { status, headers, text: async () => text, json: async () => JSON.parse(text) };
}
