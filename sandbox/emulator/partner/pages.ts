import { html } from "hono/html";
import { PERSON_FIELD } from "../entra/played-form.ts";
import { type Page, POLICY, page } from "../page.ts";
import { type PartnerError, partnerFix } from "./errors.ts";
import type { PartnerClient, PartnerProvider } from "./provider.ts";

/** Where one of the partner's people is picked. No script is needed. */
export async function partnerSignInPage(
  { displayName, people }: PartnerProvider,
  { tool }: PartnerClient,
  query: string,
): Promise<Page> {
  const action = `?${query}`;
  const rows = people.map(
    (person) =>
      html`<li><button type="submit" name="${PERSON_FIELD}" value="${person.mail}">${person.displayName}<br><small>${[person.mail, ...person.groups, ...(person.enabled ? [] : ["deactivated"])].join(" · ")}</small></button></li>`,
  );
  const markup = await page(
    `${displayName} - Sign In`,
    html`<h1>Connecting to ${tool}</h1>
<p class="note">This is the sandbox's play of ${displayName}'s own directory: pick a person, no password is asked for.</p>
<form method="post" action="${action}"><ul aria-label="People of ${displayName}">${rows}</ul></form>
<form method="post" action="${action}"><label for="username">Or sign in as somebody else (mail address)</label>
<input id="username" name="${PERSON_FIELD}" autocomplete="username"><button type="submit">Sign in</button></form>`,
  );
  return { html: markup.html, policy: POLICY };
}

/** What a person sees instead of a redirect. */
export async function partnerErrorPage({ displayName }: PartnerProvider, error: PartnerError): Promise<Page> {
  return page(
    `${displayName} - Error`,
    html`<h1>${error.code === "E0000004" ? "Unable to sign in" : "400 Bad Request"}</h1>
<p>Your request resulted in an error.</p>
<p>Error Code: <code id="code">${error.code}</code></p>
<p>Description: <span id="error">${error.message}</span></p>
<p><strong>Fix:</strong> <span id="fix">${partnerFix(error.code)}</span></p>`,
  );
}

/** After signing out. */
export async function partnerSignedOutPage({ displayName }: PartnerProvider): Promise<Page> {
  return page(`${displayName} - Signed out`, html`<h1>You are signed out of ${displayName}</h1>`);
}
