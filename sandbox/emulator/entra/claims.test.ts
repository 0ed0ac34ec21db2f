import { describe, expect, it } from "vitest";
import type { Application, Directory, OptionalClaim } from "../directory.ts";
import { pairwiseSubject } from "./claims.ts";
import {
  ADMIN_ROLE,
  ADMINS,
  ALPHA_ROLE,
  ANA,
  ANALYSTS,
  assignment,
  GUEST,
  group,
  JON,
  JUNIORS,
  NESTED,
  TENANT,
  TOOL,
  TOOL_SP,
  testTenant,
} from "./testing.ts";
import { signIn } from "./testing-flow.ts";

const withTool = (change: (application: Application, data: Directory) => void) =>
  testTenant((data) => {
    for (const application of Object.values(data.applications)) change(application, data);
  });
const optional = (name: string, ...additionalProperties: string[]): OptionalClaim => ({
  name,
  source: null,
  essential: false,
  additionalProperties,
});
const withOptional = (...idToken: OptionalClaim[]) =>
  withTool((application) => {
    application.optionalClaims = { idToken, accessToken: [], saml2Token: [] };
  });

describe("the ID token", () => {
  it("carries exactly the claims of the v2.0 reference", async () => {
    const { id } = await signIn(await testTenant(), ANA, { scope: "openid profile" });
    expect(Object.keys(id).sort()).toEqual(
      [
        "aio",
        "aud",
        "exp",
        "iat",
        "iss",
        "name",
        "nbf",
        "nonce",
        "oid",
        "preferred_username",
        "rh",
        "roles",
        "sub",
        "tid",
        "uti",
        "ver",
      ].sort(),
    );
    expect(id).toMatchObject({
      aud: TOOL,
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      oid: ANA,
      tid: TENANT,
      ver: "2.0",
      name: "Ana Lima",
      preferred_username: "ana.lima@contoso.com",
      iat: 1772442000,
      exp: 1772445600,
    });
  });

  it("tells who the person is only with profile, and mail only when asked", async () => {
    const tenant = await testTenant();
    const { id } = await signIn(tenant, ANA, { scope: "openid" });
    expect(id).not.toHaveProperty("oid");
    expect(id).not.toHaveProperty("name");
    expect((await signIn(tenant, ANA, { scope: "openid email" })).id.email).toBe("ana.lima@contoso.com");
    const mailless = await testTenant((data) => Object.assign(data.users[ANA] ?? {}, { mail: null }));
    expect((await signIn(mailless, ANA)).id).not.toHaveProperty("email");
  });

  it("has a subject of its own for each application", async () => {
    const { data } = await testTenant();
    expect(pairwiseSubject(data, TOOL, ANA)).toBe(pairwiseSubject(data, TOOL, ANA));
    expect(pairwiseSubject(data, TOOL, ANA)).not.toBe(pairwiseSubject(data, "another", ANA));
    expect(pairwiseSubject(data, TOOL, ANA)).not.toBe(pairwiseSubject(data, TOOL, JON));
  });

  it("carries optional claims as the registration names them", async () => {
    const tenant = await withOptional(
      ...["acct", "auth_time", "ctry", "email", "family_name", "given_name", "login_hint", "sid", "upn", "in_corp"].map(
        (name) => optional(name),
      ),
    );
    const { id } = await signIn(tenant, ANA, { scope: "openid profile" });
    expect(id).toMatchObject({
      acct: 0,
      auth_time: 1772442000,
      ctry: "PT",
      email: "ana.lima@contoso.com",
      family_name: "Lima",
      given_name: "Ana",
      upn: "ana.lima@contoso.com",
    });
    expect(id.sid).toMatch(/^[0-9a-f-]{36}$/);
    expect(id).not.toHaveProperty("in_corp");
  });

  it("shows a guest's home, mail and, when asked, the name in this directory", async () => {
    const { id } = await signIn(await testTenant(), GUEST, { scope: "openid profile" });
    expect(id).toMatchObject({
      idp: "https://sts.windows.net/fab00000-0000-4000-8000-000000000001/",
      email: "gus@fabrikam.com",
      preferred_username: "gus@fabrikam.com",
      tid: TENANT,
    });
    const upn = async (...properties: string[]) =>
      (await signIn(await withOptional(optional("upn", ...properties)), GUEST)).id.upn;
    expect(await upn()).toBe("gus@fabrikam.com");
    expect(await upn("include_externally_authenticated_upn")).toBe("gus_fabrikam.com#EXT#@contoso.onmicrosoft.com");
    expect(await upn("include_externally_authenticated_upn_without_hash")).toBe(
      "gus_fabrikam.com_EXT_@contoso.onmicrosoft.com",
    );
  });
});

describe("roles", () => {
  const rolesOf = async (as: string, change: (data: Directory) => void = () => {}) =>
    (await signIn(await testTenant(change), as)).id.roles;

  it("come from direct assignment, direct and dynamic membership, each once", async () => {
    expect(await rolesOf(ANA)).toEqual(["Admin"]);
    expect(await rolesOf(JON)).toEqual(["Alpha"]);
    const both = (data: Directory) => {
      data.appRoleAssignments.e3 = assignment("e3", ALPHA_ROLE, ANA);
      data.appRoleAssignments.e4 = assignment("e4", ADMIN_ROLE, ANA);
    };
    expect(await rolesOf(ANA, both)).toEqual(["Admin", "Alpha"]);
  });

  it("are absent, not empty, when the person holds none", async () => {
    const byDefault = (data: Directory) => {
      data.appRoleAssignments.e3 = assignment("e3", "00000000-0000-0000-0000-000000000000", NESTED);
    };
    expect(await rolesOf(NESTED, byDefault)).toBeUndefined();
    const retired = (data: Directory) => {
      for (const application of Object.values(data.applications))
        for (const role of application.appRoles) role.isEnabled = false;
    };
    expect(await rolesOf(ANA, retired)).toBeUndefined();
  });
});

