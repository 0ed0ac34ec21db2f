import { createHash } from "node:crypto";
import type { Context } from "hono";
import { html, raw } from "hono/html";

/** A page with the Content-Security-Policy that fits it. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

export type Markup = ReturnType<typeof html>;

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 34rem; padding: 0 1rem; color: #1b1b1b; background: #fff; }
h1 { font-size: 1.5rem; }
ul { list-style: none; padding: 0; }
button { font: inherit; width: 100%; text-align: left; padding: .6rem .8rem; margin: .2rem 0; border: 1px solid #767676; border-radius: .3rem; background: #fff; color: inherit; cursor: pointer; }
button:hover, button:focus-visible { background: #eef4fc; outline: 2px solid #0f5fb8; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid #767676; border-radius: .3rem; }
select { font: inherit; width: 100%; padding: .4rem; border: 1px solid #767676; border-radius: .3rem; background: #fff; color: inherit; }
fieldset { border: 1px solid #767676; border-radius: .3rem; margin: .5rem 0; }
small, .note { color: #595959; }
code { overflow-wrap: anywhere; }
iframe { display: none; }
`;
const STYLE_HASH = sourceHash(STYLE);
const SUBMIT = "document.forms[0].submit()";
/** Nothing is loaded from anywhere; each page allows what it needs on top. */
const FRAMEABLE = `default-src 'none'; style-src ${STYLE_HASH}; base-uri 'none'`;
export const POLICY = `${FRAMEABLE}; frame-ancestors 'none'`;

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

/** A page of the emulator, without anything from elsewhere; `script` must be allowed by the caller's policy. */
export async function page(title: string, body: Markup, script = ""): Promise<Page> {
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

/** Answers with a page that nobody may keep. */
export async function show(c: Context, shown: Promise<Page>, status: 200 | 400 | 401 = 200): Promise<Response> {
  const { html: markup, policy } = await shown;
  c.header("Cache-Control", "no-store");
  c.header("Content-Security-Policy", policy);
  return c.html(markup, status);
}
