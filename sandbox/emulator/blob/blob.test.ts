import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { SCOPE } from "../arm/testing.ts";
import { BLOB_ROLES, type BlobAsk, type BlobWorld, blobWorld, CONTAINER, HOST } from "./testing.ts";

let world: BlobWorld;
beforeEach(async () => {
  world = await blobWorld();
});

/** Status and `x-ms-error-code`. */
async function told(method: string, path: string, options?: BlobAsk): Promise<string> {
  const { status, headers } = await world.ask(method, path, options);
  return `${status} ${headers.get("x-ms-error-code") ?? ""}`.trim();
}
const hash = (text: string) => createHash("md5").update(text).digest("base64");

describe("a blob", () => {
  it("is written, read, described and deleted, with its slashes escaped or not", async () => {
    const headers = {
      "x-ms-blob-content-type": "application/json",
      "x-ms-meta-owner": "bi",
      "x-ms-blob-cache-control": "",
    };
    const written = await world.put("a/state.json", "{}", headers);
    expect(written.status).toBe(201);
    const read = await world.ask("GET", "/pulumi/a/state.json");
    expect(read).toMatchObject({ status: 200, text: "{}" });
    const said = {
      etag: written.headers.get("etag"),
      "last-modified": "Mon, 02 Mar 2026 09:00:00 GMT",
      "content-type": "application/json",
      "content-md5": hash("{}"),
      "content-length": "2",
      "x-ms-meta-owner": "bi",
      "x-ms-blob-type": "BlockBlob",
      "x-ms-version": "2026-02-06",
    };
    expect(Object.fromEntries(read.headers)).toMatchObject(said);
    const described = await world.ask("HEAD", "/pulumi/a%2Fstate.json");
    expect(described).toMatchObject({ status: 200, text: "" });
    expect(Object.fromEntries(described.headers)).toMatchObject({ ...said, "x-ms-access-tier": "Hot" });
    expect(described.headers.has("cache-control")).toBe(false);
    expect(await told("DELETE", "/pulumi/a/state.json")).toBe("202");
    expect(await told("DELETE", "/pulumi/a/state.json")).toBe("404 BlobNotFound");
    expect(await told("HEAD", "/pulumi/a/state.json")).toBe("404 BlobNotFound");
  });

  it("keeps the day of its making when it is overwritten", async () => {
    await world.put("state", "1");
    world.wait(60_000);
    await world.put("state", "22");
    const { headers, text } = await world.ask("GET", "/pulumi/state");
    expect(text).toBe("22");
    expect(headers.get("x-ms-creation-time")).toBe("Mon, 02 Mar 2026 09:00:00 GMT");
    expect(headers.get("last-modified")).toBe("Mon, 02 Mar 2026 09:01:00 GMT");
  });

  it("is read in parts", async () => {
    await world.put("state", "0123456789");
    const part = await world.ask("GET", "/pulumi/state", { headers: { "x-ms-range": "bytes=2-4" } });
    expect(part).toMatchObject({ status: 206, text: "234" });
    expect(part.headers.get("content-range")).toBe("bytes 2-4/10");
    expect(part.headers.get("content-md5")).toBeNull();
    expect((await world.ask("GET", "/pulumi/state", { headers: { range: "bytes=7-" } })).text).toBe("789");
    expect(await told("GET", "/pulumi/state", { headers: { range: "bytes=10-" } })).toBe("416 InvalidRange");
    expect(await told("GET", "/pulumi/state", { headers: { range: "2-4" } })).toBe("400 InvalidHeaderValue");
  });

  it("heeds conditions, so that two writers do not overwrite each other", async () => {
    const first = (await world.put("state", "1")).headers.get("etag") ?? "";
    const put = async (headers: Record<string, string>) => {
      const { status, headers: answered } = await world.put("state", "2", headers);
      return `${status} ${answered.get("x-ms-error-code") ?? ""}`.trim();
    };
    expect(await put({ "if-none-match": "*" })).toBe("409 BlobAlreadyExists");
    expect(await put({ "if-match": first })).toBe("201");
    expect(await put({ "if-match": first })).toBe("412 ConditionNotMet");
    expect(await told("DELETE", "/pulumi/state", { headers: { "if-match": first } })).toBe("412 ConditionNotMet");
    const now = (await world.ask("HEAD", "/pulumi/state")).headers.get("etag") ?? "";
    expect(await told("GET", "/pulumi/state", { headers: { "if-none-match": now } })).toBe("304 ConditionNotMet");
  });

  it("is refused when it is not what its sender says, and when it is none that the sandbox knows", async () => {
    expect((await world.put("state", "1", { "content-md5": hash("2") })).headers.get("x-ms-error-code")).toBe(
      "Md5Mismatch",
    );
    expect(await told("PUT", "/pulumi/state", { body: "1" })).toBe("400 MissingRequiredHeader");
    const page = { body: "1", headers: { "x-ms-blob-type": "PageBlob" } };
    expect(await told("PUT", "/pulumi/state", page)).toBe("501 NotImplemented");
    expect(await told("PUT", `/pulumi/${"a".repeat(1025)}`, page)).toBe("400 InvalidResourceName");
  });

  it("is copied within its account, with what it says of itself", async () => {
    await world.put("state", "1", { "x-ms-meta-owner": "bi" });
    const copy = (source: string) => world.ask("PUT", "/pulumi/state.bak", { headers: { "x-ms-copy-source": source } });
    const answer = await copy(`${HOST}/pulumi/state`);
    expect(answer.status).toBe(202);
    expect(answer.headers.get("x-ms-copy-status")).toBe("success");
    const { text, headers } = await world.ask("GET", "/pulumi/state.bak");
    expect(text).toBe("1");
    expect(Object.fromEntries(headers)).toMatchObject({ "x-ms-meta-owner": "bi", "x-ms-copy-progress": "1/1" });
    expect((await copy(`${HOST}/pulumi/missing`)).headers.get("x-ms-error-code")).toBe("BlobNotFound");
    expect((await copy("https://other.blob.core.windows.net/pulumi/state")).status).toBe(501);
    expect((await copy(`${HOST}/elsewhere/state`)).headers.get("x-ms-error-code")).toBe(
      "AuthorizationPermissionMismatch",
    );
  });
});

