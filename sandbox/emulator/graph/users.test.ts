import { beforeEach, describe, expect, it } from "vitest";
import { NOWHERE, TENANT } from "../testing.ts";
import { type GraphWorld, graphWorld, reference, securityGroup } from "./testing.ts";

let world: GraphWorld;
beforeEach(() => {
  world = graphWorld();
});

const newUser = (name: string, more: Record<string, unknown> = {}) => ({
  accountEnabled: true,
  displayName: name,
  mailNickname: name,
  userPrincipalName: `${name}@contoso.com`,
  passwordProfile: { password: "Contoso-test-1", forceChangePasswordNextSignIn: true },
  ...more,
});

describe("users", () => {
  it("are found by name in every form", async () => {
    const names = async (filter: string) => {
      const { body } = await world.graph("GET", `/users?$filter=${encodeURIComponent(filter)}&$select=displayName`);
      return body.value.map((user: { displayName: string }) => user.displayName).sort();
    };
    expect(await names("userPrincipalName eq 'Ana.Lima@contoso.com'")).toEqual(["Ana Lima"]);
    expect(await names("userPrincipalName in ('ana.lima@contoso.com','jon.berg@contoso.com')")).toEqual([
      "Ana Lima",
      "Jon Berg",
    ]);
    expect(await names("userPrincipalName eq 'ana.lima@contoso.com' or mail eq 'gus@fabrikam.com'")).toEqual([
      "Ana Lima",
      "Gus Guest",
    ]);
    expect(await names("startswith(displayName,'m')")).toEqual(["Mia Chen"]);
  });

  it("are read by name, a guest's too, with fewer properties in v1.0 than in beta", async () => {
    const { body } = await world.graph(
      "GET",
      `/users/${encodeURIComponent("gus_fabrikam.com#EXT#@contoso.onmicrosoft.com")}`,
    );
    expect(body).toMatchObject({ displayName: "Gus Guest", mail: "gus@fabrikam.com" });
    expect(body).not.toHaveProperty("accountEnabled");
    const beta = await world.graph("GET", "/beta/users/lea.ver@contoso.com");
    expect(beta.body).toMatchObject({ accountEnabled: false, userType: "Member" });
    expect(beta.body).not.toHaveProperty("seededAs");
  });

  it("are created, changed and deleted with what refers to them", async () => {
    const { status, body } = await world.graph("POST", "/users", newUser("tom"), "admin");
    expect(status).toBe(201);
    expect(JSON.stringify(world.context.store.data)).not.toContain("Contoso-test-1");
    const group = (await world.graph("POST", "/groups", securityGroup("x"))).body.id;
    await world.graph("POST", `/groups/${group}/members/$ref`, reference(body.id));
    expect((await world.graph("PATCH", `/users/${body.id}`, { jobTitle: "Analyst" }, "admin")).status).toBe(204);
    expect((await world.graph("DELETE", `/users/${body.id}`, undefined, "admin")).status).toBe(204);
    expect((await world.graph("GET", `/groups/${group}/members`)).body.value).toEqual([]);
  });

  it("are found by their new name after a change, and by no name after their end", async () => {
    const named = async (name: string) => {
      const filter = encodeURIComponent(`userPrincipalName eq '${name}'`);
      const { body } = await world.graph("GET", `/users?$filter=${filter}&$select=id`);
      return body.value.map((user: { id: string }) => user.id);
    };
    const { id } = (await world.graph("POST", "/users", newUser("tom"), "admin")).body;
    expect(await named("tom@contoso.com")).toEqual([id]);
    await world.graph("PATCH", `/users/${id}`, { userPrincipalName: "tim@contoso.com" }, "admin");
    expect(await named("TIM@contoso.com")).toEqual([id]);
    expect(await named("tom@contoso.com")).toEqual([]);
    const next = (await world.graph("POST", "/users", newUser("tom"), "admin")).body.id;
    expect(await named("tom@contoso.com")).toEqual([next]);
    await world.graph("DELETE", `/users/${id}`, undefined, "admin");
    expect(await named("tim@contoso.com")).toEqual([]);
    expect((await world.graph("GET", "/users/tim@contoso.com")).status).toBe(404);
  });

  it("need a free name in a verified domain, and User.ReadWrite.All", async () => {
    const wrong = await world.graph("POST", "/users", newUser("x", { userPrincipalName: "x@fabrikam.com" }), "admin");
    expect(wrong.body.error.message).toContain("verified domain");
    const taken = await world.graph("POST", "/users", newUser("ana.lima"), "admin");
    expect(taken.body.error.message).toContain("userPrincipalName already exists");
    expect((await world.graph("POST", "/users", newUser("y"))).status).toBe(403);
  });

  it("read themselves as /me; an application cannot", async () => {
    expect((await world.graph("GET", "/me", undefined, "ana")).body.displayName).toBe("Ana Lima");
    expect((await world.graph("POST", "/me/getMemberObjects", {}, "ana")).body.value).toEqual([]);
    expect((await world.graph("GET", `/users/${world.person("jon.berg")}`, undefined, "ana")).status).toBe(403);
    expect((await world.graph("GET", "/me")).body.error.message).toContain("delegated");
    const info = await world.graph("GET", "/oidc/userinfo", undefined, "ana");
    expect(info.body.sub).toEqual(expect.any(String));
  });
});

describe("directory objects", () => {
  it("are told apart by their type", async () => {
    const ana = world.person("ana.lima");
    const user = await world.graph("GET", `/directoryObjects/${ana}`);
    expect(user.body["@odata.type"]).toBe("#microsoft.graph.user");
    const ids = [ana, world.deployer.objectId, NOWHERE];
    const all = await world.graph("POST", "/directoryObjects/getByIds", { ids });
    expect(all.body.value).toHaveLength(2);
    const users = await world.graph("POST", "/directoryObjects/getByIds", { ids, types: ["user"] });
    expect(users.body.value.map((object: { id: string }) => object.id)).toEqual([ana]);
    expect((await world.graph("GET", `/directoryObjects/${NOWHERE}`)).status).toBe(404);
    expect((await world.graph("GET", "/directoryObjects/not-an-id")).status).toBe(400);
  });

  it("end with the organization and its domains", async () => {
    expect((await world.graph("GET", "/organization", undefined, "admin")).body.value[0].id).toBe(TENANT);
    const domains = await world.graph("GET", "/domains", undefined, "admin");
    expect(domains.body.value.map((domain: { id: string }) => domain.id).sort()).toEqual([
      "contoso.com",
      "contoso.onmicrosoft.com",
    ]);
  });
});
