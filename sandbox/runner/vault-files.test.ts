import { expect, test } from "vitest";
import { operatorVault } from "./operator-vault.ts";
import { testPod } from "./pod/testing.ts";
import { fakeApi, fakeHttp } from "./testing.ts";
import { vaultReader } from "./vault-files.ts";

const VAULT = "https://kv-bi.vault.azure.net/secrets";
const LOGIN = "https://login.microsoftonline.com/t-1/oauth2/v2.0/token";
const assertion = `x.${Buffer.from(JSON.stringify({ sub: "system:serviceaccount:bi:web" })).toString("base64url")}.x`;

function mounted(objects: string[], answers: Record<string, { status: number; body: unknown }>, spec: object = {}) {
  const array = objects.map((object) => `  - |\n${object.replace(/^/gm, "    ")}`).join("\n");
  const { client, calls } = fakeApi(({ method, path }) => {
    if (method === "POST") return { status: { token: assertion, expirationTimestamp: "2030-01-01T00:00:00Z" } };
    if (!path.endsWith("/namespaces/bi/secretproviderclasses/web")) return undefined;
    const parameters = { keyvaultName: "kv-bi", tenantID: "t-1", clientID: "c-1", objects: `array:\n${array}` };
    return { spec: { provider: "azure", parameters, ...spec } };
  });
  const login = { [`POST ${LOGIN}`]: { status: 200, body: { access_token: "opens-the-vault" } } };
  const { http, sent } = fakeHttp({ ...login, ...answers });
  return { sent, calls, read: (name = "web") => vaultReader(client, http).files(testPod(), name) };
}
const secret = (name: string, value: string) => ({
  [`GET ${VAULT}/${name}?api-version=7.5`]: { status: 200, body: { value } },
});

test("the pod's own token is exchanged for the identity's, which reads the vault", async () => {
  const { read, sent, calls } = mounted(['objectName: key\nobjectVersion: ""'], secret("key", "s3cret"));
  expect(await read()).toEqual({ key: "s3cret" });
  expect(calls.at(-1)).toMatchObject({
    path: "/api/v1/namespaces/bi/serviceaccounts/web/token",
    body: { spec: { audiences: ["api://AzureADTokenExchange"], boundObjectRef: { uid: "u-1" } } },
  });
  expect(Object.fromEntries(new URLSearchParams(sent[0]?.body))).toEqual({
    grant_type: "client_credentials",
    client_id: "c-1",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    scope: "https://vault.azure.net/.default",
  });
  expect(sent[1]?.headers).toEqual({ authorization: "Bearer opens-the-vault" });
});

test("files have the names, versions and encodings that the class says", async () => {
  const { read } = mounted(
    [
      "objectName: one\nobjectType: secret\nobjectAlias: password",
      "objectName: two\nobjectAlias: store.p12\nobjectEncoding: base64",
      "objectName: three\nobjectEncoding: hex\nobjectVersion: v7",
    ],
    { ...secret("one", "ü"), ...secret("two", "AQI="), ...secret("three/v7", "0a0b") },
  );
  expect(await read()).toEqual({ password: "ü", "store.p12": Buffer.from([1, 2]), three: Buffer.from([10, 11]) });
});

test.each([
  ["an unknown secret", { status: 404, body: { error: { code: "SecretNotFound" } } }, "SecretNotFound"],
  ["no right", { status: 403, body: { error: { code: "Forbidden", message: "s3cret" } } }, "Forbidden"],
  ["a broken answer", { status: 200, body: '{"value":"s3cret' }, "200"],
  ["an answer that is no object", { status: 502, body: '"s3cret"' }, "502"],
  ["an answer that is nothing", { status: 502, body: "null" }, "502"],
])("%s is told with the secret's name, and never with a value", async (_what, answer, reason) => {
  const { read } = mounted(["objectName: key"], { [`GET ${VAULT}/key?api-version=7.5`]: answer });
  const error = await read().catch((thrown: Error) => thrown);
  expect(String(error)).toBe(`Error: The vault kv-bi does not open the secret key: ${reason}.`);
});

test.each([
  [{ status: 401, body: { error_description: "AADSTS700213: no matching credential" } }, "AADSTS700213: no matching"],
  [{ status: 502, body: "<html>opens-the-vault" }, "502"],
])("an identity that gives no token is named with who asked, and never with a token", async (answer, reason) => {
  const { read } = mounted(["objectName: key"], { [`POST ${LOGIN}`]: answer });
  const error = String(await read().catch((thrown: Error) => thrown));
  expect(error).toContain("The managed identity c-1 gave system:serviceaccount:bi:web no token for the vault:");
  expect(error).toContain(reason);
  expect(error).not.toContain("opens-the-vault");
  expect(error).not.toContain(assertion);
});

test("what the driver would do differently is refused", async () => {
  await expect(mounted([], {}).read("gone")).rejects.toThrow("SecretProviderClass bi/gone is not there.");
  await expect(mounted([], {}, { provider: "gcp" }).read()).rejects.toThrow("is of the provider gcp");
  const certificate = mounted(["objectName: tls\nobjectType: cert"], secret("tls", "x"));
  await expect(certificate.read()).rejects.toThrow("tls is mounted as cert; this machine mounts secrets");
});

test("the operator reads a secret, and is told which one is missing", async () => {
  const { http, sent } = fakeHttp(secret("db-password", "s3cret"));
  const read = operatorVault(http, async () => "operator", "kv-bi");
  expect(await read("db-password")).toBe("s3cret");
  expect(sent[0]?.headers).toEqual({ authorization: "Bearer operator" });
  await expect(read("other")).rejects.toThrow("The vault kv-bi has no readable secret other (404)");
});

test("the operator's error never holds a value", async () => {
  const { http } = fakeHttp({ [`GET ${VAULT}/key?api-version=7.5`]: { status: 200, body: '{"value":"s3cret' } });
  const error = await operatorVault(http, async () => "operator", "kv-bi")("key").catch((thrown: Error) => thrown);
  expect(String(error)).toContain("no readable secret key");
  expect(String(error)).not.toContain("s3cret");
});
