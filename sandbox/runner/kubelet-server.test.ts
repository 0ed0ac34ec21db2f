import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Authority, openAuthority } from "../network/authority.ts";
import { API_SERVER_AS_CLIENT, type KubeletServer, startKubeletServer } from "./kubelet-server.ts";

let folder: string;
let authority: Authority;
let server: KubeletServer;
let log: string;
let open = false;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "entrada-kubelet-"));
  log = join(folder, "log");
  writeFileSync(log, "one\ntwo\nthree\n");
  open = false;
  authority = await openAuthority(folder);
  server = await startKubeletServer(authority, {
    find: (namespace, pod, container, previous) =>
      `${namespace}/${pod}/${container}/${previous}` === "bi/web-1/main/false"
        ? { path: log, open: () => open }
        : undefined,
  });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function get(
  path: string,
  commonName: string | undefined = API_SERVER_AS_CLIENT,
): Promise<{ status: number; text: string }> {
  const issued =
    commonName === "" ? undefined : await authority.issue({ commonName, dnsNames: [], ipAddresses: [], client: true });
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port: server.port,
        path,
        ca: authority.caPem,
        cert: issued?.certPem,
        key: issued?.keyPem,
        agent: false,
      },
      (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

const LOG = "/containerLogs/bi/web-1/main";

test.each([
  ["", "one\ntwo\nthree\n"],
  ["?tailLines=1", "three\n"],
  ["?tailLines=2", "two\nthree\n"],
  ["?tailLines=9", "one\ntwo\nthree\n"],
  ["?tailLines=0", ""],
  ["?tailLines=2&limitBytes=5", "two\nt"],
])("the log is given with %s", async (query, expected) => {
  expect(await get(LOG + query)).toEqual({ status: 200, text: expected });
});

test("a followed log goes on until the container ends", async () => {
  open = true;
  const whole = get(`${LOG}?follow=true&tailLines=1`);
  setTimeout(() => appendFileSync(log, "four\n"), 300);
  setTimeout(() => {
    appendFileSync(log, "five\n");
    open = false;
  }, 700);
  expect(await whole).toEqual({ status: 200, text: "three\nfour\nfive\n" });
});

test("a followed log that is taken away ends the answer, and not the kubelet", async () => {
  open = true;
  const whole = get(`${LOG}?follow=true`);
  setTimeout(() => rmSync(log), 300);
  expect(await whole).toEqual({ status: 200, text: "one\ntwo\nthree\n" });
  expect((await get(LOG)).status).toBe(404);
});

test.each([
  [`${LOG}?limitBytes=0`, 200, ""],
  ["/containerLogs/bi/%/main", 400, "URI malformed\n"],
])("%s is answered with %d, and the next request as well", async (path, status, text) => {
  expect(await get(path)).toEqual({ status, text });
  expect((await get(LOG)).status).toBe(200);
});

test.each([
  ["/containerLogs/bi/web-2/main", 404, "no such log"],
  [`${LOG}?previous=true`, 404, "no such log"],
  [`${LOG}?timestamps=true`, 400, "keeps no times of lines"],
  ["/exec/bi/web-1/main", 501, "it shows logs"],
])("%s answers %d", async (path, status, text) => {
  const answer = await get(path);
  expect(answer.status).toBe(status);
  expect(answer.text).toContain(text);
});

test("nobody but the API server gets in", async () => {
  expect(await get(LOG, "superset")).toEqual({ status: 403, text: "Only the API server asks here.\n" });
  await expect(get(LOG, "")).rejects.toThrow();
});
