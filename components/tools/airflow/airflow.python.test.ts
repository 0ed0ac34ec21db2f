import { beforeAll, describe, expect, it } from "vitest";
import { acme } from "../fab/tests/partner.ts";
import { airflowContract } from "./contract.ts";
import { identifierUri, settingsFiles } from "./settings-files.ts";
import { airflowSettings } from "./tests/fixtures.ts";
import { mappedRoles, observe } from "./tests/python.ts";
import { workerPodFile } from "./worker-pod.ts";

/** One sign-in over the whole code flow. */
interface Flow {
  readonly asked: Readonly<Record<string, string>>;
  readonly cookie: string;
  readonly signed_in: number;
  readonly token_seconds: number;
  readonly roles: readonly string[] | null;
  readonly token_request: Readonly<Record<string, string>>;
  readonly authorization_header: string | null;
}

type Seen = Readonly<Record<string, unknown>> & {
  readonly flow: { readonly first: Flow; readonly second: Flow };
  readonly partner: Flow;
  readonly database_uris: readonly string[];
  readonly token_refused: Readonly<Record<string, number>>;
};

// The tests' Python files know this tenant.
const TENANT = "11111111-1111-4111-8111-111111111111";

/** The files of the ConfigMap `airflow-settings`. */
function files(
  version: string,
  changes: Record<string, unknown> = {},
  partners = [acme({ access: { Viewer: ["acme-viewers"] } })],
) {
  const settings = airflowSettings({ version, image: `contoso.azurecr.io/airflow:${version}`, ...changes });
  const roles = airflowContract.roles(settings);
  const uri = identifierUri(TENANT, "dev");
  const pod = workerPodFile({
    image: settings.image,
    configHash: "0123456789abcdef",
    serviceAccountName: "airflow-worker",
    tenantId: TENANT,
    configMap: "airflow-config",
    settingsMap: "airflow-settings",
  });
  return {
    ...settingsFiles({ settings, roles, partners, vaultName: "kv-dev", identifierUri: uri }),
    "worker-pod.json": pod,
  };
}

/** What `settingsFiles` refuses to write: a partner's group with an admin role. */
function withPartnersAdmin({ "settings.json": text = "", ...others }: Record<string, string>): Record<string, string> {
  const parsed = JSON.parse(text) as { partners: { roles: Record<string, string[]> }[] };
  for (const { roles } of parsed.partners) roles["acme-admins"] = ["Admin", "Viewer"];
  return { ...others, "settings.json": JSON.stringify(parsed) };
}

