import { beforeAll, describe, expect, it } from "vitest";
import { TENANT, toldFiles } from "./tests/jobs.ts";
import { type Refusals, schemaRefusals } from "./tests/schema.ts";

type Config = Record<string, Record<string, unknown>>;

const textOf = (changes: Record<string, unknown> = {}) => toldFiles(changes)["openmetadata.json"] ?? "";
const PARTS = [
  "authenticationConfiguration",
  "authorizerConfiguration",
  "elasticsearch",
  "eventHandlerConfiguration",
  "fernetConfiguration",
  "jwtTokenConfiguration",
  "limits",
  "mcpConfiguration",
  "operationalConfig",
  "pipelineServiceClientConfiguration",
  "secretsManagerConfiguration",
];

const SEARCH = { type: "elasticsearch", host: "search.data.svc", tls: false };

/** Settings whose configuration has to be taken. */
const TAKEN: readonly Record<string, unknown>[] = [
  { client: "public" },
  { client: "confidential" },
  { client: "public", principalDomain: "people.contoso.com", session: { lifetime: "60m" } },
  { client: "confidential", search: SEARCH, logLevel: "DEBUG" },
];

/** A configuration with a mistake planted in one part. */
function planted(client: string, part: string, change: (part: Record<string, unknown>) => void): string {
  const config = JSON.parse(textOf({ client })) as Config;
  change(config[part] ?? {});
  return JSON.stringify(config);
}

/** Mistakes, each with what it has to be refused for. */
const MISTAKES: readonly (readonly [string, string, unknown])[] = [
  [
    "an unknown key",
    planted("public", "authenticationConfiguration", (part) => Object.assign(part, { clientID: "x" })),
    "clientID: Extra inputs are not permitted",
  ],
  [
    "an unknown provider",
    planted("public", "authenticationConfiguration", (part) => Object.assign(part, { provider: "entra" })),
    expect.stringMatching(/^provider: Input should be 'basic', /),
  ],
  [
    "a session below an hour",
    planted("public", "authenticationConfiguration", (part) => Object.assign(part, { sessionExpiry: 1800 })),
    "sessionExpiry: Input should be greater than or equal to 3600",
  ],
  [
    "a confidential client without tenant, which ends in a path with {tenantid}",
    planted("confidential", "authenticationConfiguration", ({ oidcConfiguration }) => {
      delete (oidcConfiguration as Record<string, unknown>).tenant;
    }),
    "oidcConfiguration.tenant: Field required",
  ],
  [
    "no list of administrators",
    planted("public", "authorizerConfiguration", (part) => delete part.adminPrincipals),
    "adminPrincipals: Field required",
  ],
  ["no key id", planted("confidential", "jwtTokenConfiguration", (part) => delete part.keyId), "keyId: Field required"],
  [
    "no timeout that version 2 asks for",
    planted("public", "elasticsearch", (part) => delete part.connectionRequestTimeoutSecs),
    "connectionRequestTimeoutSecs: Field required",
  ],
];

describe("the server's configuration in OpenMetadata's published schema", () => {
  let taken: readonly Refusals[];
  let refused: readonly Refusals[];
  beforeAll(async () => {
    const found = await schemaRefusals([...TAKEN.map(textOf), ...MISTAKES.map(([, text]) => text)]);
    taken = found.slice(0, TAKEN.length);
    refused = found.slice(TAKEN.length);
  });

  it.each(TAKEN.map((changes, index) => [changes, index] as const))("is taken with %j", (_, index) => {
    expect(taken[index]).toEqual(Object.fromEntries(PARTS.map((part) => [part, []])));
  });

  it.each(MISTAKES.map(([mistake, , reason], index) => [mistake, reason, index] as const))(
    "would not be taken with %s",
    (_, reason, index) => {
      expect(Object.values(refused[index] ?? {}).flat()).toEqual([reason]);
    },
  );
});

