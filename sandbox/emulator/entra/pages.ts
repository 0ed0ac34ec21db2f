import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { User } from "../directory.ts";
import type { AadstsError, ErrorReport } from "./errors.ts";
import { signInName } from "./person.ts";

/** A page with the Content-Security-Policy that fits it. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

type Markup = ReturnType<typeof html>;

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 34rem; padding: 0 1rem; color: #1b1b1b; background: #fff; }
h1 { font-size: 1.5rem; }
ul { list-style: none; padding: 0; }
button { font: inherit; width: 100%; text-align: left; padding: .6rem .8rem; margin: .2rem 0; border: 1px solid #767676; border-radius: .3rem; background: #fff; color: inherit; cursor: pointer; }
button:hover, button:focus-visible { background: #eef4fc; outline: 2px solid #0f5fb8; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid #767676; border-radius: .3rem; }
small, .note { color: #595959; }
code { overflow-wrap: anywhere; }
iframe { display: none; }
`;
const STYLE_HASH = sourceHash(STYLE);
const SUBMIT = "document.forms[0].submit()";
/** Nothing is loaded from anywhere; each page allows what it needs on top. */
const FRAMEABLE = `default-src 'none'; style-src ${STYLE_HASH}; base-uri 'none'`;
const POLICY = `${FRAMEABLE}; frame-ancestors 'none'`;

export interface SignInPageOptions {
  /** Display name of the application that the person signs in to. */
  readonly application: string;
  readonly people: readonly User[];
  readonly hint?: string;
  /** The request's own parameters, to post back to. */
  readonly query: string;
}

/** Where a person is picked: a button each, and a field for anybody else. No script is needed. */
export async function signInPage(options: SignInPageOptions): Promise<Page> {
  const people = [...options.people].sort((a, b) => a.displayName.localeCompare(b.displayName));
  const action = `?${options.query}`;
  const rows = people.map((user) => {
    const name = signInName(user);
    const note = [user.jobTitle, user.userType === "Guest" ? "guest" : null, user.accountEnabled ? null : "disabled"];
    return html`<li><button type="submit" name="username" value="${name}">${user.displayName}<br><small>${[name, ...note.filter((text) => text !== null)].join(" · ")}</small></button></li>`;
  });
  const body = html`<h1>Sign in to ${options.application}</h1>
<p class="note">This is the sandbox's directory: pick a person, no password is asked for.</p>
<form method="post" action="${action}"><ul aria-label="People of the directory">${rows}</ul></form>
<form method="post" action="${action}"><label for="username">Or sign in as somebody else (user name or object id)</label>
<input id="username" name="username" autocomplete="username" value="${options.hint ?? ""}"><button type="submit">Sign in</button></form>`;
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

/** `response_mode=form_post`: hands the answer to the tool by itself, or by a button where scripts are off. */
export async function formPostPage(redirectUri: string, answer: Readonly<Record<string, string>>): Promise<Page> {
  const fields = Object.entries(answer).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  const { html: markup } = await page(
    "Working…",
    html`<form method="post" action="${redirectUri}">${fields}<noscript><button type="submit">Continue</button></noscript></form>`,
    SUBMIT,
  );
  // A tool may renew a sign-in in a hidden frame of its own page, and nothing on this page can be clicked by mistake.
  return { html: markup, policy: `${FRAMEABLE}; script-src ${sourceHash(SUBMIT)}` };
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

async function page(title: string, body: Markup, script = ""): Promise<Page> {
  const markup = await html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${raw(STYLE)}</style></head>
<body><main>${body}</main>${script === "" ? "" : raw(`<script>${script}</script>`)}</body>
</html>`;
  return { html: markup.toString(), policy: POLICY };
}

function sourceHash(source: string): string {
  return `'sha256-${createHash("sha256").update(source).digest("base64")}'`;
}