describe.each(airflowContract.versions)("Airflow's configuration in real Airflow %s", (version) => {
  let seen: Seen;
  beforeAll(async () => {
    seen = (await observe(withPartnersAdmin(files(version)))) as Seen;
  }, 1_200_000);

  it("is what Airflow reads, with values that commands make of mounted secrets", () => {
    expect(seen.config).toEqual({
      "core auth_manager": "entrada_auth_manager.EntradaAuthManager",
      "core fernet_key": expect.stringMatching(/^[\w-]{43}=,[\w-]{43}=$/),
      "api base_url": "https://airflow.data.contoso.com",
      "api secret_key": expect.stringMatching(/^value-of-api-secret-key-x+$/),
      "api_auth jwt_secret": expect.stringMatching(/^value-of-jwt-secret-x+$/),
      "fab cookie_secure": "True",
      "fab session_backend": "database",
      "fab session_max_lifetime_minutes": "480",
      "fab enable_proxy_fix": "True",
      "usage_data_collection enabled": "False",
    });
    expect(seen.database_uris[0]).toMatch(
      /^postgresql\+psycopg2:\/\/airflow:.*@contoso\.postgres\.database\.azure\.com:5432\/airflow\?sslmode=verify-full&sslrootcert=/,
    );
    expect(seen.database_uris[1]).toMatch(/^postgresql\+asyncpg:\/\/airflow:.*:5432\/airflow\?ssl=verify-full$/);
    expect(seen.missing_trigger).toBe(
      "ConfigurationError: ENTRADA_TRIGGER_CLIENTS has no client id for the trigger 'nightly-loader'",
    );
  });

  it("does not start where Airflow would fall back to passwords", () => {
    expect(seen.missing_config).toMatch(/^ConfigurationError: webserver_config.py was not loaded/);
  });

  it("looks for connections, and nothing else, in the vault", () => {
    expect(seen.vault).toEqual({
      class: "AzureKeyVaultBackend",
      url: "https://kv-dev.vault.azure.net",
      variables: null,
      config: null,
      secret: "airflow-connections-warehouse",
    });
  });

  it("lets a worker start without any secret and without a database", () => {
    expect(seen.worker).toEqual({
      api: "http://airflow.airflow.svc.cluster.local/execution/",
      backends: ["AzureKeyVaultBackend", "EnvironmentVariablesBackend"],
    });
  });

  it("makes restricted task pods of the template, by the executor's own code", () => {
    expect(seen.worker_pod).toEqual({
      containers: 1,
      name: "base",
      image: `contoso.azurecr.io/airflow:${version}`,
      command: null,
      args: ["python", "-m", "airflow.sdk.execution_time.execute_workload"],
      account: "airflow-worker",
      automount: false,
      read_only: true,
      non_root: true,
      component: "worker",
      federated: "true",
      variables_from: ["airflow-worker-identity"],
      volumes: ["tmp", "config", "settings", "azure-identity-token"],
      restart: "Never",
    });
  });

  it("gives an allowed application a short token with exactly its role", () => {
    expect(seen.token).toEqual({ status: 201, seconds: 900, roles: ["Op"] });
    expect(seen.token_rights).toEqual({ variable: 201, run: 404, users: 403 });
    expect([seen.token_in_body, seen.token_identifier_uri, seen.token_cli_seconds]).toEqual([201, 201, 900]);
    expect(seen.token_custom_role).toEqual([201, ["sales-runner"]]);
    expect(seen.token_after_promotion).toEqual(["Op"]);
  });

  it("refuses every other token", () => {
    expect(Object.keys(seen.token_refused)).toHaveLength(24);
    expect(Object.entries(seen.token_refused).filter(([, status]) => status !== 401)).toEqual([]);
  });

  it("keeps an application out whose user was switched off, with its old token too", () => {
    expect([seen.token_switched_off, seen.token_switched_off_old]).toEqual([401, 403]);
  });

  it("asks for Entra's keys again when it meets an unknown one, at most once a minute, and not for ever on old ones", () => {
    expect(seen.keys).toEqual([
      "known after 1",
      "known after 1",
      "unknown after 1",
      "unknown after 2",
      "unknown after 2",
      "known after 3",
    ]);
    expect(seen.keys_out_of_order).toEqual(["known after 4", "unknown after 5"]);
  });

  it("opens no other door: passwords, the password API, self-registration, anonymous requests", () => {
    expect(seen.passwords).toEqual({ "/auth/token": 401, "/auth/token/cli": 401 });
    expect(seen.token_with_password).toBe(401);
    expect(seen.password_checks).toEqual([null, null]);
    expect([seen.password_api, seen.password_form]).toEqual([400, 405]);
    expect(seen.registration).toEqual([404, 404]);
    expect(seen.anonymous).toEqual([401, 401, 401]);
    expect(seen.version).toBe(200);
  });

  it("maps each app role to exactly its Airflow role and replaces them at every sign-in", () => {
    expect(seen.mapping).toEqual({
      Admin: ["Admin"],
      Op: ["Op"],
      User: ["User"],
      Viewer: ["Viewer"],
      "sales-runner": ["sales-runner"],
    });
    expect([seen.flow.first.roles, seen.flow.second.roles]).toEqual([["Op", "Viewer"], ["Viewer"]]);
  });

  it("refuses people without a mapped role, and takes the stored ones away", () => {
    expect(seen.emptied).toEqual([401, []]);
    expect(seen.unmapped).toEqual([401, 401, 401, 401]);
    expect(seen.refused_person_stored).toBeNull();
  });

  it("signs in behind the gateway with PKCE and the service account's token, read anew each time", () => {
    const { first, second } = seen.flow;
    expect(first.asked).toMatchObject({
      redirect_uri: "https://airflow.data.contoso.com/auth/oauth-authorized/azure",
      scope: "openid profile email",
      code_challenge_method: "S256",
      nonce: expect.stringMatching(/.{10,}/),
    });
    expect(Object.keys(first.token_request).sort()).toEqual([
      "client_assertion",
      "client_assertion_type",
      "client_id",
      "code",
      "code_verifier",
      "grant_type",
      "redirect_uri",
    ]);
    expect([first.token_request.client_assertion, second.token_request.client_assertion]).toEqual([
      "first-token",
      "second-token",
    ]);
    expect(first.authorization_header).toBeNull();
    expect(first.cookie).toMatch(/^session=.*; Secure; HttpOnly; Path=\/; SameSite=Lax$/);
  });

  it("ends a person's token with the session", () => {
    expect(seen.flow.first.signed_in).toBe(200);
    expect(seen.flow.first.token_seconds).toBeGreaterThan(8 * 3600 - 120);
    expect(seen.flow.first.token_seconds).toBeLessThanOrEqual(8 * 3600);
  });

  it("refuses ID tokens of another issuer, audience, tenant or nonce", () => {
    expect(seen.wrong).toEqual({ issuer: 401, audience: 401, tenant: 401, nonce: 401 });
  });

  it("signs partners' people in with their own groups' roles, never an admin's and never as somebody of Entra", () => {
    expect(seen.partner.asked.redirect_uri).toBe("https://airflow.data.contoso.com/auth/oauth-authorized/acme");
    expect([seen.partner.signed_in, seen.partner.roles]).toEqual([200, ["Viewer"]]);
    expect(seen.partner_same_mail).toEqual(["Viewer"]);
    expect(seen.partner_admin_group).toEqual(["Viewer"]);
    expect(seen.partner_no_group).toBe(401);
  });

  it("makes declared roles, changes them and removes what is not declared any more", () => {
    expect(seen.declared_role).toEqual([
      "can create on DAG Runs",
      "can edit on DAG:sales",
      "can read on DAG Runs",
      "can read on DAG:sales",
      "can read on Website",
      "managed by Entrada on sales-runner",
    ]);
    expect(seen.role_changed).toEqual([
      "can read on DAGs",
      "can read on Website",
      "managed by Entrada on sales-runner",
    ]);
    expect(seen.roles_again).toEqual([]);
    expect(seen.roles_removed).toEqual(["role leaver: removed, it is no longer declared"]);
    expect(seen.roles_left).toEqual(["Admin", "Op", "Public", "User", "Viewer", "copy-by-hand", "sales-runner"]);
    expect(seen.holder_roles).toEqual(["Viewer"]);
    expect(seen.role_reserved).toMatch(/^ValueError: these are Airflow's own roles and cannot be declared: Op$/);
  });
});

describe("mappedRoles", () => {
  it("reads a deployed ConfigMap's files", async () => {
    const plain = { access: { Viewer: ["analysts"] }, roles: {}, triggers: {} };
    expect(await mappedRoles(files("3.3.2", plain, []))).toEqual({
      roles: { Admin: ["Admin"], Op: ["Op"], User: ["User"], Viewer: ["Viewer"] },
      unmapped: null,
    });
  }, 1_200_000);
});
