import { describe, expect, it } from "vitest";
import { type DeviceFlow, deviceFlowTokens } from "./device-flow.ts";
import type { SandboxFetch } from "./network.ts";
import { entraRefusal } from "./refused.ts";

const ISSUER = "https://issuer.test";
const METADATA = {
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/keys`,
};
const PENDING = { error: "authorization_pending", error_description: "AADSTS70016: Authorization is pending." };
const FLOW: DeviceFlow = {
  issuer: ISSUER,
  clientId: "client",
  scope: "openid",
  person: "ana.lima@contoso.com",
  refuse: (explanation) => entraRefusal(explanation),
};

/** Answers by address, and notes what was asked. */
function answering(answers: Readonly<Record<string, { status?: number; body: unknown }>>) {
  const asked: string[] = [];
  const fetch: SandboxFetch = async (url, { method = "GET", body = "" } = {}) => {
    asked.push(`${method} ${url} ${body}`.trim());
    const answer = answers[url];
    if (answer === undefined) throw new Error(`Nobody answers ${url}.`);
    const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
    const headers = { get: () => null, getSetCookie: () => [] };
    return { status: answer.status ?? 200, headers, text: async () => text, json: async () => JSON.parse(text) };
  };
  return { fetch, asked };
}

describe("a device's sign-in", () => {
  it("needs an issuer that has the flow", async () => {
    const { fetch } = answering({
      [`${ISSUER}/.well-known/openid-configuration`]: { body: METADATA },
      [METADATA.jwks_uri]: { body: { keys: [] } },
    });
    await expect(deviceFlowTokens(fetch, FLOW)).rejects.toMatchObject({
      code: "unknown",
      message: `${ISSUER} has no device code flow.`,
    });
  });

  it("asks once after the page was answered, and plays no flow on it", async () => {
    const codes = { device_code: "d", user_code: "ABC", verification_uri: `${ISSUER}/enter` };
    const page = `${ISSUER}/enter?otc=ABC`;
    const { fetch, asked } = answering({
      [`${ISSUER}/.well-known/openid-configuration`]: {
        body: { ...METADATA, device_authorization_endpoint: `${ISSUER}/devicecode` },
      },
      [METADATA.jwks_uri]: { body: { keys: [] } },
      [`${ISSUER}/devicecode`]: { body: codes },
      [page]: { body: "<html>Close this window.</html>" },
      [METADATA.token_endpoint]: { status: 400, body: PENDING },
    });
    const played = { flow: "device-code", country: "PT" };
    await expect(deviceFlowTokens(fetch, { ...FLOW, played })).rejects.toMatchObject({ code: "AADSTS70016" });
    expect(asked.slice(2)).toEqual([
      `POST ${ISSUER}/devicecode client_id=client&scope=openid`,
      `GET ${page}`,
      `POST ${page} country=PT&username=ana.lima%40contoso.com`,
      `POST ${METADATA.token_endpoint} client_id=client&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d`,
    ]);
  });
});
