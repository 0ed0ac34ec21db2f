import { html } from "hono/html";
import type { Home } from "../../../model/conditional-access/played.ts";
import type { User } from "../directory.ts";
import { type Markup, type Page, POLICY, page } from "../page.ts";
import { conditionsFieldset } from "./conditions-fieldset.ts";
import type { AadstsError, ErrorReport } from "./errors.ts";
import { signInName } from "./person.ts";
import type { Surroundings } from "./played-form.ts";

export interface SignInPageOptions {
  /** Display name of the application that the person signs in to. */
  readonly application: string;
  readonly people: readonly User[];
  readonly hint?: string;
  /** The request's own parameters, to post back to. */
  readonly query: string;
  readonly home: Home;
  /** What was played before in this browser. */
  readonly played: Surroundings;
  /** What else stands there, below the list. */
  readonly note?: Markup;
}

/**
 * Where a person is picked: a field, a button each, and the conditions of the sign-in. No script is needed. The field stands
 * before the buttons, so that the Enter key in it means its own button.
 */
export async function signInPage(options: SignInPageOptions): Promise<Page> {
  const people = [...options.people].sort((a, b) => a.displayName.localeCompare(b.displayName));
  const rows = people.map((user) => {
    const name = signInName(user);
    const note = [user.jobTitle, user.userType === "Guest" ? "guest" : null, user.accountEnabled ? null : "disabled"];
    return html`<li><button type="submit" name="username" value="${name}">${user.displayName}<br><small>${[name, ...note.filter((text) => text !== null)].join(" · ")}</small></button></li>`;
  });
  const body = html`<h1>Sign in to ${options.application}</h1>
<p class="note">This is the sandbox's directory: pick a person, no password is asked for.</p>
<form method="post" action="?${options.query}">
<label for="username">User name or object id</label>
<input id="username" name="username" autocomplete="username" value="${options.hint ?? ""}"><button type="submit">Sign in</button>
${conditionsFieldset(options.home, options.played)}
<ul aria-label="People of the directory">${rows}</ul></form>${options.note ?? ""}`;
  return page("Sign in to your account", body);
}

/** What a person sees instead of a redirect; `retry` is the query of a new attempt as somebody else. */
export async function errorPage(error: AadstsError, report: ErrorReport, retry?: string): Promise<Page> {
  return page(
    "Sign in to your account",
    html`<h1>Sorry, but we’re having trouble signing you in.</h1>
<p id="error">${error.message}</p>
<p><strong>Fix:</strong> <span id="fix">${error.fix}</span></p>
${retry === undefined ? "" : html`<p><a href="?${retry}">Sign in as somebody else</a></p>`}
<p class="note">Trace ID: <code>${report.trace_id}</code><br>Correlation ID: <code>${report.correlation_id}</code><br>Timestamp: ${report.timestamp}</p>`,
  );
}

/** After signing out: loads each tool's logout address in a hidden frame, then goes on where that is allowed. */
export async function signedOutPage(frames: readonly string[], next: string | undefined): Promise<Page> {
  const { html: markup } = await page(
    "Signed out",
    html`<h1>You signed out of your account</h1>
<p>It’s a good idea to close all browser windows.</p>
${next === undefined ? "" : html`<meta http-equiv="refresh" content="2;url=${next}"><p><a href="${next}">Continue</a></p>`}
${frames.map((frame) => html`<iframe src="${frame}" title="Signing out" aria-hidden="true"></iframe>`)}`,
  );
  const origins = [...new Set(frames.map((frame) => new URL(frame).origin))].join(" ");
  return { html: markup, policy: `${POLICY}; frame-src ${origins === "" ? "'none'" : origins}` };
}