describe("blocks", () => {
  const id = (name: string) => Buffer.from(name).toString("base64");
  const stage = (name: string, body: string) =>
    told("PUT", `/pulumi/state?comp=block&blockid=${encodeURIComponent(id(name))}`, { body });
  const commit = (list: string, headers = {}) => told("PUT", "/pulumi/state?comp=blocklist", { body: list, headers });
  const listOf = (...names: string[]) =>
    `<?xml version="1.0"?>\n<BlockList>${names.map((name) => `<Latest>${id(name)}</Latest>`).join("")}</BlockList>`;

  it("become a blob in the order of their list, and nothing before", async () => {
    await stage("b", "bi");
    await stage("a", "ra");
    await stage("unused", "x");
    expect(await told("GET", "/pulumi/state")).toBe("404 BlobNotFound");
    expect(await commit(listOf("b", "a"), { "x-ms-blob-content-md5": hash("bira") })).toBe("201");
    const { text, headers } = await world.ask("GET", "/pulumi/state");
    expect(text).toBe("bira");
    expect(headers.get("content-md5")).toBe(hash("bira"));
    // They are the blob's by now, and the unused one is forgotten.
    expect(await commit(listOf("unused"))).toBe("400 InvalidBlockList");
  });

  it("are refused with a wrong id or list", async () => {
    expect(await told("PUT", "/pulumi/state?comp=block&blockid=*", { body: "x" })).toBe(
      "400 InvalidQueryParameterValue",
    );
    expect(await commit("<BlockList><Latest>YQ==</Latest>")).toBe("400 InvalidXmlDocument");
    expect(await commit("<BlockList><Latest>YQ==</Latest>junk</BlockList>")).toBe("400 InvalidXmlDocument");
    expect(await commit("<BlockList><Committed>YQ==</Committed></BlockList>")).toBe("501 NotImplemented");
    expect(await commit("<BlockList />")).toBe("201");
    expect((await world.ask("GET", "/pulumi/state")).text).toBe("");
  });
});

describe("a container", () => {
  const list = async (query: string) => (await world.ask("GET", `/pulumi?restype=container&comp=list${query}`)).text;
  const names = (xml: string) => [...xml.matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name]) => name);

  it("lists its blobs by name, flat or by common beginnings, in pages", async () => {
    for (const name of ["b/2", "a", "b/1", "c", "b&d"]) await world.put(name, name);
    expect(names(await list(""))).toEqual(["a", "b&amp;d", "b/1", "b/2", "c"]);
    const top = await list("&delimiter=%2F&maxresults=3");
    expect(top).toContain("<BlobPrefix><Name>b/</Name></BlobPrefix>");
    expect(names(top)).toEqual(["a", "b&amp;d", "b/"]);
    const marker = /<NextMarker>(.+)<\/NextMarker>/.exec(top)?.[1];
    expect(names(await list(`&delimiter=%2F&maxresults=3&marker=${marker}`))).toEqual(["c"]);
    const below = await list("&prefix=b%2F&delimiter=%2F");
    expect(names(below)).toEqual(["b/1", "b/2"]);
    expect(below).toContain("<NextMarker />");
    expect(below).toContain("<Content-Length>3</Content-Length>");
    expect(await told("GET", "/pulumi?restype=container&comp=list&maxresults=0")).toBe(
      "400 InvalidQueryParameterValue",
    );
  });

  it("is told apart from one that is not there, and takes its blobs along when it is deleted", async () => {
    await world.put("state", "1");
    expect(await told("GET", "/pulumi?restype=container")).toBe("200");
    await world.assign(world.deployer.objectId, BLOB_ROLES.contributor, CONTAINER.replace(/pulumi$/, "other"));
    expect(await told("HEAD", "/other?restype=container")).toBe("404 ContainerNotFound");
    expect(await told("GET", "/other/state")).toBe("404 ContainerNotFound");
    expect(await told("GET", "https://nobody.blob.core.windows.net/pulumi/state")).toBe("404 ResourceNotFound");
    await world.arm("DELETE", `${CONTAINER}?api-version=2024-01-01`);
    await world.arm("PUT", `${CONTAINER}?api-version=2024-01-01`, {});
    await world.assign(world.deployer.objectId, BLOB_ROLES.contributor, CONTAINER);
    expect(await told("GET", "/pulumi/state")).toBe("404 BlobNotFound");
  });
});