describe("the server's configuration", () => {
  const url = "https://openmetadata.data.contoso.com";
  const config = (changes: object) => JSON.parse(textOf({ ...changes })) as Config;

  it("signs in with this tenant's keys and its own, by the sign-in name, with or without a secret", () => {
    const shared = {
      provider: "azure",
      providerName: "",
      responseType: "code",
      publicKeyUrls: [
        "http://localhost:8585/api/v1/system/config/jwks",
        `https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`,
      ],
      tokenValidationAlgorithm: "RS256",
      authority: `https://login.microsoftonline.com/${TENANT}`,
      clientId: atStart("ENTRA_CLIENT_ID"),
      callbackUrl: `${url}/callback`,
      jwtPrincipalClaims: ["preferred_username", "email", "sub"],
      enableSelfSignup: true,
      forceSecureSessionCookie: true,
      sessionExpiry: 28_800,
      enableAutoRedirect: false,
    };
    expect(config({}).authenticationConfiguration).toEqual({ ...shared, clientType: "public" });
    expect(config({ client: "confidential" }).authenticationConfiguration).toEqual({
      ...shared,
      clientType: "confidential",
      oidcConfiguration: {
        type: "azure",
        id: atStart("ENTRA_CLIENT_ID"),
        secret: atStart("OIDC_CLIENT_SECRET"),
        scope: "openid profile email offline_access",
        discoveryUri: `https://login.microsoftonline.com/${TENANT}/v2.0/.well-known/openid-configuration`,
        tenant: TENANT,
        useNonce: "true",
        preferredJwsAlgorithm: "RS256",
        responseType: "code",
        disablePkce: false,
        clientAuthenticationMethod: "client_secret_post",
        callbackUrl: `${url}/callback`,
        serverUrl: url,
        tokenValidity: 3600,
        sessionExpiry: 28_800,
      },
    });
  });

  it("lets in people of one domain, takes roles from Entra, and makes nobody but the operator an administrator", () => {
    const authorizer = (domain: string) => ({
      className: "org.openmetadata.service.security.DefaultAuthorizer",
      containerRequestFilter: "org.openmetadata.service.security.JwtFilter",
      adminPrincipals: ["entrada-operator"],
      allowedEmailRegistrationDomains: [domain],
      principalDomain: domain,
      allowedDomains: [domain],
      enforcePrincipalDomain: true,
      enableSecureSocketConnection: false,
      useRolesFromProvider: true,
    });
    expect(config({}).authorizerConfiguration).toEqual(authorizer("contoso.com"));
    const other = config({ principalDomain: "people.contoso.com" });
    expect(other.authorizerConfiguration).toEqual(authorizer("people.contoso.com"));
  });

  it("signs with its own key pair, issuer and key id, and never with the shipped ones", () => {
    expect(config({}).jwtTokenConfiguration).toEqual({
      rsapublicKeyFilePath: "/mnt/secrets/jwt-public-key.der",
      rsaprivateKeyFilePath: "/mnt/secrets/jwt-private-key.der",
      jwtissuer: url,
      keyId: atStart("JWT_KEY_ID"),
    });
    expect(textOf()).not.toMatch(/conf\/(public|private)_key|Gb389a-9f76|open-metadata\.org|jJ\/9sz0g0OHx|common/);
  });

  it("encrypts to database and search and checks their certificates, unless told otherwise", () => {
    expect(config({}).database?.url).toBe(
      "jdbc:postgresql://contoso.postgres.database.azure.com:5432/openmetadata?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory",
    );
    expect(config({}).elasticsearch).toMatchObject({ scheme: "https", port: 9200, searchType: "opensearch" });
    const plain = config({ database: { host: "db.data.svc", tls: false }, search: SEARCH });
    expect(plain.database?.url).toBe("jdbc:postgresql://db.data.svc:5432/openmetadata?sslmode=disable");
    expect(plain.elasticsearch).toMatchObject({ scheme: "http", searchType: "elasticsearch" });
  });

  it("takes from the environment what is unknown or secret, each in quotes, and nothing else", () => {
    const variables = [...textOf({ client: "confidential" }).matchAll(/"\$\{([A-Z_]+)\}"/g)].map(([, name]) => name);
    expect([...new Set(variables)].sort()).toEqual([
      "DATABASE_PASSWORD",
      "ENTRA_CLIENT_ID",
      "FERNET_KEY",
      "JWT_KEY_ID",
      "OIDC_CLIENT_SECRET",
      "SEARCH_PASSWORD",
    ]);
    expect(textOf({ client: "confidential" }).match(/\$\{/g)).toHaveLength(variables.length);
  });
});

function atStart(variable: string): string {
  return `\${${variable}}`;
}
