import { html } from "hono/html";
import { type Markup, type Page, page } from "../page.ts";

/** Field of the code that the device showed, as Entra's own page names it. */
export const CODE_FIELD = "otc";
/** Field of the button that ends the sign-in. */
export const CANCEL_FIELD = "cancel";

/** Where the person enters what the device shows; an address that carries the code fills it in, and no more. */
export function codePage(userCode: string): Promise<Page> {
  return page(
    "Sign in to your account",
    html`<h1>Enter code to allow access</h1>
<p class="note">Enter the code that is shown on your app or device. Do not enter codes from sources that you do not trust.</p>
<form method="post" action="?">
<label for="${CODE_FIELD}">Code</label>
<input id="${CODE_FIELD}" name="${CODE_FIELD}" autocomplete="off" value="${userCode}"><button type="submit">Next</button></form>`,
  );
}

/** What stands on the sign-in page of a device: who asks, and the way out. */
export function deviceNote(application: string, query: string): Markup {
  return html`<form method="post" action="?${query}"><p>A device elsewhere gets what ${application} may do for you. Go on only if you started this sign-in yourself.</p>
<button type="submit" name="${CANCEL_FIELD}" value="1">Cancel</button></form>`;
}

/** The person's part is done. */
export function deviceDonePage(application: string, isDeclined: boolean): Promise<Page> {
  return page(
    "Sign in to your account",
    isDeclined
      ? html`<h1>${application}</h1><p>You cancelled the sign-in on your device. You may now close this window.</p>`
      : html`<h1>${application}</h1><p>You have signed in to the ${application} application on your device. You may now close this window.</p>`,
  );
}
