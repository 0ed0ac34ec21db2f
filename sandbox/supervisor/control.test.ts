import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { control, findLeftover } from "./control-client.ts";
import { type ControlServer, startControlServer } from "./control-server.ts";

let server: ControlServer;
beforeEach(async () => {
  server = await startControlServer({
    "GET /hello": () => ({ hello: "you" }),
    "POST /find": (body) => ({ id: `id of ${(body as { urn: string }).urn}` }),
    "POST /fail": () => {
      throw new Error("The disk is full.");
    },
    "POST /quiet": () => undefined,
  });
});
afterEach(() => server.close());

describe("the supervisor's control endpoint", () => {
  it("answers who shows its token", async () => {
    expect(await control({ control: server }, "GET", "/hello")).toEqual({ hello: "you" });
    expect(await control({ control: server }, "POST", "/quiet")).toEqual({});
  });

  it("refuses everybody else", async () => {
    const stranger = { control: { url: server.url, token: "guessed" } };
    await expect(control(stranger, "GET", "/hello")).rejects.toThrow("Wrong control token");
    expect((await fetch(`${server.url}/hello`)).status).toBe(401);
  });

  it("passes a failure on in its own words", async () => {
    await expect(control({ control: server }, "POST", "/fail")).rejects.toThrow("The disk is full.");
  });

  it("has no other routes", async () => {
    await expect(control({ control: server }, "GET", "/fail")).rejects.toThrow("has no GET /fail");
  });

  it("finds leftovers", async () => {
    expect(await findLeftover({ control: server }, { type: "t", urn: "u", inputs: {} })).toBe("id of u");
  });
});
