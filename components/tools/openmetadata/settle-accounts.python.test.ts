import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ApiServer, type ApiState, startApi } from "./tests/api-server.ts";
import { runJob, settledState, type TestKey, testKey, toldFiles, user } from "./tests/jobs.ts";

const files = toldFiles();
let key: TestKey;
let api: ApiServer | undefined;

beforeAll(() => {
  key = testKey();
});
afterEach(async () => {
  await api?.close();
});

/** Runs the job against a server in which something was changed. */
async function settle(change: (state: ApiState) => void = () => undefined, told = files, signer = key) {
  const state = settledState(key, told);
  change(state);
  api = await startApi(state);
  const ended = await runJob("settle_accounts.py", api.url, { ...signer, keyId: key.keyId }, told);
  return { ...ended, state, calls: api.calls.map(({ request }) => request) };
}

describe("settle_accounts.py", () => {
  it.each(["public", "confidential"])(
    "finds nothing to do on a server with a %s client that is as it was told",
    async (client) => {
      const { code, stdout, stderr, calls } = await settle(undefined, toldFiles({ client }));
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toBe(`settled: key ${key.keyId}, 0 shipped account(s) deleted\n`);
      expect(calls.filter((call) => !call.startsWith("GET "))).toEqual([
        "POST /api/v1/users/login",
        "POST /api/v1/users/login",
      ]);
    },
  );

  it("signs in as the operator, with a token of five minutes that the server's own key signed", async () => {
    await settle();
    const { claims } = api?.calls.find(({ request }) => request === "GET /api/v1/users/loggedInUser") ?? {};
    expect(claims).toEqual({
      iss: "https://openmetadata.data.contoso.com",
      sub: "entrada-operator",
      preferred_username: "entrada-operator@contoso.com",
      email: "entrada-operator@contoso.com",
      isBot: false,
      tokenType: "OM_USER",
      iat: expect.any(Number),
      exp: Number(claims?.iat) + 300,
    });
    const open = api?.calls.filter((call) => call.claims === undefined).map(({ request }) => request);
    expect(open).toEqual([
      "GET /api/v1/system/version",
      "GET /api/v1/system/config/jwks",
      "POST /api/v1/users/login",
      "POST /api/v1/users/login",
    ]);
  });

  it("deletes the shipped administrator for good, deleted ones too, over all pages, and no bot and nobody else", async () => {
    const { code, stdout, state } = await settle((state) => {
      const softly = { ...user("demo", "openmetadata.org"), deleted: true };
      state.users.push(user("ana.lima", "contoso.com"), user("admin", "open-metadata.org", { isAdmin: true }), softly);
    });
    expect(code).toBe(0);
    expect(stdout).toContain("2 shipped account(s) deleted admin@open-metadata.org demo@openmetadata.org");
    expect(state.users.map(({ email }) => email)).toEqual([
      "entrada-operator@contoso.com",
      "ingestion-bot@open-metadata.org",
      "ana.lima@contoso.com",
    ]);
  });

  it("takes an admin of another domain for the shipped one, and one of the company for a person", async () => {
    const shipped = await settle((state) => state.users.push(user("admin", "example.com", { isAdmin: true })));
    expect(shipped.stdout).toContain("deleted admin@example.com");
    await api?.close();
    const person = await settle((state) => state.users.push(user("admin", "contoso.com")));
    expect([person.code, person.state.users.length]).toEqual([0, 3]);
  });

  it("waits for a server that is starting", async () => {
    const { code, calls } = await settle((state) => {
      state.startingFor = 3;
    });
    expect(code).toBe(0);
    expect(calls.slice(0, 5)).toEqual([
      ...Array.from({ length: 4 }, () => "GET /api/v1/system/version"),
      "GET /api/v1/system/config/jwks",
    ]);
  });

  it("says which declared roles OpenMetadata does not know, and does not fail: somebody has to make them there", async () => {
    const { code, stderr } = await settle((state) => {
      state.roles = ["DataSteward", "DataConsumer"];
    });
    expect(code).toBe(0);
    expect(stderr).toBe(
      "warning: OpenMetadata has no role DataQualityEngineer: people whom access gives it get no right from it\n",
    );
  });
});