describe("groups", () => {
  const groupsOf = async (
    kinds: string,
    as: string,
    change: (application: Application, data: Directory) => void = () => {},
    scope = "openid profile",
  ) => {
    const tenant = await withTool((application, data) => {
      application.groupMembershipClaims = kinds;
      data.servicePrincipals[TOOL_SP] = {
        ...data.servicePrincipals[TOOL_SP],
        appRoleAssignmentRequired: false,
      } as NonNullable<Directory["servicePrincipals"][string]>;
      change(application, data);
    });
    return (await signIn(tenant, as, { scope })).id;
  };
  const many = (count: number) => (_application: Application, data: Directory) => {
    for (let index = 0; index < count; index++) {
      const id = `f0000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
      data.groups[id] = group(id, `team-${index}`, [JON]);
    }
  };

  it("need groupMembershipClaims", async () => {
    expect(await groupsOf("None", ANA)).not.toHaveProperty("groups");
  });

  it("include nested ones for SecurityGroup, and only assigned ones with direct membership for ApplicationGroup", async () => {
    expect((await groupsOf("SecurityGroup", NESTED)).groups).toEqual([JUNIORS, ADMINS]);
    expect(await groupsOf("ApplicationGroup", NESTED)).not.toHaveProperty("groups");
    expect((await groupsOf("ApplicationGroup", ANA)).groups).toEqual([ADMINS]);
    expect((await groupsOf("ApplicationGroup", JON)).groups).toEqual([ANALYSTS]);
  });

  it("are named only when assigned, and can take the place of roles", async () => {
    const named =
      (...properties: string[]) =>
      (application: Application) => {
        application.optionalClaims = { idToken: [optional("groups", ...properties)], accessToken: [], saml2Token: [] };
      };
    expect((await groupsOf("ApplicationGroup", ANA, named("cloud_displayname"))).groups).toEqual(["bi-admins"]);
    expect((await groupsOf("SecurityGroup", ANA, named("cloud_displayname"))).groups).toEqual([ADMINS]);
    expect(await groupsOf("SecurityGroup", ANA, named("sam_account_name"))).not.toHaveProperty("groups");
    const asRoles = await groupsOf("ApplicationGroup", ANA, named("cloud_displayname", "emit_as_roles"));
    expect(asRoles.roles).toEqual(["bi-admins"]);
    expect(asRoles).not.toHaveProperty("groups");
  });

  it("are all left out above 200, with a pointer to Graph", async () => {
    expect((await groupsOf("SecurityGroup", JON, many(199))).groups).toHaveLength(200);
    const over = await groupsOf("SecurityGroup", JON, many(200));
    expect(over).not.toHaveProperty("groups");
    expect(over._claim_names).toEqual({ groups: "src1" });
    expect(over._claim_sources).toEqual({
      src1: { endpoint: `https://graph.microsoft.com/v1.0/users/${JON}/getMemberObjects` },
    });
  });
});

describe("an access token", () => {
  it("for Microsoft Graph is a v1 token with the scopes", async () => {
    const { access, body } = await signIn(await testTenant(), ANA, {
      scope: "openid profile offline_access User.Read",
    });
    expect(access).toMatchObject({
      ver: "1.0",
      iss: `https://sts.windows.net/${TENANT}/`,
      oid: ANA,
      appid: TOOL,
      appidacr: "2",
      scp: "openid profile User.Read",
      idtyp: "user",
      unique_name: "ana.lima@contoso.com",
    });
    expect(body.scope).toBe("openid profile User.Read");
    expect(body.refresh_token).toBeTypeOf("string");
  });

  it("takes its shape from the resource", async () => {
    const tenant = await withTool((application, data) => {
      application.identifierUris = ["api://superset"];
      application.api.oauth2PermissionScopes = [
        {
          id: "s1",
          value: "read",
          adminConsentDescription: "",
          adminConsentDisplayName: "",
          userConsentDescription: null,
          userConsentDisplayName: null,
          isEnabled: true,
          type: "User",
        },
      ];
      data.oauth2PermissionGrants.g2 = {
        id: "g2",
        clientId: TOOL_SP,
        consentType: "AllPrincipals",
        principalId: null,
        resourceId: TOOL_SP,
        scope: "read",
      };
    });
    const v2 = await signIn(tenant, ANA, { scope: "openid api://superset/read" });
    expect(v2.access).toMatchObject({
      ver: "2.0",
      aud: TOOL,
      azp: TOOL,
      azpacr: "2",
      scp: "read",
      roles: ["Admin"],
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
    });
    expect(v2.body.scope).toBe("openid api://superset/read");
    for (const application of Object.values(tenant.data.applications))
      application.api.requestedAccessTokenVersion = null;
    expect((await signIn(tenant, ANA, { scope: "openid api://superset/read" })).access).toMatchObject({
      ver: "1.0",
      aud: "api://superset",
    });
    expect((await signIn(tenant, ANA, { scope: "api://superset/.default" })).access.scp).toBe("read");
  });
});