describe("who may", () => {
  it("needs Entra's token for storage, and is told where to get it", async () => {
    const anonymous = await world.ask("GET", "/pulumi/state", { as: "" });
    expect(anonymous.headers.get("x-ms-error-code")).toBe("NoAuthenticationInformation");
    expect(anonymous.headers.get("www-authenticate")).toMatch(
      /^Bearer authorization_uri=https:\/\/login\.microsoftonline\.com\/\S+\/oauth2\/authorize resource_id=https:\/\/storage\.azure\.com$/,
    );
    expect(await told("GET", "/pulumi/state", { as: "nobody" })).toBe("401 InvalidAuthenticationInfo");
    expect(await told("GET", "/pulumi/state", { headers: { "x-ms-version": "2017-11-09" } })).toBe(
      "501 NotImplemented",
    );
    expect(await told("GET", "/pulumi/state", { headers: { "x-ms-version": "new" } })).toBe("400 InvalidHeaderValue");
  });

  it("cannot come with the account's key, nor with what it signed", async () => {
    const shared = { headers: { authorization: "SharedKey stentrada1:c2ln" } };
    expect(await told("GET", "/pulumi/state", shared)).toBe("403 KeyBasedAuthenticationNotPermitted");
    const signed = "/pulumi/state?sv=2026-02-06&sr=b&sig=c2ln";
    expect(await told("GET", signed, { as: "" })).toBe("403 KeyBasedAuthenticationNotPermitted");
    expect(await told("GET", `${signed}&skoid=1`, { as: "" })).toBe("501 NotImplemented");
  });

  it("needs a role on data, at the container or above: to own the subscription is not enough", async () => {
    await world.put("state", "1");
    const ana = { as: "ana.lima" };
    const mismatch = "403 AuthorizationPermissionMismatch";
    await world.assign(world.person("ana.lima"), "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", SCOPE);
    const refused = await world.ask("GET", "/pulumi/state", ana);
    expect(refused.text).toContain("<Code>AuthorizationPermissionMismatch</Code>");
    expect(await told("GET", "/pulumi?restype=container&comp=list", ana)).toBe(mismatch);
    expect(await told("GET", "/pulumi?restype=container", ana)).toBe("200");
    await world.assign(world.person("ana.lima"), BLOB_ROLES.reader, SCOPE);
    expect(await told("GET", "/pulumi/state", ana)).toBe("200");
    expect(await told("GET", "/pulumi?restype=container&comp=list", ana)).toBe("200");
    expect(await told("DELETE", "/pulumi/state", ana)).toBe(mismatch);
    expect(await told("PUT", "/pulumi/state?comp=block&blockid=YQ%3D%3D", { ...ana, body: "1" })).toBe(mismatch);
  });
});

it.each([
  ["POST", "/pulumi/state", {}],
  ["GET", "/?comp=list", {}],
  ["GET", "/state", {}],
  ["PUT", "/pulumi?restype=container", {}],
  ["PUT", "/pulumi/state?comp=lease", {}],
  ["GET", "/pulumi/state?versionid=2026-03-02T09:00:00.0000000Z", {}],
  ["GET", "/pulumi?restype=container&comp=list&include=versions", {}],
  ["GET", "/pulumi/state", { "if-modified-since": "Mon, 02 Mar 2026 09:00:00 GMT" }],
  ["DELETE", "/pulumi/state", { "x-ms-lease-id": "1" }],
])("answers 501 to what it does not emulate: %s %s %j", async (method, path, headers) => {
  const answer = await world.ask(method, path, { headers });
  expect(answer.status).toBe(501);
  expect(answer.text).toContain("The sandbox&apos;s Blob Storage does not emulate");
});
