import { describe, expect, it } from "vitest";
import { redirectUris } from "../../../model/index.ts";
import { contracts } from "../registry.ts";
import { openMetadataContract } from "./contract.ts";

const minimal = {
  host: "openmetadata.data.contoso.com",
  image: "contoso.azurecr.io/openmetadata-server:2.0.7",
  database: { host: "contoso.postgres.database.azure.com" },
  search: { host: "search.data.contoso.com" },
  jobs: { image: "contoso.azurecr.io/python:3.12.12" },
};
const settings = (changes: object = {}) => openMetadataContract.settings.parse({ ...minimal, ...changes });
const check = (changes: object) => openMetadataContract.check?.(settings(changes)) ?? [];
const withoutProxy = { proxy: { off: "Reachable from the offices' network only, until Redis is there." } };

describe("OpenMetadata's contract", () => {
  it("is registered", () => {
    expect(contracts).toContain(openMetadataContract);
  });

  it("needs images and two servers, and has defaults for the rest", () => {
    const { host: _, ...withoutHost } = minimal;
    expect(openMetadataContract.settings.parse(withoutHost)).toEqual({
      version: "2.0.7",
      host: "openmetadata.<domain>",
      namespace: "openmetadata",
      access: {},
      egress: [],
      image: minimal.image,
      client: "public",
      proxy: true,
      roles: [],
      callers: [],
      database: { host: minimal.database.host, port: 5432, name: "openmetadata", user: "openmetadata", tls: true },
      search: { type: "opensearch", host: minimal.search.host, port: 9200, user: "openmetadata", tls: true },
      session: { lifetime: "8h" },
      replicas: { min: 2, max: 2 },
      logLevel: "INFO",
      reconcile: { every: "10m", removalLimit: 25 },
      jobs: minimal.jobs,
    });
  });

  it.each([
    ["public", true, { web: ["/oauth2/callback"], spa: ["/callback"] }, ["federated", "public"]],
    ["confidential", true, { web: ["/oauth2/callback", "/callback"], spa: [] }, ["federated", "secret"]],
    ["public", false, { web: [], spa: ["/callback"] }, ["public"]],
    ["confidential", false, { web: ["/callback"], spa: [] }, ["secret"]],
  ])("registers the paths that a %s client sends (proxy: %s)", (client, proxied, paths, credentials) => {
    const tool = settings({ client, ...(proxied ? {} : withoutProxy) });
    const uris = (path: string) => `https://openmetadata.data.contoso.com${path}`;
    expect(redirectUris(openMetadataContract, tool)).toEqual({ web: paths.web.map(uris), spa: paths.spa.map(uris) });
    expect(openMetadataContract.callbacks(tool).map(({ credential }) => credential)).toEqual(credentials);
    expect(openMetadataContract.proxied?.(tool)).toBe(proxied);
  });

  it("asks for a refresh token, without which people sign in again every hour", () => {
    for (const { scopes } of openMetadataContract.callbacks(settings())) expect(scopes).toContain("offline_access");
  });

  it("offers three roles of OpenMetadata and those that are declared", () => {
    const roles = openMetadataContract.roles(settings({ roles: ["DataQualityEngineer"] }));
    expect(roles.map(({ value, admin, toolRoles }) => [value, admin, toolRoles])).toEqual([
      ["Admin", true, ["Admin"]],
      ["DataSteward", false, ["DataSteward"]],
      ["DataConsumer", false, ["DataConsumer"]],
      ["DataQualityEngineer", false, ["DataQualityEngineer"]],
    ]);
  });

  it("says what a report's reader has to know, the reason for no proxy above all", () => {
    expect(openMetadataContract.remarks?.(settings())).toHaveLength(2);
    expect(openMetadataContract.remarks?.(settings({ client: "confidential" }))).toEqual([
      "The server keeps the session for at most 8h.",
      expect.stringMatching(/^Who is disabled or loses a role loses it in OpenMetadata after at most 10m, /),
    ]);
    const remarks = openMetadataContract.remarks?.(settings(withoutProxy)) ?? [];
    expect(remarks[0]).toBe(
      "OpenMetadata stands without the identity-aware proxy: Reachable from the offices' network only, until Redis is there.",
    );
    expect(remarks[1]).toContain("neither audience nor issuer");
  });

  it.each([
    [["datasteward"], ["roles", 0], "the role DataSteward, which is there already"],
    [["IngestionBotRole"], ["roles", 0], "IngestionBotRole, a role for bots"],
    [["Curator"], ["roles", 0], "a role that access gives to no team"],
  ])("refuses the declared roles %j", (roles, path, found) => {
    expect(check({ roles, access: { datasteward: ["sales"], IngestionBotRole: ["sales"] } })).toMatchObject([
      { path, found },
    ]);
  });

  it("refuses a role that is declared twice", () => {
    expect(check({ roles: ["Curator", "Curator"], access: { Curator: ["sales"] } })).toMatchObject([
      { path: ["roles", 1], found: "Curator for the second time" },
    ]);
  });

  it.each(["2.0.7", "v2.0.7", "2.0.7-2"])("takes an image tagged %s", (tag) => {
    expect(check({ image: `contoso.azurecr.io/openmetadata-server:${tag}` })).toEqual([]);
  });

  it.each(["1.9.0", "2.0.71", "2.1.0"])("refuses an image tagged %s", (tag) => {
    expect(check({ image: `contoso.azurecr.io/openmetadata-server:${tag}` })).toMatchObject([{ path: ["image"] }]);
  });

  it.each([
    ["a client secret", { clientSecret: "x" }],
    ["a client secret of a confidential client", { client: "confidential", oidc: { secret: "x" } }],
    ["a password of the search server", { search: { ...minimal.search, password: "x" } }],
    ["another kind of client", { client: "private" }],
    ["no proxy without a reason", { proxy: false }],
    ["no proxy with an empty reason", { proxy: { off: "                              " } }],
    ["a session below the server's own least", { session: { lifetime: "30m" } }],
    ["a caller by pod", { callers: [{ namespace: "airflow", pod: "x" }] }],
    ["no image for the jobs", { jobs: undefined }],
    ["an unpinned image for the jobs", { jobs: { image: "contoso.azurecr.io/python:latest" } }],
    ["an unknown key", { debug: true }],
  ])("refuses %s", (_, changes) => {
    expect(openMetadataContract.settings.safeParse({ ...minimal, ...changes }).success).toBe(false);
  });
});
