import { describe, expect, it } from "vitest";
import { type AccessDifference, accessDifference, NO_ACCESS, type RoleChange } from "../../model/index.ts";
import { COMMENT_MARKER, LONGEST_COMMENT, renderComment } from "./comment.ts";
import type { Operation, PreviewedChange } from "./preview.ts";
import { type EnvironmentReport, isChanged, mustNotMerge } from "./report.ts";

const NOTHING: AccessDifference = accessDifference(NO_ACCESS, NO_ACCESS);
const VAULT = "azure-native:keyvault:Vault";
const GROUP = "azuread:index/group:Group";

function role(number: number, admin = false, team = "analysts"): RoleChange {
  return {
    person: `person.number-${number}`,
    displayName: `Person Number ${number}`,
    tool: `tool-${number % 7}`,
    role: admin ? "Admin" : "Viewer",
    admin,
    via: [team],
    guest: false,
    because: [{ kind: "membership", team }],
  };
}

function change(operation: Operation, type: string, name = "one", protect = false): PreviewedChange {
  return { operation, type, name, properties: [], protect };
}

function previewed(...changes: PreviewedChange[]): EnvironmentReport {
  return { name: "prod", preview: { changes, errors: [] } };
}

describe("the comment", () => {
  it("begins with the line by which it is found again, and says what was not looked at", () => {
    const comment = renderComment([{ name: "prod" }]);
    expect(comment.split("\n")[0]).toBe(COMMENT_MARKER);
    expect(comment).toContain("| **prod** | not compared | not compared | no preview | not recorded |  |");
    expect(comment).not.toContain("### prod");
  });

  it("has a part of its own only for environments that change", () => {
    const gained = { ...NOTHING, gained: [role(1)] };
    const comment = renderComment([
      { name: "dev", access: NOTHING },
      { name: "prod", access: gained },
    ]);
    expect(comment).toContain("| **dev** | Nobody gains or loses a role |");
    expect(comment).toContain("| **prod** | 1 person gains 1 role |");
    expect(comment).not.toContain("### dev");
    expect(comment).toContain("### prod\n\n#### Access\n\n**1 person gains 1 role; nobody loses any.**");
  });

  it("says how many rules passed, or how many are broken", () => {
    const warning = { policy: "vault-closed", level: "advisory", resource: "Key vault kv", message: "open | wide" };
    const comment = renderComment([
      { name: "dev", policies: { rules: 40, violations: [] } },
      { name: "prod", policies: { rules: 40, violations: [warning, { ...warning, level: "mandatory" }] } },
    ]);
    expect(comment).toContain("| **dev** | not compared | not compared | no preview | 40 rules passed |  |");
    expect(comment).toContain("| no preview | **1 violation**, 1 warning |");
    expect(comment).toContain(
      "- **mandatory** `vault-closed`: Key vault kv: open &#124; wide\n- **advisory** `vault-closed`: Key vault kv:",
    );
  });

  it("writes names from the settings so that they change nothing around them", () => {
    const displayName = "Eve | </details> @contoso/admins `x`\n<!-- entrada: what this pull request changes -->";
    const evil = { ...role(1, true), displayName, tool: "a|b" };
    const comment = renderComment([{ name: "prod", access: { ...NOTHING, gained: [evil] } }]);
    expect(comment.match(/<!--/g)).toHaveLength(1);
    expect(comment).not.toContain("@contoso");
    expect(comment).not.toContain("</details>");
    const row = comment.split("\n").find((line) => line.startsWith("| **gains admin**"));
    expect(row?.split(" | ")).toHaveLength(4);
  });

  it("fits into GitHub's measure with thousands of changes, counts what it leaves out, and keeps every admin role", () => {
    const many = Array.from({ length: 5000 }, (_, number) => role(number, false, `team-${number}`));
    const admins = Array.from({ length: 40 }, (_, number) => role(9000 + number, true, `admins-${number}`));
    const changes = Array.from({ length: 2000 }, (_, number) => change("replace", `test:index:Kind${number}`, "a"));
    const access = { ...NOTHING, gained: [...admins, ...many] };
    const preview = { changes: [...changes, change("delete", VAULT, "kv")], errors: [] };
    const comment = renderComment([{ name: "prod", access, preview }]);
    expect(comment.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    for (const { person } of admins) expect(comment).toContain(`\`${person}\``);
    expect(comment).toContain("Key vault `kv` would be deleted.");
    const shown = comment.split("\n").filter((line) => line.startsWith("| gains |")).length;
    expect(comment).toContain(`${(5000 - shown).toLocaleString("en")} more lines without admin roles gained`);
    const kinds = comment.split("\n").filter((line) => line.startsWith("| **replace** |")).length;
    expect(comment).toContain(`${(2000 - kinds).toLocaleString("en")} more lines in the preview's log.`);
  });

  it("counts administrators where even their names have no room", () => {
    const admins = Array.from({ length: 5000 }, (_, number) => ({ ...role(number, true), tool: "superset" }));
    const comment = renderComment([{ name: "prod", access: { ...NOTHING, gained: admins } }]);
    expect(comment.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(comment).toContain("5,000 people gain 5,000 admin roles");
    expect(comment).toMatch(/\*\*gains admin\*\* \| 5,000 people: .* and 4,\d+ more \|/);
  });

  it("says so at its end where nothing else helps", () => {
    const admins = Array.from({ length: 3000 }, (_, number) => role(number, true, `admins-${number}`));
    const comment = renderComment([{ name: "prod", access: { ...NOTHING, gained: admins } }]);
    expect(comment.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(comment.trimEnd()).toMatch(/\*\*[\d,]+ lines did not fit; `entrada access diff` has them all\.\*\*$/);
  });
});

describe("resources", () => {
  it("are told by kind, what is lost first and what takes nothing away folded, in an order of their own", () => {
    const map = "kubernetes:core/v1:ConfigMap";
    const comment = renderComment([
      previewed(
        change("create", GROUP, "new"),
        change("replace", map, "settings"),
        change("delete", GROUP, "b"),
        change("delete", GROUP, "a"),
        change("replace", VAULT, "kv"),
      ),
    ]);
    expect(comment.slice(comment.indexOf("#### Resources"), comment.indexOf("<sub>"))).toBe(`#### Resources

|  | Kind | Which | What changes |
| --- | --- | --- | --- |
| **replace** ⛔ | Key vault | \`kv\` |  |
| **delete** | Entra group | \`a\` and \`b\` |  |

<details><summary>1 replaced, 1 created</summary>

|  | Kind | Which | What changes |
| --- | --- | --- | --- |
| replace | ConfigMap | \`settings\` |  |
| create | Entra group | \`new\` |  |

</details>

`);
    expect(comment).toContain("Entra groups `a` and `b` would be deleted");
  });

  it("that come in pairs are not to go together", () => {
    const password = "azuread:index/applicationPassword:ApplicationPassword";
    const both = [change("replace", password, "bi-secret-a"), change("replace", password, "bi-secret-b")];
    expect(renderComment([previewed(...both)])).toContain(
      "Both client secrets `bi-secret-a` and `bi-secret-b` are replaced",
    );
    expect(renderComment([previewed(...both.slice(0, 1))])).not.toContain("[!WARNING]");
  });
});

describe("what must not be merged", () => {
  it.each<[string, EnvironmentReport]>([
    ["a vault that is deleted", previewed(change("delete", VAULT))],
    ["a vault that is replaced", previewed(change("replace", VAULT))],
    ["an app registration that is deleted", previewed(change("delete", "azuread:index/application:Application"))],
    ["a database that is deleted", previewed(change("delete", "azure-native:dbforpostgresql:Database"))],
    [
      "a server of an API version that is named",
      previewed(change("delete", "azure-native:dbforpostgresql/v20240801:Server")),
    ],
    ["a cluster that is replaced", previewed(change("replace", "azure-native:containerservice:ManagedCluster"))],
    ["anything under protection", previewed(change("delete", GROUP, "one", true))],
    ["a preview that failed", { name: "prod", preview: { changes: [], errors: ["no rights"] } }],
    [
      "a mandatory violation",
      { name: "prod", policies: { rules: 1, violations: [{ policy: "p", level: "mandatory", message: "m" }] } },
    ],
    ["a lock-out", { name: "prod", lockOuts: [{ enforced: true, message: "m", fix: "f", path: [] } as never] }],
    ["settings that cannot be read", { name: "prod", problem: "no YAML" }],
  ])("is %s", (_, report) => {
    expect(mustNotMerge(report)).toBe(true);
    const comment = renderComment([report]);
    expect(comment).toContain("> [!CAUTION]\n> **Not to be merged as it is.**");
  });

  it.each<[string, EnvironmentReport]>([
    ["a group that is deleted", previewed(change("delete", GROUP))],
    ["a vault that is changed", previewed(change("update", VAULT))],
    ["an admin role, which needs a review", { name: "prod", access: { ...NOTHING, gained: [role(1, true)] } }],
    [
      "a warning",
      { name: "prod", policies: { rules: 1, violations: [{ policy: "p", level: "advisory", message: "m" }] } },
    ],
  ])("is not %s", (_, report) => {
    expect(mustNotMerge(report)).toBe(false);
    expect(isChanged(report)).toBe(true);
    expect(renderComment([report])).not.toContain("[!CAUTION]");
  });
});
