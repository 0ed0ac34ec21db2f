import { jwtVerify } from "jose";
import type { Attempt, CodeFlow, SignInTokens } from "./code-flow.ts";
import { explain, type IssuerQuestion, openIssuer, readJson } from "./issuer.ts";
import type { SandboxFetch } from "./network.ts";
import { answerSignInPage } from "./sign-in-page.ts";

/** One sign-in by the device authorization grant, for a public client. */
export type DeviceFlow = Attempt & IssuerQuestion & Pick<CodeFlow, "clientId" | "scope" | "person">;

interface DeviceCodes {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/**
 * Plays both parts of the flow: the device asks for a code, the person enters it on the page that the answer names and signs in
 * there, the device gets its tokens (RFC 8628). The device asks once, right after the page was answered, when the answer is
 * there: nothing has to be waited for. Played conditions are the person's; the flow is not among them, since it is the real one.
 * @throws SignInRefused when the provider says no, to the device or to the person.
 */
export async function deviceFlowTokens(fetch: SandboxFetch, flow: DeviceFlow): Promise<SignInTokens> {
  const { issuer, clientId, scope, person, played = {}, correlationId, refuse } = flow;
  const { metadata, keys } = await openIssuer(fetch, flow);
  const endpoint = metadata.device_authorization_endpoint;
  if (endpoint === undefined) throw refuse({ text: `${issuer} has no device code flow.` });
  const headers = { ...FORM, ...(correlationId === undefined ? {} : { "client-request-id": correlationId }) };
  const post = (url: string, fields: Record<string, string>) =>
    fetch(url, { method: "POST", headers, body: new URLSearchParams({ client_id: clientId, ...fields }).toString() });

  const codes = await readJson<DeviceCodes>(await post(endpoint, { scope }), refuse);
  const { flow: _, ...conditions } = played;
  const page = `${codes.verification_uri}?${new URLSearchParams({ otc: codes.user_code })}`;
  const answered = await answerSignInPage(fetch, page, person, conditions);
  if (answered.status !== 200) throw refuse(await explain(answered));
  // An answer that is left unread keeps its connection.
  await answered.text();

  const { id_token: idToken, access_token: accessToken } = await readJson<{ id_token: string; access_token: string }>(
    await post(metadata.token_endpoint, { grant_type: GRANT, device_code: codes.device_code }),
    refuse,
  );
  const { payload } = await jwtVerify(idToken, keys, { issuer, audience: clientId });
  return { claims: payload, accessToken };
}
