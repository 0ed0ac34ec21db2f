import { toolUrl } from "../../../model/callbacks.ts";
import { durationSeconds } from "../../../model/settings/index.ts";
import { SCOPES } from "./contract.ts";
import type { OpenMetadataSettings } from "./settings.ts";

/** Ports of the server: people and programs, and the server's own checks. */
export const SERVER_PORT = 8585;
export const ADMIN_PORT = 8586;

/** Where the image has OpenMetadata. */
export const HOME = "/opt/openmetadata";
/** Folder of the secrets' files. */
export const SECRETS = "/mnt/secrets";

/**
 * The administrator that the server makes at its start and that no person is: Entrada's jobs sign short tokens for it with
 * the server's own key. Nobody's user principal name may begin with it.
 */
export const OPERATOR = "entrada-operator";

const MICROSOFT = "https://login.microsoftonline.com";

/** What the stack knows, beside OpenMetadata's settings. */
export interface ServerSurroundings {
  readonly tenantId: string;
  /** Domain of the people's user principal names. */
  readonly userDomain: string;
}

/**
 * The server's configuration file. JSON, which the server's YAML reader takes: every text stands in quotes, so nothing that
 * is put in for `${NAME}` at the start turns into a number or a list. Ids of the registration and the key pair come so,
 * because they are unknown at the first preview; secrets come so because they are in no ConfigMap.
 */
export function serverConfig(settings: OpenMetadataSettings, surroundings: ServerSurroundings) {
  return {
    clusterName: "openmetadata",
    basePath: "/",
    assets: { resourcePath: "/assets/", uriPath: "/" },
    swagger: { resourcePackage: "org.openmetadata.service.resources" },
    server: server(),
    logging: logging(settings.logLevel),
    database: database(settings.database),
    migrationConfiguration: {
      flywayPath: `${HOME}/bootstrap/sql/migrations/flyway`,
      nativePath: `${HOME}/bootstrap/sql/migrations/native`,
      extensionPath: "",
    },
    authenticationConfiguration: authentication(settings, surroundings),
    authorizerConfiguration: authorizer(settings, surroundings),
    jwtTokenConfiguration: {
      rsapublicKeyFilePath: `${SECRETS}/jwt-public-key.der`,
      rsaprivateKeyFilePath: `${SECRETS}/jwt-private-key.der`,
      jwtissuer: toolUrl(settings),
      keyId: atStart("JWT_KEY_ID"),
    },
    elasticsearch: search(settings.search),
    fernetConfiguration: { fernetKey: atStart("FERNET_KEY") },
    secretsManagerConfiguration: { secretsManager: "db" },
    eventHandlerConfiguration: {
      eventHandlerClassNames: [
        "org.openmetadata.service.events.AuditEventHandler",
        "org.openmetadata.service.events.ChangeEventHandler",
      ],
    },
    eventMonitoringConfiguration: {
      eventMonitor: "prometheus",
      batchSize: 10,
      pathPattern: ["/api/v1/tables/*", "/api/v1/health-check"],
      latency: [0.99, 0.9],
      servicesHealthCheckInterval: 300,
    },
    // Ingestion runs in the company's own Airflow; the server starts none.
    pipelineServiceClientConfiguration: {
      enabled: false,
      className: "org.openmetadata.service.clients.pipeline.noop.NoopClient",
      apiEndpoint: "http://localhost:8080",
      metadataApiEndpoint: `http://openmetadata.${settings.namespace}.svc:${SERVER_PORT}/api`,
    },
    // Its sign-in endpoints would be a second way in.
    mcpConfiguration: { enabled: false },
    limits: { enable: false },
    operationalConfig: { enable: false },
    rdf: { enabled: false },
    objectStorage: { enabled: false, provider: "NOOP", maxFileSize: 5_242_880 },
    web: {
      uriPath: "/api",
      "frame-options": { enabled: true, option: "SAMEORIGIN" },
      "content-type-options": { enabled: true },
    },
  };
}

/** A value that the server takes from its environment when it reads the file. */
function atStart(variable: string): string {
  return `\${${variable}}`;
}

/** The file as it is deployed. */
export function serverConfigText(settings: OpenMetadataSettings, surroundings: ServerSurroundings): string {
  return `${JSON.stringify(serverConfig(settings, surroundings), null, 2)}\n`;
}

/**
 * Who signs in, and by which claim. One claim says who somebody is, `preferred_username`: Entra always sends it, and its
 * domain belongs to a tenant that proved it, so `enforcePrincipalDomain` means something. `email` may be missing and anybody
 * may set it in a tenant of their own. A mapping of `username` and `email` cannot be had with it: OpenMetadata's own tokens
 * carry the bare name as `preferred_username`, which a mapping refuses as an address. The order must never change on a live
 * server: people would become new users.
 */
