import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { formPostPage, show } from "../page.ts";
import { CONDITIONAL_ACCESS_ERRORS } from "./aadsts-conditional-access.ts";
import { answerMode, type ResponseMode, type TrustedTarget } from "./authorize-request.ts";
import { EntraError, errorReport } from "./errors.ts";
import { errorPage } from "./pages.ts";
import type { EntraState } from "./state.ts";

/** What the person has to see: an unknown or disabled account, no assignment, and what Conditional Access refuses. */
const FOR_THE_PERSON: readonly number[] = [50034, 50057, 50105, ...Object.keys(CONDITIONAL_ACCESS_ERRORS).map(Number)];

/**
 * A refusal after the redirect URI is known to be right. What the person has to see is a page, unless the tool asked not to
 * show any; all else goes to the tool.
 */
export async function fail(
  c: Context,
  state: EntraState,
  target: TrustedTarget,
  parameters: URLSearchParams,
  error: unknown,
): Promise<Response> {
  if (!(error instanceof EntraError)) throw error;
  if (FOR_THE_PERSON.includes(error.details.code) && parameters.get("prompt") !== "none") {
    const retry = new URLSearchParams(parameters);
    retry.set("prompt", "select_account");
    return showError(c, state, error, { query: retry.toString() });
  }
  const report = errorReport(error, state.context.now(), parameters.get("client-request-id") ?? undefined);
  const { error: name, error_description, error_uri } = report;
  return redirect(
    c,
    answerMode(parameters),
    target.redirectUri,
    { error: name, error_description, error_uri },
    parameters,
  );
}

/** Sends an answer to the tool, with the request's `state`. */
export async function redirect(
  c: Context,
  mode: ResponseMode,
  redirectUri: string,
  answer: Readonly<Record<string, string>>,
  parameters: URLSearchParams,
): Promise<Response> {
  const state = parameters.get("state");
  const all = state === null ? answer : { ...answer, state };
  if (mode === "form_post") return show(c, formPostPage(redirectUri, all));
  c.header("Cache-Control", "no-store");
  const values = new URLSearchParams(all).toString();
  if (mode === "fragment") return c.redirect(`${redirectUri}#${values}`, 302);
  return c.redirect(`${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${values}`, 302);
}

/**
 * Shows a refusal to the person. Throws what is no refusal.
 * @param from `query` of a new attempt if there is one, and `correlationId` where the request's own query does not say it
 */
export async function showError(
  c: Context,
  state: EntraState,
  error: unknown,
  from: { readonly query?: string; readonly correlationId?: string } = {},
): Promise<Response> {
  if (!(error instanceof EntraError)) throw error;
  const correlationId = from.correlationId ?? new URL(c.req.url).searchParams.get("client-request-id") ?? randomUUID();
  const report = errorReport(error, state.context.now(), correlationId);
  return show(c, errorPage(error.details, report, from.query), 400);
}
