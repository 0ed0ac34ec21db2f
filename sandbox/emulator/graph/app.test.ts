import { beforeEach, describe, expect, it } from "vitest";
import { callsOf } from "../call-log.ts";
import { type GraphWorld, graphWorld, securityGroup } from "./testing.ts";

let world: GraphWorld;
beforeEach(() => {
  world = graphWorld();
});

describe("lists", () => {
  it("come in pages that can be followed to the end", async () => {
    const seen: string[] = [];
    let url: string | undefined = "/users?$top=2&$select=id";
    let pages = 0;
    while (url !== undefined) {
      const { body } = await world.graph("GET", url);
      seen.push(...body.value.map((user: { id: string }) => user.id));
      url = body["@odata.nextLink"]?.replace("https://graph.microsoft.com", "");
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(new Set(seen).size).toBe(5);
  });

  it.each(["$top=0", "$top=1000", "$top=x", "$skiptoken=%00", "$select=nothing", "$filter=nothing eq 1", "$unknown=1"])(
    "refuse ?%s",
    async (query) => {
      expect((await world.graph("GET", `/users?${query}`)).status).toBe(400);
    },
  );

  it.each(["$search=x", "$orderby=displayName", "$expand=manager"])("do not emulate ?%s", async (query) => {
    expect((await world.graph("GET", `/users?${query}`)).status).toBe(501);
  });

  it("count, and take advanced filters, with ConsistencyLevel: eventual only", async () => {
    const eventual = { ConsistencyLevel: "eventual" };
    const query = "/users?$count=true&$filter=displayName ne 'Ana Lima'";
    expect((await world.graph("GET", query)).body.error.code).toBe("Request_UnsupportedQuery");
    expect((await world.graph("GET", query, undefined, "deployer", eventual)).body["@odata.count"]).toBe(4);
    expect((await world.graph("GET", "/users/$count")).status).toBe(400);
    expect((await world.graph("GET", "/users/$count", undefined, "deployer", eventual)).body).toBe(5);
  });
});

describe("requests", () => {
  it("need a token", async () => {
    const { status, headers, body } = await world.graph("GET", "/users", undefined, "");
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toContain("Bearer");
    expect(body.error).toMatchObject({ code: "InvalidAuthenticationToken", innerError: { date: expect.any(String) } });
    expect((await world.graph("GET", "/users", undefined, "nobody")).status).toBe(401);
  });

  it("need a permission", async () => {
    expect((await world.graph("GET", "/users", undefined, "stranger")).body.error.code).toBe(
      "Authorization_RequestDenied",
    );
  });

  it.each([
    ["GET", "/beta/identityGovernance/accessReviews/definitions"],
    ["GET", "/v1.0/directory/deletedItems"],
    ["PUT", "/v1.0/groups"],
    ["GET", "/v2.0/users"],
    ["GET", "/v1.0/users/%E0%A4%A"],
  ])("that nobody emulates are 501: %s %s", async (method, path) => {
    const { status, body } = await world.graph(method, path);
    expect(status).toBe(501);
    expect(body.error.message).toContain(`${method} ${path}`);
  });

  it("with broken JSON are 400", async () => {
    const response = await world.app.request("https://graph.microsoft.com/v1.0/groups", {
      method: "POST",
      headers: { authorization: "Bearer deployer" },
      body: "{",
    });
    expect(response.status).toBe(400);
    expect((await world.graph("POST", "/groups", [])).status).toBe(400);
  });

  it("match their path in any case, and are logged by route", async () => {
    await world.graph("GET", "/USERS/ana.lima@contoso.com");
    await world.graph("GET", "/nowhere");
    expect(callsOf(world.app)).toEqual([
      { method: "GET", route: "/users/:id", callerId: world.deployer.objectId, status: 200 },
      { method: "GET", route: "/v1.0/nowhere", callerId: world.deployer.objectId, status: 501 },
    ]);
  });
});

describe("$batch", () => {
  it("runs requests as the caller, in order, and stops what depends on a failure", async () => {
    const json = { "Content-Type": "application/json" };
    const requests = [
      { id: "1", method: "POST", url: "/groups", headers: json, body: securityGroup("x") },
      { id: "2", method: "GET", url: "/groups?$filter=displayName eq 'x'", dependsOn: ["1"] },
      { id: "3", method: "GET", url: "/groups/00000000-0000-4000-8000-000000000000" },
      { id: "4", method: "GET", url: "/me", dependsOn: ["3"] },
    ];
    const { status, body } = await world.graph("POST", "/$batch", { requests });
    expect(status).toBe(200);
    expect(body.responses.map((response: { status: number }) => response.status)).toEqual([201, 200, 404, 424]);
    expect(body.responses[1].body.value).toHaveLength(1);
  });

  it("takes twenty requests and no more", async () => {
    const requests = Array.from({ length: 21 }, (_, index) => ({ id: `${index}`, method: "GET", url: "/users" }));
    expect((await world.graph("POST", "/$batch", { requests })).status).toBe(400);
  });
});
