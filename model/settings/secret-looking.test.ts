import { describe, expect, it } from "vitest";
import { looksSecret } from "./secret-looking.ts";

describe("looksSecret", () => {
  it.each([
    ["an Entra client secret", `abc8Q~${"x1Y.z_".repeat(6)}`],
    ["a JSON Web Token", `eyJhbGciOiJSUzI1NiJ9.${"eyJzdWIiOiIxIn0"}.sig`],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----"],
    ["a storage connection string", "DefaultEndpointsProtocol=https;AccountKey=abc"],
    ["a database connection string", "Server=db;Password=hunter2"],
    ["an address with a password", "postgresql://superset:hunter2@db.contoso.com/superset"],
    ["an address with a password only", "rediss://:hunter2@cache.contoso.com:6380/0"],
    ["a GitHub token", `ghp_${"a".repeat(36)}`],
    ["a storage key", "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFla=="],
  ])("knows %s", (_, text) => {
    expect(looksSecret(text)).toBe(true);
  });

  it.each([
    ["a GUID", "9D1B7C52-2F5E-4C5B-A0D5-0F1F6C1F9A10"],
    ["an image", `contoso.azurecr.io/superset:6.1.0@sha256:${"5f0a3c9e".repeat(8)}`],
    ["an issuer", "https://westeurope.oic.prod-aks.azure.com/9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10/0c6d1f4e/"],
    ["a rule", 'user.department -eq "Analytics" -and user.accountEnabled -eq true'],
    ["a guest's name", "mira.holt_fabrikam.com#EXT#@contoso.onmicrosoft.com"],
    ["a long name", "VerwaltungsratsmitgliederversammlungInternational"],
    ["a description", "Look at dashboards, passwords excluded"],
  ])("takes %s for no secret", (_, text) => {
    expect(looksSecret(text)).toBe(false);
  });
});
