import { describe, expect, it } from "vitest";
import { isNamedSecret, secretKind } from "./secret-shapes.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const filler = (length: number) => "Ab1cD2eF3gH4iJ5kL6mN7oP8".repeat(5).slice(0, length);
const tilde = "~";

describe("secretKind", () => {
  it.each([
    ["an Entra client secret", `abc8Q${tilde}${filler(34)}`],
    ["an Entra client secret", `client_secret = "x.z8Q${tilde}${filler(33)}"`],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"],
    ["a private key", "x\n-----BEGIN PRIVATE KEY-----"],
    ["a private key", "-----BEGIN ENCRYPTED PRIVATE KEY-----"],
    ["a signed token (JWT)", `Bearer eyJ${filler(20)}.eyJ${filler(30)}.${filler(40)}`],
    ["a shared access signature", `https://x.blob.core.windows.net/c?sv=2024-01-01&sig=${filler(43)}%3D`],
    ["a storage or service key", `${filler(86)}==`],
    ["a shared access key", `Endpoint=sb://x;SharedAccessKey=${filler(43)}=`],
    ["a connection string with a password", "postgresql+psycopg2://superset:hunter2@db.contoso.com:5432/superset"],
    ["a connection string with a password", "rediss://:hunter2@cache.contoso.com:6380/0"],
    ["a connection string with a password", "Server=db;Database=x;User Id=sa;Password=hunter2;"],
    ["a connection string with a password", "host=db.contoso.com user=superset password=hunter2 sslmode=require"],
    ["a GitHub token", `ghp_${filler(36)}`],
    ["a GitHub token", `github_pat_${filler(30)}`],
    ["an Azure DevOps token", `${filler(76)}AZDO${filler(4)}`],
    ["an Azure DevOps token", "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst"],
    ["a Databricks token", `dapi${"0123456789abcdef".repeat(2)}`],
  ])("finds %s", (kind, text) => {
    expect(secretKind(text)).toBe(kind);
  });

  it.each([
    "postgresql+psycopg2://{user}:{password}@{host}/superset",
    "postgresql://superset:$" + "{PASSWORD}@db/superset",
    "postgresql://superset:$(PASSWORD)@db/superset",
    "rediss://cache.contoso.com:6380/0",
    "https://superset.contoso.com:8443/login?next=a@b.com",
    "Server=db;Authentication=Active Directory Workload Identity;",
    "host=db user=superset password={password}",
    "-----BEGIN CERTIFICATE-----\nMIIE",
    "-----BEGIN PUBLIC KEY-----",
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "11111111-2222-4333-8444-555555555555",
    "system:serviceaccount:superset:superset",
    "eyJust.a.word",
    "/mnt/secrets/superset/secret-key",
  ])("lets %s pass", (text) => {
    expect(secretKind(text)).toBeUndefined();
  });
});

describe("isNamedSecret", () => {
  it.each(["DATABASE_PASSWORD", "client-secret", "SUPERSET_SECRET_KEY", "API_KEY", "token", "redis.password"])(
    "knows %s by its name",
    (name) => {
      expect(isNamedSecret(name, "hunter2")).toBe(true);
      for (const harmless of ["", "/mnt/secrets/x", "true", "3600", "$(OTHER)", `\${OTHER}`]) {
        expect(isNamedSecret(name, harmless)).toBe(false);
      }
    },
  );

  it.each(["AZURE_FEDERATED_TOKEN_FILE", "TOKENS_PER_MINUTE", "SECRETARY", "PASSWORD_POLICY", "KEYCLOAK"])(
    "does not mind %s",
    (name) => {
      expect(isNamedSecret(name, "anything")).toBe(false);
    },
  );
});
