import { html } from "hono/html";
import type { MethodName } from "../../../model/conditional-access/methods.ts";
import { type Page, page } from "../page.ts";

/** What each method is called on the page. */
const NAMES: Readonly<Record<MethodName, string>> = {
  fido2: "Use a passkey or security key",
  "windows-hello": "Use Windows Hello for Business",
  certificate: "Use a certificate or smart card",
  "phone-sign-in": "Sign in with the phone",
  "temporary-access-pass": "Use a Temporary Access Pass",
  authenticator: "Approve a request in the Authenticator app",
  oath: "Use a verification code",
  sms: "Text a code to the phone",
  voice: "Call the phone",
};

/** Where the person shows more than the password: a button for each method that the policies accept. */
export function verifyPage(application: string, methods: readonly MethodName[], query: string): Promise<Page> {
  const rows = methods.map(
    (method) =>
      html`<li><button type="submit" name="mfa" value="${method}">${NAMES[method]}<br><small>${method}</small></button></li>`,
  );
  return page(
    "Sign in to your account",
    html`<h1>Verify your identity</h1>
<p class="note">A Conditional Access policy asks for more than the password before ${application} opens. Nothing is sent: the button is the answer.</p>
<form method="post" action="?${query}"><ul aria-label="Methods">${rows}</ul></form>`,
  );
}

/** Conditions that nobody can play, each with what is wrong. */
export function wrongConditionsPage(problems: readonly string[], query: string): Promise<Page> {
  return page(
    "Sign in to your account",
    html`<h1>These conditions cannot be played</h1>
<ul id="problems">${problems.map((problem) => html`<li>${problem}</li>`)}</ul>
<p><a href="?${query}">Choose others</a></p>`,
  );
}