describe("settle_accounts.py fails, with the reason,", () => {
  const shipped = { kid: "Gb389a-9f76-gdjs-a92j-0242bk94356", publicKeyPem: testKey().publicKeyPem };

  it.each<[string, (state: ApiState) => void, string]>([
    ["when the shipped key is served", (state) => (state.keys = [shipped]), "other keys than its own"],
    ["when the shipped key is served beside its own", (state) => state.keys.push(shipped), ": KEY, Gb389a"],
    [
      "when another key is served under its own id",
      (state) => (state.keys = [{ ...shipped, kid: state.keys[0]?.kid ?? "" }]),
      "other keys than its own",
    ],
    ["when the operator is not there", (state) => (state.users = []), "does not take entrada-operator's token"],
    [
      "when the operator is no administrator",
      (state) => (state.users = [user("entrada-operator", "contoso.com")]),
      "signs in as entrada-operator, administrator: False",
    ],
    [
      "when the shipped password opens something",
      (state) => (state.loginStatus = 200),
      "signs in with the shipped password",
    ],
    [
      "when an account is still there after it was deleted",
      (state) => {
        state.keepsDeleted = true;
        state.users.push(user("admin", "open-metadata.org", { isAdmin: true }));
      },
      "still there after they were deleted: admin@open-metadata.org",
    ],
    [
      "when the server takes other tokens",
      (state) => Object.assign(state, { issuer: "https://other" }),
      "answered 401",
    ],
  ])("%s", async (_, change, reason) => {
    const { code, stdout, stderr } = await settle(change);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(reason.replace("KEY", key.keyId));
    expect(stderr).not.toContain("Traceback");
  });

  it.each([
    ["authenticationConfiguration", { provider: "basic" }, "authenticationConfiguration.provider"],
    ["authenticationConfiguration", { clientId: "another" }, "authenticationConfiguration.clientId"],
    [
      "authenticationConfiguration",
      { publicKeyUrls: ["https://login.microsoftonline.com/common/discovery/keys"] },
      "authenticationConfiguration.publicKeyUrls",
    ],
    [
      "authenticationConfiguration",
      { jwtPrincipalClaims: ["email", "preferred_username", "sub"] },
      "authenticationConfiguration.jwtPrincipalClaims",
    ],
    [
      "authorizerConfiguration",
      { adminPrincipals: ["entrada-operator", "admin"], enforcePrincipalDomain: false },
      "authorizerConfiguration.adminPrincipals, authorizerConfiguration.enforcePrincipalDomain",
    ],
  ])("when the database holds another %s: %j", async (part, change, path) => {
    const { code, stderr } = await settle(({ security }) => {
      Object.assign(security[part] as object, change);
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`the server runs with other sign-in settings than its file says: ${path}\n`);
  });

  it("when a confidential client's discovery is another tenant's, and not for the secret that the server hides", async () => {
    const told = toldFiles({ client: "confidential" });
    const { stderr } = await settle(({ security }) => {
      const { oidcConfiguration } = security.authenticationConfiguration as { oidcConfiguration: object };
      Object.assign(oidcConfiguration, { tenant: "common" });
    }, told);
    expect(stderr).toContain("file says: authenticationConfiguration.oidcConfiguration.tenant\n");
  });

  it("when its own key is another one than the server's, or no key at all", async () => {
    const other = await settle(undefined, files, testKey());
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("other keys than its own")]);
    await api?.close();
    const pem = await settle(undefined, files, { ...key, privateKeyDer: Buffer.from("-----BEGIN PRIVATE KEY-----\n") });
    expect(pem.stderr).toMatch(/^InvalidKey: .*jwt-private-key\.der is not an RSA private key in PKCS #8 DER\n$/);
  });

  it("when nobody answers", async () => {
    const { code, stderr } = await runJob("settle_accounts.py", "http://127.0.0.1:1", key, files, {
      WAIT_SECONDS: "0",
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^TimeoutError: http:\/\/127\.0\.0\.1:1 did not answer within 0 s/),
    ]);
  });
});
