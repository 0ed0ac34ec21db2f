import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeKnownImages, knownImage } from "./images.ts";

const digest = `@sha256:${"5f".repeat(32)}`;

describe("knownImage", () => {
  it.each([
    ["contoso.azurecr.io/superset:6.1.0", "Superset 6.1.0 from its Python packages"],
    [`elsewhere.example:5000/data/superset:v6.1.0-2${digest}`, "Superset 6.1.0 from its Python packages"],
    ["contoso.azurecr.io/airflow:3.3.2", "Airflow 3.3.2 from its Python packages"],
    ["contoso.azurecr.io/oauth2-proxy:v7.15.3-alpine", "oauth2-proxy 7.15.3 from its Go module"],
    ["contoso.azurecr.io/reports:1.4.0", "the sample company's reports app 1.4.0"],
  ])("knows %s", (image, what) => expect(knownImage(image)?.what).toBe(what));

  it.each([
    "contoso.azurecr.io/superset:6.1.1",
    "contoso.azurecr.io/superset:6.1.00",
    "contoso.azurecr.io/superset:latest",
    `contoso.azurecr.io/superset${digest}`,
    "contoso.azurecr.io/superset/extra:6.1.0",
    "contoso.azurecr.io/metabase:v1.65.4",
    "",
  ])("knows no %s", (image) => expect(knownImage(image)).toBeUndefined());

  it("lists what can be run", () => {
    const images = describeKnownImages().split(", ");
    expect(images).toEqual(expect.arrayContaining(["superset:6.1.0", "airflow:3.3.2", "oauth2-proxy:7.15.3"]));
    for (const image of images) expect(knownImage(`contoso.azurecr.io/${image}`)).toBeDefined();
  });
});

describe("the reports app", () => {
  let app: ChildProcess;
  let base: string;
  const author = {
    "x-forwarded-user": "oid",
    "x-forwarded-preferred-username": "ana.lima@contoso.com",
    "x-forwarded-email": "ana.lima@contoso.com",
    "x-forwarded-groups": "Author,Reader",
  };
  const ask = (path: string, init: RequestInit = {}) => fetch(`${base}${path}`, { headers: author, ...init });

  beforeAll(async () => {
    const program = await knownImage("contoso.azurecr.io/reports:1.4.0")?.prepare({});
    const folder = program?.binds.find(({ to }) => to === "/app")?.from ?? "";
    app = spawn(process.execPath, [`${folder}/server.mjs`], {
      env: { PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (!app.stdout) throw new Error("it says nothing");
    const [line] = (await once(createInterface(app.stdout), "line")) as [string];
    base = `http://127.0.0.1:${/\d+$/.exec(line)?.[0]}`;
  });
  afterAll(async () => {
    const ended = once(app, "exit");
    app.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });

  it("greets who is there, on every report, and writes no foreign HTML", async () => {
    expect(await (await ask("/")).text()).toContain("Hello ana.lima@contoso.com");
    const report = await (await ask("/reports/%3Cb%3Enightly")).text();
    expect(report).toContain("Report &lt;b&gt;nightly");
    expect(report).toContain('<span id="roles">Author, Reader</span>');
    expect((await ask("/other")).status).toBe(404);
  });

  it("says what it was told", async () => {
    expect(await (await ask("/api/me")).json()).toMatchObject({
      user: "oid",
      email: "ana.lima@contoso.com",
      groups: ["Author", "Reader"],
      headers: { "x-forwarded-groups": "Author,Reader" },
    });
  });

  it("lets authors publish, from its own pages alone", async () => {
    const publish = (headers: Record<string, string>) =>
      ask("/api/reports", { method: "POST", headers: { ...author, ...headers } }).then(({ status }) => status);
    expect(await publish({})).toBe(201);
    expect(await publish({ origin: "https://evil.example" })).toBe(403);
    expect(await publish({ "x-forwarded-groups": "Reader" })).toBe(403);
  });

  it("answers nobody who did not come through the proxy, but for the probe", async () => {
    expect((await ask("/", { headers: {} })).status).toBe(401);
    expect((await ask("/health", { headers: {} })).status).toBe(200);
  });
});