function authentication(settings: OpenMetadataSettings, { tenantId }: ServerSurroundings) {
  const url = toolUrl(settings);
  const sessionExpiry = durationSeconds(settings.session.lifetime);
  return {
    clientType: settings.client,
    provider: "azure",
    providerName: "",
    responseType: "code",
    // The server's own keys for its bots and jobs, and this tenant's; never those of `common`.
    publicKeyUrls: [
      `http://localhost:${SERVER_PORT}/api/v1/system/config/jwks`,
      `${MICROSOFT}/${tenantId}/discovery/v2.0/keys`,
    ],
    tokenValidationAlgorithm: "RS256",
    authority: `${MICROSOFT}/${tenantId}`,
    clientId: atStart("ENTRA_CLIENT_ID"),
    callbackUrl: `${url}/callback`,
    jwtPrincipalClaims: ["preferred_username", "email", "sub"],
    // Whoever Entra lets in is entered at the first sign-in; assignment is what decides.
    enableSelfSignup: true,
    forceSecureSessionCookie: true,
    sessionExpiry,
    enableAutoRedirect: false,
    ...(settings.client === "confidential" ? { oidcConfiguration: oidc(url, tenantId, sessionExpiry) } : {}),
  };
}

/** The server's own sign-in. No `prompt`: asking for consent fails for people where an administrator gave it for all. */
function oidc(url: string, tenantId: string, sessionExpiry: number) {
  return {
    type: "azure",
    id: atStart("ENTRA_CLIENT_ID"),
    secret: atStart("OIDC_CLIENT_SECRET"),
    scope: SCOPES.join(" "),
    discoveryUri: `${MICROSOFT}/${tenantId}/v2.0/.well-known/openid-configuration`,
    tenant: tenantId,
    useNonce: "true",
    preferredJwsAlgorithm: "RS256",
    responseType: "code",
    disablePkce: false,
    clientAuthenticationMethod: "client_secret_post",
    callbackUrl: `${url}/callback`,
    serverUrl: url,
    tokenValidity: 3600,
    sessionExpiry,
  };
}

/** Who may what. `adminPrincipals` promotes and never demotes, so no person is in it. */
function authorizer({ principalDomain }: OpenMetadataSettings, { userDomain }: ServerSurroundings) {
  const domain = principalDomain ?? userDomain;
  return {
    className: "org.openmetadata.service.security.DefaultAuthorizer",
    containerRequestFilter: "org.openmetadata.service.security.JwtFilter",
    adminPrincipals: [OPERATOR],
    allowedEmailRegistrationDomains: [domain],
    principalDomain: domain,
    allowedDomains: [domain],
    enforcePrincipalDomain: true,
    enableSecureSocketConnection: false,
    useRolesFromProvider: true,
  };
}

function server() {
  return {
    applicationContextPath: "/",
    rootPath: "/api/*",
    applicationConnectors: [
      {
        type: "http",
        bindHost: "0.0.0.0",
        port: SERVER_PORT,
        // Names of assets hold slashes and quotes.
        uriCompliance: "UNSAFE",
        useForwardedHeaders: true,
        // Entra's tokens are long.
        maxRequestHeaderSize: "32KiB",
      },
    ],
    adminConnectors: [{ type: "http", bindHost: "0.0.0.0", port: ADMIN_PORT }],
    // Addresses of requests may hold tokens.
    requestLog: { appenders: [] },
  };
}

function logging(level: string) {
  return {
    level,
    // At DEBUG it writes every header, people's tokens among them.
    loggers: { "org.eclipse.jetty": "INFO" },
    appenders: [{ type: "console", timeZone: "UTC", logFormat: "%level [%d{ISO8601,UTC}] [%t] %logger{5} - %msg%n" }],
  };
}

function database({ host, port, name, user, tls }: OpenMetadataSettings["database"]) {
  // The certificate is checked against the authorities that Java knows.
  const encryption = "sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory";
  return {
    driverClass: "org.postgresql.Driver",
    user,
    password: atStart("DATABASE_PASSWORD"),
    url: `jdbc:postgresql://${host}:${port}/${name}?${tls ? encryption : "sslmode=disable"}`,
    maxSize: 40,
    minSize: 10,
    initialSize: 10,
  };
}

function search({ type, host, port, user, tls }: OpenMetadataSettings["search"]) {
  return {
    searchType: type,
    host,
    port,
    scheme: tls ? "https" : "http",
    username: user,
    password: atStart("SEARCH_PASSWORD"),
    connectionTimeoutSecs: 10,
    connectionRequestTimeoutSecs: 30,
    socketTimeoutSecs: 120,
    keepAliveTimeoutSecs: 600,
    batchSize: 100,
    searchIndexMappingLanguage: "EN",
    searchIndexFactoryClassName: "org.openmetadata.service.search.SearchIndexFactory",
  };
}
