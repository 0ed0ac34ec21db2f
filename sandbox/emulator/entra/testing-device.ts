import { ANA, TENANT, type TestTenant, TOOL, testTenant } from "./testing.ts";
import { type Changes, form, redeem, type TokenResult, UNPROVEN } from "./testing-flow.ts";
import { registerAll } from "./testing-policies.ts";

const LOGIN = "https://login.microsoftonline.com";
const FORM = { "content-type": "application/x-www-form-urlencoded" };
export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
export const DEVICE_SCOPE = "openid profile offline_access";

export interface DeviceAnswer {
  readonly user_code: string;
  readonly device_code: string;
  readonly verification_uri: string;
  readonly expires_in: number;
  readonly interval: number;
  readonly message: string;
}

/** The test tenant, its tool registered as a public client and everybody with two methods. */
export function publicTenant(): Promise<TestTenant> {
  return testTenant((data) => {
    for (const application of Object.values(data.applications)) application.isFallbackPublicClient = true;
    registerAll(data, ["fido2", "authenticator"]);
  });
}

/** Asks for a device code; `changes` replace the right parameters. */
export async function askCode({ app }: TestTenant, changes: Changes = {}, segment = TENANT): Promise<Response> {
  return app.request(`${LOGIN}/${segment}/oauth2/v2.0/devicecode`, {
    method: "POST",
    headers: { ...FORM, "client-request-id": "c0000000-0000-4000-8000-00000000c0de" },
    body: form({ client_id: TOOL, scope: DEVICE_SCOPE, ...changes }),
  });
}

export async function deviceCode(tenant: TestTenant, changes: Changes = {}): Promise<DeviceAnswer> {
  return (await (await askCode(tenant, changes)).json()) as DeviceAnswer;
}

/** Posts to the page that a person opens. */
export async function enter({ app }: TestTenant, fields: Changes, cookie?: string): Promise<Response> {
  const headers = { ...FORM, ...(cookie === undefined ? {} : { cookie }) };
  return app.request(`${LOGIN}/common/oauth2/deviceauth`, { method: "POST", headers, body: form(fields) });
}

/** The person's whole part at once. */
export async function approve(tenant: TestTenant, otc: string, fields: Changes = {}): Promise<Response> {
  return enter(tenant, { otc, username: ANA, ...fields });
}

/** What the device asks the token endpoint, as a public client. */
export async function poll(tenant: TestTenant, device_code: string, changes: Changes = {}): Promise<TokenResult> {
  return redeem(tenant, {
    ...UNPROVEN,
    grant_type: DEVICE_GRANT,
    redirect_uri: undefined,
    code_verifier: undefined,
    device_code,
    ...changes,
  });
}
