import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { AccessMatrix } from "../model/index.ts";
import { renderAccess } from "./access-table.ts";

const matrix: AccessMatrix = {
  tools: [
    {
      id: "superset",
      url: "https://superset.data.contoso.com",
      roles: [
        { value: "Admin", displayName: "Superset administrator", admin: true },
        { value: "Alpha", displayName: "Superset editor", admin: false },
      ],
    },
  ],
  people: [
    {
      id: "jon.berg",
      displayName: "Jon Berg",
      upn: "jon.berg@contoso.com",
      enabled: true,
      guest: false,
      access: [
        { tool: "superset", role: "Admin", via: ["bi-admins"] },
        { tool: "superset", role: "Alpha", via: ["analysts", "editors"] },
      ],
      denied: [],
    },
    {
      id: "zoe.martin",
      displayName: "Zoé Martin",
      upn: "zoe.martin@contoso.com",
      enabled: true,
      guest: false,
      access: [],
      denied: [
        {
          tool: "superset",
          reason: "member of interns, which is nested in analysts: Entra assigns app roles to direct members only",
        },
      ],
    },
    {
      id: "mira.holt",
      displayName: "Mira Holt",
      upn: "mira.holt_fabrikam.com#EXT#@contoso.onmicrosoft.com",
      enabled: false,
      guest: true,
      access: [],
      denied: [{ tool: "superset", reason: "account is disabled" }],
    },
  ],
};

describe("renderAccess", () => {
  it("lists tools, then people with their roles and reasons", () => {
    expect(renderAccess(matrix, { width: 140 })).toBe(
      [
        "TOOL      ADDRESS                            ROLES",
        "superset  https://superset.data.contoso.com  Admin (admin), Alpha",
        "",
        "PERSON                       TOOL      ROLE           THROUGH, OR WHY NOT",
        "jon.berg                     superset  Admin (admin)  bi-admins",
        "                             superset  Alpha          analysts, editors",
        "zoe.martin                   superset  -              member of interns, which is nested in analysts: Entra assigns app roles to direct",
        "                                                      members only",
        "mira.holt (guest, disabled)  superset  -              account is disabled",
        "",
        "3 people, 1 with access.",
      ].join("\n"),
    );
  });

  it.each([80, 100, 120])("stays within %i columns", (width) => {
    for (const line of renderAccess(matrix, { width }).split("\n")) expect(line.length).toBeLessThanOrEqual(width);
  });

  it("keeps every word when it wraps", () => {
    const text = renderAccess(matrix, { width: 60 }).replace(/\s+/g, " ");
    expect(text).toContain("which is nested in analysts: Entra assigns app roles to direct members only");
  });

  it("has no colour codes unless asked", () => {
    expect(renderAccess(matrix)).not.toContain("\u001b");
    const colored = renderAccess(matrix, { color: true });
    expect(colored).toContain("\u001b[1mTOOL");
    expect(stripVTControlCharacters(colored)).toBe(renderAccess(matrix));
  });

  it("says so where an environment has no tools, and where it has nobody", () => {
    const [person] = matrix.people;
    const alone = person === undefined ? [] : [{ ...person, access: [], denied: [] }];
    expect(renderAccess({ tools: [], people: alone })).toContain("jon.berg  -     -     no tool in this environment");
    expect(renderAccess({ tools: [], people: [] })).toContain("0 people, 0 with access.");
  });
});
