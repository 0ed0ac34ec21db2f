import { beforeAll, describe, expect, it } from "vitest";
import { acme } from "../fab/tests/partner.ts";
import { supersetContract } from "./contract.ts";
import { configFiles, settingsFiles } from "./settings-files.ts";
import { supersetSettings } from "./tests/fixtures.ts";
import { mappedRoles, observe } from "./tests/python.ts";

/** One sign-in over the whole code flow. */
interface Flow {
  readonly asked: Readonly<Record<string, string>>;
  readonly cookie: string;
  readonly cookie_bytes: number;
  readonly session_id_renewed: boolean;
  readonly status: number;
  readonly roles: readonly string[] | null;
  readonly token_request: Readonly<Record<string, string>>;
  readonly authorization_header: string | null;
}

type Seen = Readonly<Record<string, unknown>> & {
  readonly flow: { readonly first: Flow; readonly second: Flow };
  readonly partner_flow: Flow;
};

/** The settings files of one version. */
function filesOf(version: string): Record<string, string> {
  const settings = supersetSettings({ version, image: `contoso.azurecr.io/superset:${version}` });
  return settingsFiles(settings, supersetContract.roles(settings), [acme()]);
}

/** What `settingsFiles` refuses to write: a partner's group with an admin role. */
function withPartnersAdmin({ "settings.json": text = "", ...others }: Record<string, string>): Record<string, string> {
  const parsed = JSON.parse(text) as { partners: { roles: Record<string, string[]> }[] };
  for (const { roles } of parsed.partners) roles["acme-admins"] = ["Admin", "Gamma"];
  return { ...others, "settings.json": JSON.stringify(parsed) };
}

describe.each(supersetContract.versions)("superset_config.py in real Superset %s", (version) => {
  let seen: Seen;
  beforeAll(async () => {
    seen = (await observe(withPartnersAdmin(filesOf(version)))) as Seen;
  });

  it("maps each app role to exactly its Superset roles", () => {
    expect(seen.mapping).toEqual({
      Admin: ["Admin"],
      Alpha: ["Alpha", "sql_lab"],
      Gamma: ["Gamma"],
      "sales-reader": ["Gamma", "sales-reader"],
      "lake-reader": ["Gamma", "lake-reader"],
    });
    expect(seen.several).toEqual(["Alpha", "Gamma", "sql_lab"]);
  });

  it("replaces a person's roles at every sign-in and adds no Public role", () => {
    expect(seen.promoted).toEqual(["Admin"]);
    expect(seen.demoted).toEqual(["Gamma"]);
  });

  it("refuses people without a mapped role, and takes the stored ones away", () => {
    expect([seen.emptied, seen.no_claim, seen.unknown_role, seen.partner_role]).toEqual([null, null, null, null]);
    expect(seen.stored_roles_after_emptied).toEqual([]);
    expect(seen.refused_person_stored).toBe(false);
  });

  it("takes no claims that were not verified for this application and tenant", () => {
    expect(seen.unverified).toBe("ValueError: the answer holds no verified ID token");
    expect(seen.without_id_token).toBe("ValueError: the answer holds no verified ID token");
    expect(seen.other_audience).toBe("ValueError: the ID token is for another application");
    expect(seen.other_tenant).toBe("ValueError: the ID token is from another tenant");
    expect(seen.no_address).toMatch(/lacks oid, or upn and email: add the optional claims/);
    expect(seen.email_only).toEqual(["Gamma"]);
  });

  it("asks Entra with PKCE, the sign-in scopes and the https redirect URI behind the gateway", () => {
    expect(seen.flow.first.asked).toMatchObject({
      redirect_uri: "https://superset.data.contoso.com/oauth-authorized/azure",
      scope: "openid profile email",
      response_type: "code",
      code_challenge_method: "S256",
      nonce: expect.stringMatching(/.{10,}/),
    });
  });

  it("sends the service account's token and no secret, and reads the token anew each time", () => {
    const { first, second } = seen.flow;
    expect(Object.keys(first.token_request).sort()).toEqual([
      "client_assertion",
      "client_assertion_type",
      "client_id",
      "code",
      "code_verifier",
      "grant_type",
      "redirect_uri",
    ]);
    expect(first.token_request.client_assertion).toBe("first-token");
    expect(second.token_request.client_assertion).toBe("second-token");
    expect(first.authorization_header).toBeNull();
  });

  it("signs in over the whole flow with the roles of the token", () => {
    expect([seen.flow.first.roles, seen.flow.second.roles]).toEqual([["Admin"], ["Alpha", "sql_lab"]]);
  });

  it("refuses ID tokens of another issuer, audience or nonce, and without a role", () => {
    expect([seen.flow_wrong_issuer, seen.flow_wrong_audience, seen.flow_wrong_nonce, seen.flow_no_role]).toEqual([
      401, 401, 401, 401,
    ]);
  });

  it("keeps sessions on the server, behind a small secure cookie, and ends them after their lifetime", () => {
    expect(seen.config).toMatchObject({
      SESSION_SERVER_SIDE: true,
      SESSION_TYPE: "redis",
      SESSION_USE_SIGNER: true,
      SESSION_REFRESH_EACH_REQUEST: false,
    });
    expect(seen.session_seconds).toBe(8 * 3600);
    expect(seen.flow.first.cookie).toMatch(/^session=.*; Secure; HttpOnly; Path=\/; SameSite=Lax$/);
    expect(seen.flow.first.cookie_bytes).toBeLessThan(500);
    expect(seen.flow.first.session_id_renewed).toBe(true);
    expect([seen.session_before_end, seen.session_after_end]).toEqual([200, 401]);
  });

  it("lets no stranger's report of use write a session, in which a sign-in may just have begun", () => {
    expect(seen.strangers_usage).toEqual([204, null]);
  });

  it("opens no other door: password API, password form, self-registration", () => {
    expect([seen.password_api, seen.ldap_api, seen.password_form]).toEqual([400, 400, 405]);
    expect(seen.registration).toEqual([404, 404]);
    expect(seen.login_page).toBe(200);
    expect(seen.config).toMatchObject({
      AUTH_USER_REGISTRATION_ROLE: "",
      AUTH_RATE_LIMITED: true,
      RATELIMIT_ENABLED: true,
    });
  });

  it("sends a content security policy without foreign hosts, and answers probes over http", () => {
    const headers = seen.headers as Record<string, string>;
    expect(headers["Content-Security-Policy"]).toMatch(/script-src 'self' 'strict-dynamic' 'nonce-/);
    expect(headers["Content-Security-Policy"]).not.toMatch(/https?:/);
    expect(headers["Strict-Transport-Security"]).toMatch(/max-age=\d{8}/);
    expect(seen.health).toBe(200);
  });

  it("encrypts to database and Redis and checks their certificates", () => {
    expect(seen.database_uri).toMatch(
      /^postgresql\+psycopg2:\/\/superset:.*@contoso\.postgres\.database\.azure\.com:5432\/superset\?sslmode=verify-full&sslrootcert=/,
    );
    expect(seen.redis_uri).toMatch(
      /^rediss:\/\/.*@contoso\.redis\.cache\.windows\.net:6380\/0\?ssl_cert_reqs=required&ssl_ca_certs=/,
    );
    expect([seen.celery_broker, seen.celery_task]).toEqual(["rediss", "entrada.roles"]);
    expect(seen.celery_schedule).toEqual(["entrada.roles", "reports.prune_log", "reports.scheduler"]);
  });

  it("refuses to start without a secret, an id or its settings, and names what is missing", () => {
    expect(seen.missing_secret).toMatch(/ConfigurationError: secret 'unknown' is not readable/);
    expect(seen.empty_secret).toMatch(/ConfigurationError: secret 'empty' .* is empty/);
    expect(seen.common_tenant).toBe("ConfigurationError: AZURE_TENANT_ID is 'common', which is not a GUID");
    expect(seen.no_client_id).toBe("ConfigurationError: environment variable ENTRA_CLIENT_ID is not set");
    expect(seen.no_settings).toMatch(/ConfigurationError: SUPERSET_SETTINGS_FILE names .*, which is not a file/);
  });

  it("signs partners' people in with the roles of their own company's groups, with a secret from a file", () => {
    const { asked, roles, token_request, authorization_header } = seen.partner_flow;
    expect(asked).toMatchObject({
      client_id: "0oa1acmesuperset",
      redirect_uri: "https://superset.data.contoso.com/oauth-authorized/acme",
      scope: "openid profile email groups",
      code_challenge_method: "S256",
      nonce: expect.stringMatching(/.{10,}/),
    });
    expect(roles).toEqual(["Gamma"]);
    expect(Object.keys(token_request).sort()).toEqual(["code", "code_verifier", "grant_type", "redirect_uri"]);
    const [id, secret] = Buffer.from((authorization_header ?? "").replace("Basic ", ""), "base64")
      .toString()
      .split(":");
    expect([id, secret]).toEqual(["0oa1acmesuperset", expect.stringContaining("value-of-partner-acme-client-secret")]);
  });

  it("gives a partner no Entra role, no admin role, and nothing without a mapped group", () => {
    expect(seen.partner_own_roles).toBeNull();
    expect(seen.partner_admin_group).toEqual(["Gamma"]);
    expect(seen.partner_no_groups).toBeNull();
    expect(seen.partner_groups_as_text).toEqual(["Gamma"]);
  });

  it("refuses a partner's ID token of another issuer, audience or nonce, and without a subject", () => {
    const wrong = ["wrong_issuer", "wrong_audience", "several_audiences", "wrong_nonce", "no_subject"];
    expect(wrong.map((name) => seen[`partner_${name}`])).toEqual([null, null, null, null, null]);
  });

  it("never takes a partner's person for somebody of Entra, or for another of the partner", () => {
    expect(seen.partner_same_mail).toEqual(["Gamma"]);
    expect(seen.clara_roles).toEqual(["Admin"]);
    // An address that a partner's person has blocks nobody of Entra.
    expect(seen.partner_before_entra).toEqual(["Gamma"]);
    expect(seen.entra_after_partner).toEqual(["Alpha", "sql_lab"]);
    expect(seen.partner_other_case).toEqual(["Gamma"]);
    expect(seen.partner_users).toEqual([
      "acme:clara@contoso.com",
      "acme:kai.larsen@acme.com",
      "acme:later@contoso.com",
      "acme:other@acme.com",
    ]);
    expect(seen.partner_reserved).toBe("ValueError: 'azure' cannot be a partner's key");
  });

  it("never joins an account by its mail address", () => expect(seen.entra_taken_mail).toBeNull());

  it("adds declared permissions and takes undeclared ones and roles away", () => {
    expect(seen.import_without_database).toEqual([]);
    expect(seen.import_added).toEqual({
      reader: ["schema access on [lake].[analytics].[hr]", "schema access on [lake].[analytics].[sales]"],
      leaver: ["database access on [lake].(id:1)"],
    });
    expect(seen.import_again).toEqual([]);
    expect(seen.import_removed).toEqual({
      reader: ["schema access on [lake].[analytics].[sales]"],
      leaver: null,
      "by-hand": [],
    });
    expect(seen.holder_roles).toEqual(["by-hand"]);
  });

  it("keeps Superset's own roles and copies made by hand after `superset init` has given them every mark", () => {
    expect(seen.import_after_init).toEqual([]);
    expect(seen.kept_after_init).toEqual(["Admin", "Alpha", "Gamma", "copy-by-hand"]);
  });

  it("never takes one of Superset's own roles for a declared one", () => {
    expect(seen.import_reserved).toBe("ValueError: these are Superset's own roles and cannot be declared: Admin");
    expect(seen.admin_kept).toBe(true);
  });
});

describe("mappedRoles", () => {
  it("reads a deployed ConfigMap's files", async () => {
    const one = supersetSettings({ access: { Gamma: ["analysts"] }, datasets: {} });
    expect(await mappedRoles(settingsFiles(one, supersetContract.roles(one), []), configFiles())).toEqual({
      roles: { Admin: ["Admin"], Alpha: ["Alpha", "sql_lab"], Gamma: ["Gamma"] },
      unmapped: null,
    });
  });
});
